"""A plan in a real browser: proposed, signed on a phone by the customer, and missed."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import (
    BROWSER,
    Served,
    assert_pages_fit,
    part_comes,
    serving,
    violations,
)

pytestmark = BROWSER
TODAY = datetime.now(UTC).date()


def _write_books(folder: Path) -> list[str]:
    (folder / "customers.csv").write_text("customer_id,name\nC1,Meridian Foods GmbH\n")
    names = "kind,number,customer_id,currency,issued_on,due_on,amount"
    rows = [
        f"invoice,I-{late},C1,EUR,{TODAY - timedelta(days=late + 30)},"
        f"{TODAY - timedelta(days=late)},{amount}"
        for late, amount in ((60, "9600.00"), (30, "14400.00"))
    ]
    (folder / "items.csv").write_text("\n".join([names, *rows]) + "\n")
    return [str(folder / name) for name in ("customers.csv", "items.csv")]


def _duly(served: Served, *arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "duly", *map(str, arguments)],
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("plans"), _write_books) as running:
        _duly(running, "user", "add", "max@firm.example", "--name", "Max", "--role", "manager")
        yield running


def test_a_plan_is_proposed_signed_by_the_customer_and_missed(
    open_page, served: Served, browser
) -> None:
    page = open_page("/customers/1/plans/")
    page.get_by_role("link", name="New plan").click()
    page.wait_for_load_state()
    with part_comes(page):
        page.get_by_label("Interest, % a period").fill("1")
    payments = page.locator("#payments")
    expect(payments).to_contain_text("3,312.93")
    expect(payments).to_contain_text("interest 677.57")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan 1: Meridian Foods GmbH")
    expect(page.get_by_text("You proposed it: another person approves.")).to_be_visible()
    _duly(served, "plan", "approve", "1", "--user", "max@firm.example")
    page.reload()
    page.wait_for_load_state()
    page.get_by_role("button", name="Write the agreement").click()
    address = page.locator(".plan-link a").get_attribute("href")

    phone = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    theirs = phone.new_page()
    theirs.goto(served.address + address)
    assert violations(theirs) == []
    theirs.get_by_label("Your full name").fill("Ida Quay")
    theirs.get_by_label("Your title").fill("Director")
    theirs.get_by_label("I have read the agreement").check()
    theirs.get_by_role("button", name="Sign the agreement").click()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Next: EUR 4,800.00")
    assert violations(theirs) == []
    assert theirs.evaluate("document.documentElement.scrollWidth") <= 390

    _duly(served, "plan", "judge", "--on", TODAY + timedelta(days=4))
    page.reload()
    expect(page.locator(".page-head").get_by_text("Defaulted")).to_be_visible()
    _duly(served, "plan", "judge", "--on", TODAY + timedelta(days=6))
    page.reload()
    expect(page.locator(".page-head").get_by_text("Whole balance due")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("The whole balance is due")
    phone.close()


def test_the_pages_fit_and_axe_finds_nothing(open_page) -> None:
    assert_pages_fit(
        open_page, ("/plans/", "/plans/1/", "/customers/1/plans/", "/customers/1/plans/new/")
    )
