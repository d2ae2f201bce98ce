"""The frame in a real browser, served by `duly up` itself from a home of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.interfaces.web.browsing import (
    BROWSER,
    Served,
    assert_pages_fit,
    serving,
    violations,
)

pytestmark = BROWSER


def _write_books(folder: Path) -> list[str]:
    today = datetime.now(UTC).date()
    rows = ["kind,number,customer_id,currency,issued_on,due_on,amount"]
    for number in range(40):
        due = today - timedelta(days=number * 4 - 30)
        rows.append(
            f"invoice,INV-{number},C{number % 12},{'EUR' if number % 5 else 'JPY'},"
            f"{due - timedelta(days=30)},{due},{1000 + number * 37}"
        )
    customers = ["customer_id,name,country"]
    customers += [
        f"C{n},{'Meridian Foods' if n == 0 else f'Firm Number {n}'},DE" for n in range(12)
    ]
    for name, lines in (("customers", customers), ("items", rows)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / "customers.csv"), str(folder / "items.csv")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("up"), _write_books) as one:
        yield one


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, ("/", "/account/", "/find/?q=meridian"))


def test_the_overview_draws_its_parts(open_page) -> None:
    page = open_page("/")
    page.locator("svg.columns rect").first.wait_for()
    page.locator("table.most-late").wait_for()
    assert page.locator("svg.columns text", has_text="today").count() == 1


def test_the_palette_finds_and_opens_by_keys_alone(open_page) -> None:
    page = open_page("/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find or do")
    palette.wait_for()
    page.keyboard.type("meridian")
    page.get_by_role("option", name="Meridian Foods").wait_for()
    assert violations(page) == []
    field = page.get_by_role("combobox")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    palette.wait_for(state="hidden")
    page.keyboard.press("Control+k")
    page.keyboard.type("account")
    page.get_by_role("option", name="Your account").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")


def test_single_keys_act_outside_fields_and_can_be_switched_off(open_page) -> None:
    page = open_page("/account/")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.get_by_role("heading", name="Overview").wait_for()
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    keys.wait_for()
    assert violations(page) == []
    page.get_by_label("Switch single keys off on this machine").check()
    page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    page.keyboard.press("?")
    assert not keys.is_visible()
    page.reload(wait_until="networkidle")
    page.keyboard.press("?")
    assert not keys.is_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog", name="Find or do").wait_for()


def test_the_theme_goes_round_and_stays(open_page) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.get_by_role("button", name="Theme: dark").wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Theme: dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme ?? 'auto'") == "auto"


def test_the_first_tab_skips_to_the_page(open_page) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_phone_has_the_same_places_at_its_foot(open_page) -> None:
    page = open_page("/", 390)
    foot = page.get_by_role("navigation", name="Work, on a phone")
    assert foot.get_by_role("link", name="Cash").is_visible()
    assert not page.locator("aside.rail").is_visible()
    foot.get_by_role("button", name="Find").click()
    page.get_by_role("dialog", name="Find or do").wait_for()


def test_a_refusal_in_a_part_becomes_a_toast(open_page) -> None:
    page = open_page("/")
    told = {"text": "That is booked already.", "remedy": "Open it.", "tone": "bad"}
    page.evaluate(
        "told => document.dispatchEvent(new CustomEvent('duly:toast', {detail: told}))", told
    )
    toast = page.locator("[role=status] .toast", has_text="That is booked already. Open it.")
    toast.wait_for()
    assert violations(page) == []
    toast.get_by_role("button", name="Close").click()
    toast.wait_for(state="detached")


def test_interrupted_it_ends_both_web_app_and_worker(served: Served) -> None:
    """Last, because it ends what the others use."""
    taken = subprocess.run(
        [sys.executable, "-m", "duly", "up", "--port", served.address.rsplit(":", 1)[1]],
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert taken.returncode == 4
    assert "ADDRESS_TAKEN" in taken.stderr
    served.process.send_signal(signal.SIGINT)
    rest, _ = served.process.communicate(timeout=30)
    assert served.process.returncode == 0, rest
    assert rest.strip().endswith("Ended.")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(served.address.rsplit(":", 1)[1]))) != 0
