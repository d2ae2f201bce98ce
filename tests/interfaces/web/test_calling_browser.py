"""A call in a real browser: from the list to its confirmation by few keys; pages that fit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.interfaces.web.browsing import BROWSER, Served, _duly, assert_pages_fit, serving
from tests.interfaces.web.test_desk_browser import TODAY, _write_books
from tests.interfaces.web.workdays import days_to_work

pytestmark = BROWSER

MOST_KEYS = 6


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("calls"), _write_books, days_to_work()) as one:
        on = TODAY.isoformat()
        _duly(one.environment, "excuse", "record", "C2", "5", "--on", on)
        _duly(one.environment, "call", "add", "C2", "--outcome", "no_answer", "--on", on,
              "--next", on)  # fmt: skip
        _duly(one.environment, "dispute", "add", "INV-2-0", "--customer", "C2", "--amount", "400",
              "--reason", "quantity", "--on", on)  # fmt: skip
        _duly(one.environment, "day", "--on", on, "--dry-run")
        yield one


def test_from_the_list_to_the_confirmation_by_keys_alone(open_page) -> None:
    page = open_page("/today/")
    plan = page.get_by_role("button", name="Plan today")
    if plan.count():
        plan.first.click()
    expect(page.get_by_role("heading", name="Ranked by what a call moves")).to_be_visible()
    page.wait_for_load_state()
    keys = ["j", "t", "5", "p", "Enter"]
    assert len(keys) <= MOST_KEYS
    page.keyboard.press(keys[0])
    name = page.locator('.worklist .item[aria-current="true"] .name').inner_text()
    expect(page.locator("#item h2")).to_have_text(name)
    page.keyboard.press(keys[1])
    expect(page.get_by_role("heading", name=f"Call {name}")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press(keys[2])
    expect(page.get_by_text("To which address was it posted?")).to_be_visible()
    page.keyboard.press(keys[3])
    expect(page.get_by_role("checkbox", name="They promised this")).to_be_checked()
    page.keyboard.press(keys[4])
    page.wait_for_url("**/today/**")
    expect(page.locator("[data-toast]")).to_contain_text(f"Call to {name} recorded: promised")
    expect(page.locator("[data-toast]")).to_contain_text("Its confirmation to")
    page.wait_for_load_state()
    page.keyboard.press("z")
    expect(page.locator("[data-toast]")).to_contain_text("Taken back.")


@pytest.mark.complete
def test_pages_are_accessible_and_fit(open_page) -> None:
    assert_pages_fit(open_page, ("/customers/3/call/", "/customers/5/call/", "/today/calls/"))
