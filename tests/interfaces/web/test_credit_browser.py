"""Credit in a real browser: an analyst decides by keyboard, is refused, and sends on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import (
    BROWSER,
    Served,
    _duly,
    assert_pages_fit,
    serving,
    violations,
)

from applying import application

pytestmark = BROWSER

LONG = "Société Générale des Emballages Réunis du Nord et de la Picardie Orientale"
PLACES = (
    "/credit/",
    "/credit/?state=all",
    "/credit/requests/1/",
    "/credit/requests/2/?verdict=approve_secured",
    "/credit/requests/2/?verdict=decline",
    "/credit/requests/4/",
    "/credit/requests/4/memo/",
    "/credit/proposed/",
)


def _write_books(folder: Path) -> list[str]:
    rows = "customer_id,name,country,currency,credit_limit\nC1,Ostler Brewing,GB,EUR,2000\n"
    (folder / "customers.csv").write_text(rows)
    return [str(folder / "customers.csv")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("credit")
    with serving(folder, _write_books) as one:
        for role in ("sales", "analyst", "manager"):
            _duly(one.environment, "user", "add", f"{role}@example.org", "--name",
                  f"{role.title()} One", "--role", role)  # fmt: skip
        for number, (amount, name, who) in enumerate(
            (
                ("9,000.00", "Ostler Brewing Ltd", "sales"),
                ("60,000.00", LONG, "sales"),
                ("1,000.00", "Small Prints Ltd", "analyst"),
                ("2,000.00", "Decided Prints Ltd", "sales"),
            )
        ):
            told = application(legal_name=name, amount=amount, currency="EUR")
            # Firms of their own: what one was granted counts for whoever has its numbers.
            told |= {"registration_number": f"SC12345{number}"}
            del told["tax_id"], told["bank_account"]
            (folder / "asked.json").write_text(json.dumps(told))
            _duly(one.environment, "credit", "request", str(folder / "asked.json"), "--user",
                  f"{who}@example.org")  # fmt: skip
        decide = ("credit", "decide", "CR-0004", "--approve", "1500", "--reason", "Young")
        more = ("--condition", "Bank reference", "--user", "manager@example.org")
        _duly(one.environment, *decide, *more)
        _duly(one.environment, "credit", "limits", "propose", "C1", "3000", "EUR", "--reason",
              "On time", "--user", "manager@example.org")  # fmt: skip
        yield one


@pytest.fixture(scope="module")
def signed_in(served: Served, browser) -> dict:
    """The session of the analyst."""
    told = _duly(served.environment, "user", "link", "analyst@example.org")
    page = browser.new_page()
    page.goto(f"{served.address}/enter/{told.split()[-1].rsplit('/', 1)[1]}")
    page.get_by_role("button", name="Open duly").click()
    page.wait_for_url(f"{served.address}/")
    state = page.context.storage_state()
    page.close()
    return state


def test_an_analyst_decides_by_keyboard_only(open_page) -> None:
    page = open_page("/credit/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ostler Brewing Ltd asks for")
    page.wait_for_load_state()  # keys work once scripts ran
    page.keyboard.press("a")
    page.wait_for_url("**/?verdict=approve#decide")
    page.get_by_label("Reason, kept with the decision").focus()
    page.keyboard.type("Pays others on time")
    page.get_by_role("button", name="Approve", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("CR-0001 is approved")
    expect(page.get_by_role("heading", name="Decision")).to_be_visible()
    assert violations(page) == []


def test_above_authority_goes_on_and_own_work_is_refused(open_page) -> None:
    page = open_page("/credit/requests/2/?verdict=approve")
    page.get_by_label("Reason, kept with the decision").fill("Large and old")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is above your authority of EUR 10000.00")
    assert violations(page) == []
    page.get_by_role("button", name="Send to a director").click()
    expect(page.locator("[data-toast]")).to_contain_text("waits for a director now")
    expect(page.get_by_text("Sent to a director, would grant")).to_be_visible()
    page = open_page("/credit/requests/3/?verdict=approve")
    page.get_by_label("Reason, kept with the decision").fill("My own")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("can't be who approves it")


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, PLACES)
