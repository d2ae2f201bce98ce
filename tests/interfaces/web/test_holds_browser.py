"""Held orders in a real browser: found and released by keyboard only, read with the eyes of axe."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import BROWSER, Served, assert_pages_fit, serving

pytestmark = BROWSER
LONG = "Société Générale des Emballages Réunis du Nord et de la Picardie Orientale S.A."


def day(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


def _write_books(folder: Path) -> list[str]:
    """A family that shares a limit, some of it late, and five orders of which three wait."""
    files = {
        "customers": [
            "customer_id,name,currency,credit_limit,parent_id",
            f"ALDER,{LONG},EUR,50000.00,",
            "BIRCH,Birch & Sons,EUR,,ALDER",
        ],
        "items": [
            "kind,number,customer_id,currency,issued_on,due_on,amount",
            f"invoice,INV-1,ALDER,EUR,{day(-20)},{day(10)},31000.00",
            f"invoice,INV-2,BIRCH,EUR,{day(-60)},{day(-30)},250.00",
        ],
        "payments": [
            "payment_id,customer_id,currency,received_on,amount",
            f"P-1,ALDER,EUR,{day(-3)},2000.00",
        ],
        "orders": [
            "order_ref,customer_id,currency,amount,ordered_on,prepaid",
            f"SO-1041,ALDER,EUR,9000.00,{day(-1)},",
            f"SO-1042,ALDER,EUR,13500.00,{day(0)},",
            f"SO-1043,BIRCH,EUR,700.00,{day(0)},",
            f"SO-1044,ALDER,EUR,19000.00,{day(0)},",
        ],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("holding"), _write_books) as found:
        yield found


def test_pages_fit_every_screen_and_axe_finds_nothing(open_page) -> None:
    assert_pages_fit(open_page, ["/credit/holds/", "/credit/holds/1/", "/credit/holds/2/"])


def test_an_order_is_released_by_keyboard_only(open_page) -> None:
    page = open_page("/credit/holds/")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order SO-1042")
    page.get_by_text("Open items").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="BIRCH")).to_be_visible()
    page.get_by_label("Why it may go").focus()
    page.keyboard.type("The transfer was shown to us today")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Order SO-1042 is released.")).to_be_visible()
    expect(page.get_by_text("Released: The transfer was shown to us today")).to_be_visible()
    page.goto(page.url.split("/credit/")[0] + "/credit/holds/")
    expect(page.locator("tbody tr")).to_have_count(2)
