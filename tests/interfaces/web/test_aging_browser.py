"""The aging in a real browser: a past date is read and a number opened to its items."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.interfaces.web.browsing import (
    BROWSER,
    Served,
    assert_pages_fit,
    serving,
    violations,
)

pytestmark = BROWSER

TODAY = datetime.now(UTC).date()


def _write_books(folder: Path) -> list[str]:
    """60 customers in three currencies; part payments, a credit note, money of an unknown payer."""

    def ago(days: int) -> str:
        return (TODAY - timedelta(days=days)).isoformat()

    files: dict[str, list[str]] = {
        "customers": ["customer_id,name,country,parent_id"],
        "items": ["kind,number,customer_id,currency,issued_on,due_on,amount"],
        "payments": ["payment_id,customer_id,currency,received_on,amount"],
        "applications": ["payment_id,item_number,customer_id,amount,applied_on"],
    }
    for n in range(60):
        name = "Société Générale des Emballages Réunis" if n == 3 else f"Firm Number {n}"
        files["customers"].append(f"C{n},{name},DE,{'C0' if n in (1, 2) else ''}")
    for n in range(180):
        currency = "JPY" if n % 60 == 7 else "KWD" if n % 60 == 8 else "EUR"
        late = n % 130 - 25
        files["items"].append(
            f"invoice,INV-{n},C{n % 60},{currency},{ago(late + 30)},{ago(late)},{500 + n * 7}"
        )
        if n % 3 == 0:
            files["payments"].append(f"PAY-{n},C{n % 60},{currency},{ago(4)},{400 + n * 7}")
            files["applications"].append(f"PAY-{n},INV-{n},C{n % 60},{390 + n * 7},{ago(3)}")
    files["items"].append(f"credit_note,CN-1,C5,EUR,{ago(20)},{ago(20)},75.50")
    files["payments"].append(f"PAY-X,,EUR,{ago(12)},11.26")
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / f"{name}.csv") for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("aging"), _write_books) as one:
        yield one


PLACES = (
    "/aging/",
    "/aging/?by=currency",
    f"/aging/?on={TODAY - timedelta(days=40)}&by=parent&buckets=10,20,30,60,120,240",
    "/aging/?known=then&on=2020-01-01",
    "/items/",
    "/items/?currency=EUR&bucket=2",
    "/documents/1/",
    "/payments/1/",
)


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, PLACES)


def _amount(locator) -> Decimal:
    return Decimal(locator.locator("data.money").first.get_attribute("value"))


def test_the_aging_of_a_past_date_is_read_and_a_number_opened_to_its_items(open_page) -> None:
    page = open_page("/aging/")
    today = _amount(page.locator(".figures .lead dd"))
    past = TODAY - timedelta(days=10)
    page.get_by_label("As of", exact=True).fill(past.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**/aging/?*on={past.isoformat()}*")
    page.locator(".cert code.command").wait_for()
    assert f"--on {past.isoformat()}" in page.locator(".cert").inner_text()
    assert "It ties out" in page.locator(".cert").inner_text()
    assert _amount(page.locator(".figures .lead dd")) != today
    total = page.locator("table.aged tfoot td.num").nth(2)
    figure = _amount(total)
    assert figure > 0
    total.get_by_role("link").click()
    page.get_by_role("heading", name="Items 31–60 days late").wait_for()
    amounts = page.locator("table.items-table tbody td.r-amt").all()
    assert sum(_amount(cell) for cell in amounts) == figure
    assert _amount(page.locator("table.items-table tfoot td.r-amt")) == figure
    assert "They add up to the figure" in page.locator(".cert").inner_text()
    page.locator("table.items-table tbody th a").first.click()
    page.get_by_role("heading", level=1, name="Invoice INV-").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Items 31–60 days late").wait_for()


def test_the_day_is_stepped_by_keys_and_the_address_follows(open_page) -> None:
    page = open_page("/aging/")
    on = page.get_by_label("As of", exact=True)
    page.keyboard.press(",")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    page.wait_for_url(f"**on={yesterday}*")
    expect(on).to_have_value(yesterday)
    assert page.evaluate("document.activeElement.id") == "day-before", "focus stays"
    page.keyboard.press(",")
    before = (TODAY - timedelta(days=2)).isoformat()
    expect(on).to_have_value(before)
    page.keyboard.press(".")
    expect(on).to_have_value(yesterday)
    page.keyboard.press("t")
    expect(on).to_have_value(TODAY.isoformat())
    page.go_back()
    expect(on).to_have_value(yesterday)


def test_of_two_keys_pressed_at_once_the_last_one_counts(open_page) -> None:
    """Not: the answer to the first takes away the place where the second's would stand."""
    page = open_page(f"/aging/?on={TODAY - timedelta(days=2)}")
    page.keyboard.press(",")
    page.keyboard.press("t")
    expect(page.get_by_label("As of", exact=True)).to_have_value(TODAY.isoformat())
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("As of", exact=True)).to_have_value(TODAY.isoformat())


def test_groupings_buckets_and_currency_are_chosen_on_the_page(open_page) -> None:
    page = open_page("/aging/")
    page.get_by_role("link", name="Parent", exact=True).click()
    page.get_by_role("heading", name="By parent").wait_for()
    page.get_by_label("Buckets end after").fill("15, 45")
    page.get_by_role("button", name="Set", exact=True).click()
    page.get_by_role("columnheader", name="16–45").wait_for()
    assert page.get_by_role("heading", name="By parent").is_visible(), "the grouping is kept"
    page.get_by_label("Currency").select_option("JPY")
    page.get_by_text("Open, net · JPY").wait_for()
    page.get_by_role("columnheader", name="16–45").wait_for()
    page.get_by_role("link", name="By invoice date").click()
    page.get_by_role("columnheader", name="0–15 days").wait_for()
    page.get_by_role("link", name="Currency", exact=True).click()
    page.get_by_role("heading", name="By currency").wait_for()
    page.locator("table.tied").wait_for()


def test_rows_are_walked_and_paged_by_keys(open_page) -> None:
    page = open_page("/aging/?by=parent")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("table.aged tbody th a").nth(1)
    assert second.evaluate("a => a === document.activeElement")
    name = second.inner_text()
    page.keyboard.press("Enter")
    page.get_by_text(f"{name} and everyone under it").wait_for()
    page = open_page("/aging/")
    first = page.locator("table.aged tbody th").first.inner_text()
    page.keyboard.press("n")
    page.get_by_text("From row 51.").wait_for()
    page.keyboard.press("p")
    page.get_by_text("From row 1.").wait_for()
    assert page.locator("table.aged tbody th").first.inner_text() == first


def test_the_files_hold_the_rows_on_the_screen(open_page, tmp_path: Path) -> None:
    page = open_page("/aging/?by=parent")
    shown = page.locator("table.aged tbody th").all_inner_texts()
    for name, suffix in (("CSV", ".csv"), ("XLSX", ".xlsx")):
        page.locator("details.export summary").click()
        with page.expect_download() as started:
            page.get_by_role("link", name=name, exact=True).click()
        path = tmp_path / f"aging{suffix}"
        started.value.save_as(path)
        if suffix == ".csv":
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        else:
            rows = [list(row) for row in load_workbook(path).active.values]
        assert [row[1] for row in rows[1:]][: len(shown)] == shown
        page.keyboard.press("Escape")


def test_the_keys_of_the_page_are_told(open_page) -> None:
    page = open_page("/aging/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.wait_for()
    assert "Day before, day after" in keys.inner_text()
    assert violations(page) == []
