"""An analyst spreads a statement by keyboard alone; the pages fit and axe finds nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import BROWSER, Served, assert_pages_fit, serving
from tests.rules.credit.companies import A_BEFORE, A

from duly.credit.rules.statement_lines import LINES

pytestmark = BROWSER


def _write_books(folder: Path) -> list[str]:
    path = folder / "customers.csv"
    path.write_text("customer_id,name,currency\nC1,Meridian Foods,GBP\n")
    return [str(path)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("spreading"), _write_books) as one:
        yield one


def _tab_to(page, name: str) -> None:
    for _ in range(120):
        if page.evaluate("document.activeElement.id || document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {name}")


def _type_year(page, figures: dict[str, int]) -> None:
    """Down a year: figures and Enter alone."""
    for line in LINES:
        page.keyboard.type(f"{figures[line.id]:,}" if line.id in figures else "")
        page.keyboard.press("Enter")


PASTED = """text => {
  const data = new DataTransfer();
  data.setData("text", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_an_analyst_spreads_by_keyboard_alone(open_page) -> None:
    page = open_page("/customers/1/financials/")
    page.keyboard.press("s")
    page.wait_for_url("**/spread/")
    _tab_to(page, "unit")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    _tab_to(page, "firm_kind")
    page.keyboard.type("Private, makes g")
    _tab_to(page, "assurance")
    page.keyboard.type("Aud")
    _tab_to(page, "year_end-0")
    for day in ("2025-12-31", "2024-12-31", "2023-12-31"):
        page.keyboard.press("Control+A")
        page.keyboard.type(day)
        page.keyboard.press("Tab")
    _tab_to(page, "cash-0")
    _type_year(page, A | {"equity": 1999})
    _type_year(page, A_BEFORE)
    held = page.locator("#held")
    expect(held).to_have_text("2025 assets are liabilities and equity: off by 1")
    assert page.evaluate("document.activeElement.id") == "cash-2"
    page.evaluate(PASTED, "195\n850\n740\n2,050\n")
    expect(page.locator("#current_assets-2")).to_have_value("2,050")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    for _ in range(11):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "equity-0"
    page.keyboard.type("2,000")
    expect(held).to_have_text("What is typed adds up")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/financials/")
    expect(page.locator(".lede")).to_contain_text("2.48, grey")
    assert_pages_fit(open_page, ("/customers/1/financials/", "/customers/1/financials/spread/"))
