"""Rules of law in a real browser: a level changed by keyboard only, read with the eyes of axe."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import BROWSER, Served, assert_pages_fit, serving

pytestmark = BROWSER

COMMANDS = (
    ("laws", "debtor", "C1", "--kind", "consumer", "--place", "US-NY"),
    ("call", "add", "C1", "--outcome", "reached"),
    ("laws", "level", "US-REC", "inform", "--reason", "We record nothing: counsel, 3 March."),
)


def _write_books(folder: Path) -> list[str]:
    """A customer to call."""
    path = folder / "customers.csv"
    path.write_text("customer_id,name,country,currency\nC1,Meridian Foods,US,USD\n")
    return [str(path)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("laws"), _write_books) as found:
        for command in COMMANDS:
            subprocess.run(
                [sys.executable, "-m", "duly", *command],
                env=found.environment,
                check=True,
                capture_output=True,
            )
        yield found


def test_pages_fit_every_screen_and_axe_finds_nothing(open_page) -> None:
    addresses = ("/laws/", "/laws/?place=DE", "/laws/US-547/", "/laws/US-REC/")
    assert_pages_fit(open_page, [*addresses, "/customers/1/acts/call/"])


def test_a_level_is_changed_by_keyboard_only(open_page) -> None:
    page = open_page("/laws/?what=frequency")
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("US-REGF-7")
    page.get_by_label("Why").focus()
    page.keyboard.type("Counsel of 3 March.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is changed, with its reason")).to_be_visible()
    expect(page.get_by_text("Counsel of 3 March.")).to_be_visible()
