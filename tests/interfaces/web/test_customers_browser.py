"""Customers in a real browser: found as one types, moved through by keys, read on any screen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
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
LONG = "Société Générale des Emballages Réunis du Nord et de la Picardie Orientale S.A."
UNBROKEN = "W" * 60


def _write_books(folder: Path) -> list[str]:
    """70 customers in three currencies; the first has a group, contacts, credits, many invoices."""

    def ago(days: int) -> str:
        return (TODAY - timedelta(days=days)).isoformat()

    files: dict[str, list[str]] = {
        "customers": ["customer_id,name,country,segment,collector,parent_id,terms,address"],
        "contacts": ["customer_id,name,role,email,phone,do_not_contact"],
        "items": ["kind,number,customer_id,currency,issued_on,due_on,amount"],
        "payments": ["payment_id,customer_id,currency,received_on,amount,reference"],
        "applications": ["payment_id,item_number,customer_id,amount,applied_on"],
    }
    for n in range(70):
        name = {0: LONG, 1: UNBROKEN, 2: "Meridian Foods"}.get(n, f"Firm Number {n}")
        parent = "C0" if n in (1, 2) else ""
        files["customers"].append(
            f"C{n},{name},{('DE', 'FR')[n % 2]},{('gold', 'iron')[n % 2]},Kim,{parent},net30,"
            f"{UNBROKEN if n == 1 else 'Way 1'}"
        )
    files["contacts"] += [
        f"C0,Mia Okafor,accounts_payable,{'x' * 50}@emballages.example,+33 1 555,yes",
        "C0,Noé Tiedemann,owner,,,",
    ]
    for n in range(40):
        currency = "JPY" if n == 7 else "KWD" if n == 8 else "EUR"
        late = n * 5 - 25
        number = f"INV-{n}-{UNBROKEN[:40]}" if n == 30 else f"INV-{n}"
        files["items"].append(
            f"invoice,{number},C0,{currency},{ago(late + 30)},{ago(late)},{5000 + n * 7}"
        )
        if n % 3 == 0 and n != 30:
            files["payments"].append(
                f"PAY-{n},C0,{currency},{ago(4)},{400 + n * 7},{UNBROKEN if n == 3 else ''}"
            )
            files["applications"].append(f"PAY-{n},{number},C0,{390 + n * 7},{ago(3)}")
    files["items"] += [
        f"invoice,F-{n},C{n},EUR,{ago(60)},{ago(30)},{100 + n}" for n in range(2, 60)
    ]
    files["items"].append(f"credit_note,CN-1,C0,EUR,{ago(20)},{ago(20)},75.50")
    (folder / "changed.csv").write_text(f"customer_id,name,address\nC0,{LONG},{'Rue ' * 20}\n")
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / f"{name}.csv") for name in [*files, "changed"]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("customers"), _write_books) as one:
        yield one


PLACES = (
    "/customers/",
    "/customers/?q=INV-1&order=overdue",
    "/customers/?overdue=1&q=firm",
    "/customers/1/",
    f"/customers/1/?on={TODAY - timedelta(days=90)}&show=changes&currency=JPY",
    "/customers/2/",
)


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, PLACES)


def test_customers_are_found_as_one_types_and_opened_by_keys(open_page) -> None:
    page = open_page("/customers/")
    page.keyboard.press("/")
    page.keyboard.insert_text("meri")
    rows = page.locator("table.customers tbody tr")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1 customer found by")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "q", "typing goes on"
    assert page.url.endswith("/customers/?q=meri")
    page.get_by_role("searchbox", name="Find").fill("")
    expect(rows).to_have_count(30)
    assert page.url.endswith("/customers/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    second = rows.nth(1).get_by_role("link").first
    expect(second).to_be_focused()
    name = second.inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=name).wait_for()


def test_filters_orders_and_pages_stand_in_the_address(open_page) -> None:
    page = open_page("/customers/")
    page.get_by_label("Only overdue").check()
    page.wait_for_url("**/customers/?overdue=1")
    page.get_by_label("Country", exact=True).select_option("FR")
    page.wait_for_url("**/customers/?country=FR&overdue=1")
    page.get_by_role("link", name="Overdue", exact=True).click()
    page.wait_for_url("**/customers/?country=FR&currency=EUR&overdue=1&order=overdue")
    expect(page.get_by_label("Currency", exact=True)).to_have_value("EUR")
    assert page.locator("th[aria-sort=descending]").inner_text().strip() == "Overdue"
    page.get_by_label("Segment", exact=True).select_option("iron")
    page.wait_for_url("**/customers/?segment=iron&country=FR&currency=EUR&overdue=1&order=overdue")
    page.reload()
    expect(page.get_by_label("Only overdue")).to_be_checked()
    expect(page.get_by_label("Country", exact=True)).to_have_value("FR")
    page.go_back()
    page.wait_for_url("**/customers/?country=FR&currency=EUR&overdue=1&order=overdue")
    page.go_back()
    page.wait_for_url("**/customers/?country=FR&overdue=1")
    expect(page.get_by_label("Country", exact=True)).to_have_value("FR")
    page = open_page("/customers/")
    seen = page.locator("[data-key-item]").all_inner_texts()
    page.keyboard.press("n")
    page.wait_for_url("**after=**")
    expect(page.locator("[data-key-item]").first).not_to_have_text(seen[0])
    more = page.locator("[data-key-item]").all_inner_texts()
    assert not set(seen) & set(more)
    page.keyboard.press("p")
    expect(page.locator("[data-key-item]").first).to_have_text(seen[0])


def test_the_timeline_narrows_and_goes_back_in_time(open_page) -> None:
    page = open_page("/customers/1/")
    timeline = page.locator("#what-happened")
    entries = timeline.locator("li:not(.day):not(.earlier)")
    first = entries.count()
    timeline.get_by_role("link", name="Earlier").click()
    expect(entries).not_to_have_count(first)
    expect(page.locator(":focus"), "focus is on what came").to_have_class("when")
    assert violations(page) == []
    timeline.get_by_role("link", name="Master data").click()
    page.wait_for_url("**show=changes**")
    expect(timeline.get_by_text("This customer was added")).to_be_visible()
    expect(timeline.get_by_text("Invoice")).to_have_count(1, timeout=2000)  # the choice itself
    timeline.get_by_role("link", name="Money").click()
    payment = timeline.locator("li:not(.day)").filter(has_text="Payment").first
    payment.get_by_role("link").first.click()
    page.wait_for_url("**/payments/**")


def test_a_past_day_is_chosen_and_stays(open_page) -> None:
    page = open_page("/customers/1/")
    past = TODAY - timedelta(days=20)
    page.get_by_label("As of", exact=True).fill(past.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**/customers/1/?on={past.isoformat()}")
    assert page.locator(".lede").inner_text().startswith("On ")
    page.keyboard.press(",")
    page.wait_for_url(f"**on={past - timedelta(days=1)}")
    page.keyboard.press("t")
    page.wait_for_url("**/customers/1/")


def test_without_script_everything_is_there(served: Served, browser, signed_in: dict) -> None:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/customers/?q=meri")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Meridian Foods").click()
    page.get_by_role("heading", level=1, name="Meridian Foods").wait_for()
    page.goto(f"{served.address}/customers/1/")
    page.locator("#what-happened").get_by_role("link", name="Earlier").click()
    page.wait_for_url("**before=**")
    assert page.locator("#what-happened li.day").count() > 0
    context.close()
