"""The outbox in a real browser: one of tomorrow's sends held by a key, the stop button."""

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

from duly.collections.queries.standing import works

pytestmark = BROWSER

TODAY = datetime.now(UTC).date()
PLACES = (
    "/outbox/",
    "/outbox/planned/?why=not_due",
    "/outbox/1/",
    "/outbox/sending/",
    "/policies/",
    "/policies/edit/?name=gentle",
    "/templates/",
    "/templates/edit/?name=friendly&language=en",
    "/statements/",
    "/statements/ourselves/",
    "/statements/copies/",
    "/statements/schedules/?change=Weeks",
    "/customers/1/statement/?kind=activity",
)
POLICY = """
name = "gentle"
fresh_days = 60
weekdays = [1, 2, 3, 4, 5, 6, 7]
[[steps]]
code = "friendly"
days = 1
template = "friendly"
"""


def _write_books(folder: Path) -> list[str]:
    due = TODAY - timedelta(days=20)
    lines = {
        "customers": ["customer_id,name,country,email"],
        "items": ["kind,number,customer_id,currency,issued_on,due_on,amount"],
        "payments": ["payment_id,customer_id,currency,received_on,amount"],
    }
    for n, name in enumerate(("Meridian Foods", "Tall Oaks Joinery", "Quarry " + "Lane" * 15)):
        lines["customers"].append(f"C{n},{name},DE,{'ap' * (1 + 9 * n)}@c{n}.example")
        lines["items"].append(f"invoice,INV-{n},C{n},EUR,{due},{due},{900 - n}.50")
    lines["payments"].append(f"PAY-1,C0,EUR,{TODAY},0.01")
    for name, rows in lines.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    (folder / "policy.toml").write_text(POLICY)
    return [str(folder / f"{name}.csv") for name in lines]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("outbox")
    with serving(folder, _write_books) as one:
        policy = str(folder / "policy.toml")
        _duly(one.environment, "policy", "set", policy, "--from", "2020-01-01")
        yield one


def test_one_of_tomorrows_sends_is_held_by_a_key_and_the_stop_button_stops_all(
    open_page,
) -> None:
    page = open_page("/outbox/planned/")
    assert violations(page) == []
    expect(page.get_by_text("3 messages, asking for")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Tall Oaks Joinery")).to_be_focused()
    page.keyboard.press("h")
    row = page.get_by_role("row", name="Tall Oaks Joinery")
    expect(row.get_by_text("Held", exact=True)).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Tall Oaks Joinery is held")
    expect(page.get_by_role("link", name="Tall Oaks Joinery")).to_be_focused()
    page.keyboard.press("r")  # and back
    expect(row.get_by_role("button", name="Hold")).to_be_visible()
    expect(page.get_by_role("link", name="Tall Oaks Joinery")).to_be_focused()
    page.keyboard.press("h")
    expect(row.get_by_role("button", name="Release")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 messages, asking for")).to_be_visible()
    page.goto(page.url.replace("planned", "sending"))
    page.get_by_label("Addresses, one a line").fill("me@here.example")
    page.get_by_role("button", name="Start test mode").click()
    expect(page.get_by_text("Messages reach only me@here.example")).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name="Stop all sending").click()
    expect(page.get_by_role("heading", name="Sending is stopped")).to_be_visible()
    page.get_by_label("The company’s name").fill("Northwind")
    page.get_by_role("button", name="Switch sending on").click()
    expect(page.get_by_role("heading", name="Sending is on")).to_be_visible()


@pytest.mark.complete
def test_the_pages_are_accessible_and_fit(served: Served, open_page) -> None:
    worked = next(day for day in (TODAY + timedelta(days=n) for n in range(9)) if works(day, "DE"))
    _duly(served.environment, "day", "--on", str(worked))
    _duly(served.environment, "schedule", "set", "Weeks", "--due", "monday")
    assert_pages_fit(open_page, PLACES)


def test_a_text_is_seen_as_a_customer_reads_it_while_it_is_typed(open_page) -> None:
    page = open_page("/templates/edit/?name=friendly&language=en")
    read = page.get_by_role("region", name="Text as they read it")
    page.get_by_label("Body").fill("Dear {{ customer }}, {{ amount }} {{ currency }} is open.")
    expect(read).to_have_text("Dear Meridian Foods, 900,49 EUR is open.")
    page.get_by_label("Body").fill("Dear {{ customer }}, {{ amount }}, that is 900.50 today.")
    expect(page.locator("#problems")).to_contain_text("states an amount of its own: '900.50'")
    page.get_by_label("As read by").select_option(label="An example")
    expect(read).to_contain_text("Dear Example Ltd")
