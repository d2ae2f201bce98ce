"""Cash in a real browser: a statement read, five lines applied by Enter, one carved out, undone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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

pytestmark = BROWSER

TODAY = datetime.now(UTC).date()
NAMES = ("Alder Foods", "Baltic Steel", "Cobalt Paper", "Ember Textiles", "Falcon Tools",
         "Juniper Optics", "Kestrel Marine", "Lumen Glass")  # fmt: skip
SHORT = 7  # of whom ten are kept back


def _ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def _write_books(folder: Path) -> list[str]:
    """Eight customers, of whom each owes two invoices."""
    customers = ["customer_id,name,country,currency"]
    items = ["kind,number,customer_id,currency,issued_on,due_on,amount"]
    for n, name in enumerate(NAMES):
        customers.append(f"C{n},{name},DE,EUR")
        for m in (1, 2):
            amount = 100 * (n + 1) + 7 * m
            items.append(f"invoice,RE-{n}70{m},C{n},EUR,{_ago(40)},{_ago(10)},{amount}.00")
    for name, lines in (("customers", customers), ("items", items)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / f"{name}.csv") for name in ("customers", "items")]


def _statement(folder: Path) -> str:
    """A line for the first invoice of each, in the order of their days; and one of a stranger."""
    total, lines = 1000 * 100, []
    for n, name in enumerate(NAMES):
        paid = (100 * (n + 1) + 7 - (10 if n == SHORT else 0)) * 100
        total += paid
        day = TODAY - timedelta(days=9 - n)
        lines.append(
            f":61:{day:%y%m%d%m%d}C{paid // 100},00NTRFNONREF//B{n}\n"
            f":86:166?00GUTSCHRIFT?20RE-{n}701?32{name.upper()}"
        )
    first, last = TODAY - timedelta(days=10), TODAY - timedelta(days=1)
    text = (
        f":20:ST1\n:25:37040044/0532013000\n:28C:00001/001\n:60F:C{first:%y%m%d}EUR1000,00\n"
        + "\n".join(lines)
        + f"\n:62F:C{last:%y%m%d}EUR{total // 100},00\n-\n"
    )
    path = folder / "morning.sta"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("cash"), _write_books) as one:
        yield one


def _name(page) -> str:  # noqa: ANN001
    return page.locator('.worklist .item[aria-current="true"] .name').inner_text()


def test_a_statement_is_read_and_worked_on_by_keyboard_only(open_page, tmp_path: Path) -> None:
    page = open_page("/import/")
    page.get_by_label("Drop files here, or choose them").set_input_files(_statement(tmp_path))
    page.wait_for_url("**/import/files/*/")
    page.get_by_role("button", name=re.compile("^Import ")).click()
    page.get_by_role("heading", name="It is in the books").wait_for()
    expect(page.get_by_role("button", name=re.compile("^Match now"))).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/cash/")
    expect(page.locator(".lede")).to_contain_text("8 lines ask you")
    assert violations(page) == []
    seen = []
    for _ in range(5):
        name = _name(page)
        expect(page.locator("#item .payer h3")).to_contain_text(name.title())
        seen.append(name)
        page.keyboard.press("Enter")
        expect(page.locator("[data-toast]")).to_contain_text(f"of {name.title()} is applied.")
        expect(page.locator('.worklist .item[aria-current="true"] .name')).not_to_have_text(name)
        expect(page.locator("#item")).not_to_have_attribute("aria-busy", "true")
    assert len(set(seen)) == 5
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#item .payer h3")).to_contain_text(NAMES[SHORT])
    expect(page.locator("#item")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-amount=short]")).to_have_text("10.00")
    page.keyboard.press("c")
    expect(page.locator("#reason")).to_be_focused()
    page.locator("#reason").select_option("damage")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("10.00 is carved out as a deduction.")
    page.keyboard.press("u")
    page.wait_for_url("**/cash/?at=*")
    expect(page.locator("[data-toast]")).to_contain_text("is taken back")
    expect(page.locator("#item .payer h3")).to_contain_text(NAMES[SHORT])


def test_items_are_chosen_and_amounts_add_up_as_they_are_typed(
    open_page, served: Served, tmp_path: Path
) -> None:
    payments = tmp_path / "payments.csv"
    payments.write_text(
        "payment_id,currency,received_on,amount,payer_name,reference\n"
        f"X-1,EUR,{_ago(30)},800.00,LUMEN GLASS,RE-7702\n"
    )
    _duly(served.environment, "import", str(payments))
    page = open_page("/cash/?order=value")
    expect(page.locator("#item h2")).to_contain_text("800.00")
    page.keyboard.press("i")
    focused = page.locator(".match-items [name=item]:focus")
    expect(focused).to_be_checked()
    page.keyboard.press("Space")
    expect(focused).not_to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".match-items tr.is-on input.num")).not_to_have_value("")
    expect(page.locator("[data-says=fits]")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("[data-ask]")).to_be_visible()
    expect(page.locator("[data-accept]")).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator('[data-rest="bank_fee"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#item")).to_be_focused()  # not its button: Enter applies what is shown
    page.keyboard.press("/")
    expect(page.locator("#other")).to_be_focused()
    page.keyboard.type("baltic")
    page.keyboard.press("Enter")
    expect(page.locator("#item .payer h3")).to_contain_text("Baltic Steel")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#why")).to_be_focused()
    page.keyboard.type("Interest")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Set aside")


PLACES = ("/cash/", "/cash/?at=3#item", "/cash/unapplied/", "/cash/matched/", "/cash/payers/",
          "/cash/rates/", "/cash/rates/rows/")  # fmt: skip


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, PLACES)
