"""The desk in a real browser: a list cleared by keys alone, a reason found, pages that fit."""

import re
from collections.abc import Iterator
from datetime import timedelta
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
from tests.interfaces.web.workdays import days_to_work, working_moment

pytestmark = BROWSER

TODAY = working_moment().date()
CUSTOMERS = 24
NOT_CHASED = "Copperfield Instruments"
LONG = "Société Générale des Emballages Réunis du Nord et de la Picardie Orientale S.A."


def _write_books(folder: Path) -> list[str]:
    """24 customers who are late; one of them has no address, one asks in another currency."""

    def ago(days: int) -> str:
        return (TODAY - timedelta(days=days)).isoformat()

    files: dict[str, list[str]] = {
        "customers": ["customer_id,name,country,email,phone,currency,timezone"],
        "contacts": ["customer_id,name,role,email,phone"],
        "items": ["kind,number,customer_id,currency,issued_on,due_on,amount"],
        "payments": ["payment_id,customer_id,currency,received_on,amount"],
        "rates": ["on,currency,per_entity_currency"],
    }
    for n in range(CUSTOMERS):
        name = {3: NOT_CHASED, 5: LONG}.get(n, f"Firm Number {n}")
        email = "" if n == 3 else f"ap{n}@c.example"
        currency = "JPY" if n == 7 else "EUR"
        files["customers"].append(
            f"C{n},{name},DE,{email},+49 30 555 {100 + n},{currency},Asia/Tokyo"
        )
        files["contacts"].append(f"C{n},Mia Okafor,accounts_payable,,+49 30 777 {n}")
        owed = (9000 - n * 100) * (160 if currency == "JPY" else 1)
        if n == 3:  # the last of the list: nobody gets there before it is asked about
            owed = 900
        for m in range(1 + n % 3):
            late = 20 + m * 40
            files["items"].append(
                f"invoice,INV-{n}-{m},C{n},{currency},{ago(late + 30)},{ago(late)},{owed}"
            )
    files["payments"].append(f"PAY-1,C1,EUR,{ago(0)},250.50")
    files["rates"].append(f"{ago(3)},JPY,160")
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [str(folder / f"{name}.csv") for name in files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("desk"), _write_books, days_to_work()) as one:
        made = (TODAY - timedelta(days=20)).isoformat()
        due = (TODAY - timedelta(days=8)).isoformat()
        _duly(one.environment, "promise", "add", "C2", "--amount", "500", "--currency", "EUR",
              "--due", due, "--on", made)  # fmt: skip
        _duly(one.environment, "dispute", "add", "INV-4-0", "--customer", "C4", "--amount", "400",
              "--reason", "quantity", "--on", TODAY.isoformat())  # fmt: skip
        yield one


PLACES = (
    "/today/",
    "/today/?do=call#item",
    "/today/silent/",
    "/today/leaving/",
    "/owner/",
    "/customers/5/",
    "/customers/3/acts/promise/",
    "/customers/3/acts/dispute/",
    "/disputes/",
    "/disputes/1/?verdict=partly",
    "/disputes/causes/",
    "/disputes/reasons/",
)


def test_a_day_is_planned_looked_at_and_released(open_page) -> None:
    page = open_page("/today/")
    page.get_by_role("button", name=re.compile("^Plan ")).click()  # the worker may have done so
    expect(page.get_by_role("heading", name="Ranked by what a call moves")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Look at")).click()
    page.get_by_role("button", name=re.compile("^Leave out Firm Number 2$")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Snooze").click()
    expect(page.get_by_text("Snoozed: left out")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Release")).click()
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("reminders wait: sending is off")
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("Held back")


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, PLACES)


def test_twenty_items_are_cleared_by_keyboard_only(open_page) -> None:
    page = open_page("/today/")
    seen = []
    page.keyboard.press("j")
    for n in range(20):
        row = page.locator('.worklist .item[aria-current="true"]')
        name = row.locator(".name").inner_text()
        expect(page.locator("#item h2")).to_have_text(name)
        seen.append(name)
        key = "chpdn"[n % 5] if n % 5 != 4 else "h"
        page.keyboard.press(key)
        dialog = page.locator("dialog#deed[open] form")
        expect(dialog.locator("header p")).to_contain_text(name)
        if n == 0:
            assert violations(page) == []
        if key == "d":
            page.keyboard.press("Tab")
            page.keyboard.type("10")
        page.keyboard.press("Enter")
        expect(page.locator("dialog#deed[open]")).to_have_count(0)
        expect(page.locator('.worklist .item[aria-current="true"] .name')).not_to_have_text(name)
    assert len(set(seen)) == 20, "no customer came twice"
    page.reload()
    assert page.locator(".worklist li.done").count() >= 20
    page.keyboard.press("n")
    expect(page.locator("dialog#deed[open] textarea")).to_be_focused()
    page.keyboard.type("Taken back")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("kept")
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("Taken back.")


def test_several_are_marked_and_noted_by_keyboard_only(open_page) -> None:
    page = open_page("/today/?do=")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
    expect(page.locator("#item[aria-busy]")).to_have_count(0)
    assert violations(page) == []
    names = page.locator(".worklist li:has([data-mark]:checked) .name").all_inner_texts()
    page.keyboard.press("n")
    dialog = page.locator("dialog#deed[open] form")
    expect(dialog.locator("header p")).to_contain_text(", ".join(names))
    page.keyboard.type("Closed until Monday")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("2 customers noted.")
    expect(page.locator("#several")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("Taken back.")


def test_a_key_pressed_before_the_customer_is_there_waits_for_it(open_page) -> None:
    page = open_page("/today/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("n")
    name = page.locator('.worklist .item[aria-current="true"] .name').inner_text()
    expect(page.locator("dialog#deed[open] header p")).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.locator('.worklist .item[aria-current="true"]')).to_be_focused()


def test_why_a_customer_was_not_chased_is_found(open_page) -> None:
    page = open_page("/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.get_by_role("link", name="Who is left out").click()
    page.get_by_role("link", name=re.compile("^No address")).click()
    page.get_by_role("searchbox", name="Name or id").fill("copper")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=NOT_CHASED).click()
    why = page.locator("#collecting")
    expect(why).to_contain_text("Not asked for: The customer has no e-mail address.")
    page.wait_for_load_state()  # keys work once scripts ran
    page.keyboard.press("e")
    expect(page.locator("[data-toast]")).to_contain_text("The customer has no e-mail address.")
    page.locator("#what-happened").get_by_role("link", name="Collecting").click()
    expect(page.locator("#what-happened")).to_contain_text("not sent")


def test_an_act_needs_no_script(served: Served, browser, signed_in: dict) -> None:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/customers/9/")
    page.get_by_role("button", name="Note").click()
    page.get_by_label("Note", exact=True).fill("Asks for a copy of INV-8-0")
    page.get_by_role("button", name="Keep the note").click()
    page.wait_for_url("**/customers/9/")
    expect(page.locator("#what-happened")).to_contain_text("Asks for a copy")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#what-happened .is-undone", has_text="Asks for a copy")).to_be_visible()
    context.close()


def test_a_dispute_is_proved_credited_and_traced_to_its_cause(open_page, tmp_path: Path) -> None:
    page = open_page("/today/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Disputes and deductions")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dispute of INV-4-0")).to_be_visible()
    (tmp_path / "delivery.txt").write_text("12 of 15 pallets, signed")
    page.get_by_label("Drop what proves it").set_input_files(tmp_path / "delivery.txt")
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("link", name="delivery.txt")).to_be_visible()
    page.keyboard.press("p")
    page.get_by_label("Credit, EUR").fill("150")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("EUR 150.00 is credited")
    expect(page.get_by_role("link", name="CN-D1")).to_be_visible()
    visit_cause = open_page("/disputes/causes/")
    visit_cause.get_by_role("link", name="Quantity", exact=True).click()
    expect(visit_cause.get_by_role("link", name="Firm Number 4")).to_be_visible()
    assert violations(visit_cause) == []
