"""Every list as CSV and XLSX: what its page shows, filtered and ordered so, and no formula."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from openpyxl import load_workbook
from tests.interfaces.web.conftest import take_in
from tests.interfaces.web.desk_books import late_books, number_of
from tests.interfaces.web.shown import section, text

from duly.collections.models import DayPlan, Message
from duly.intake.models import Import
from duly.interfaces.web import exporting
from duly.interfaces.web.pages.desk import worklist
from duly.interfaces.web.pages.laws import listing
from duly.parties.models import Entity
from duly.receivables.models import Document

# Lists that are a part of something else, and why no file of their own is needed.
WITHOUT_FILE = {
    "palette": "what was found by a word",
    "credit_cards": "a few versions, each with a page of its own",
    "document": "the settlements of one document",
    "payment": "the settlements of one payment",
    "customer": "the items of one customer: its figures open to the list that has files",
    "overview": "the first few of lists that have files",
    "overview_late": "the first few of customers, most overdue first",
    "statements": "runs, of which each is a file",
    "statements_copies": "files",
}
HOSTILE = ('=HYPERLINK("x")', "+44 1; =1+1", "@SUM(1)", "-2+3")


@pytest.fixture
def desk(entity: Entity, today: date, open_as: Callable[[str], Client]) -> Client:
    """Three who are late, with names that a spreadsheet would run, planned and released."""
    late_books(entity, today)
    rows = [(f"C{n}", name) for n, name in enumerate(HOSTILE, 1)]
    take_in(entity, "customers", ("customer_id", "name"), *rows)
    client = open_as("manager")
    client.post("/today/plan/")
    client.post("/today/release/", {"looked_at": DayPlan.objects.get().leaving})
    client.post("/today/plan/")
    return client


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def rows_on_screen(html: str) -> list[tuple[str, set[Decimal]]]:
    """(what the row is of, its amounts) of the list on a page."""
    listed = html[html.index("data-key-list") :]
    end, row = (
        ("</ol>", "li")
        if html.index("data-key-list") > html.find("<ol ") > -1
        else (
            "</tbody>",
            "tr",
        )
    )
    listed = listed[: listed.index(end)]
    found = []
    for one in re.findall(rf"<{row}\b.*?</{row}>", listed, re.DOTALL):
        name = re.search(r'<span class="name">(.*?)</span>', one, re.DOTALL)
        head = name or re.search(r"<th\b[^>]*>(.*?)</th>", one, re.DOTALL)
        name = re.search(r"<a [^>]*>(.*?)</a>", head.group(1), re.DOTALL) or head
        amounts = {Decimal(value) for value in re.findall(r'<data value="([^"]+)"', one)}
        found.append((text(name.group(1)), amounts))
    return found


def files_of(client: Client, html: str) -> list[list[list[str]]]:
    """The rows of both files that a page links to, heads first."""
    menu = section(html, 'class="menu export"', "</details>")
    found = {}
    for address in map(unescape, re.findall(r'href="([^"]+)"', menu)):
        response = client.get(address)
        assert response.status_code == 200, address
        form = address.partition("?")[0].rpartition(".")[2]
        assert response["Content-Disposition"].endswith(f'.{form}"')
        found[form] = response.content
    lines = list(csv.reader(io.StringIO(found["csv"].decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(found["xlsx"])).active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}, "a formula"
    cells = [["" if one is None else str(one) for one in row] for row in sheet.values]
    return [lines, cells]


def numbers(cells: list[str]) -> set[Decimal]:
    """Every number that stands in some cells, also within a text."""
    return {
        Decimal(found.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        for cell in cells
        for found in re.findall(r"[-\N{MINUS SIGN}]?[0-9][0-9,]*(?:\.[0-9]+)?", cell)
    }


def all_lists(client: Client, entity: Entity) -> dict[str, str]:
    """{name of the page: its address} of every page that has a list."""
    first = {
        "customer_id": number_of("C1"),
        "document_id": Document.objects.first().pk,
        "payment_id": 1,
        "batch_id": Import.objects.get(kind="items").batch_id,
        "message_id": Message.objects.first().pk,
        "currency": "GBP",
    }
    found = {}
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver):  # what strangers and order systems open has no lists
            continue
        holes = re.findall(r"<\w+:(\w+)>", str(one.pattern))
        if str(one.pattern).startswith("account/") or not set(holes) <= set(first):
            continue
        address = "/" + re.sub(r"<\w+:(\w+)>", lambda hole: str(first[hole[1]]), str(one.pattern))
        query = {"items": "?currency=GBP", "palette": "?q=C1"}.get(one.name, "")
        response = client.get(address + query)
        if b"data-key-list" in response.content:
            found[one.name] = address + query
    return found


def test_every_list_has_both_files_with_what_is_on_its_page(
    desk: Client, entity: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)  # so that a file goes over several pages
    monkeypatch.setattr(listing, "PAGE_SIZE", 1000)  # a page of laws is a part of its file
    lists = all_lists(desk, entity)
    assert {"today", "silent", "customers", "aging", "items", "outbox"} <= set(lists)
    asked = [address for name, address in lists.items() if name not in WITHOUT_FILE]
    asked += [
        "/today/?segment=gold",
        "/today/?do=call",
        "/today/silent/?why=no_address",
        "/customers/?order=overdue&overdue=1",
        "/customers/?q=C2",
        "/outbox/planned/?why=no_address",
        "/aging/?by=currency",
        "/items/?currency=GBP&bucket=1",
        f"/import/{Import.objects.get(kind='payments').batch_id}/?show=payments",
    ]
    for address in asked:
        html = shown(desk, address)
        on_screen = rows_on_screen(html)
        assert on_screen, address
        lines, cells = files_of(desk, html)
        assert len(lines) == len(cells)
        for line, row in zip(lines, cells, strict=True):
            # A CSV cell that a spreadsheet would run has an apostrophe, an XLSX cell is a text.
            plain = [one.replace("'", "") for one in line]
            assert numbers(plain) == numbers(row), address
            for one in line:
                is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", one)
                assert is_number or one[:1] not in tuple("=+-@\t\r"), (address, one)
        has_total = lines[-1][1:2] == ["Total"]
        told = lines[1 : len(lines) - has_total]
        assert len(told) == len(on_screen), address
        for (name, amounts), line in zip(on_screen, told, strict=True):
            assert name in [one.replace("'", "") for one in line], (address, name, line)
            assert amounts <= numbers(line) | {Decimal(0)}, (address, amounts, line)


def test_no_list_is_without_a_file_by_oversight(desk: Client, entity: Entity) -> None:
    for name, address in all_lists(desk, entity).items():
        has_files = 'class="menu export"' in shown(desk, address)
        assert has_files != (name in WITHOUT_FILE), name


def test_a_file_has_all_pages_and_the_page_may_be_any(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE_SIZE", 1)
    html = shown(desk, f"/today/?segment=gold&after=0&at={number_of('C1')}&in=GBP")
    assert len(rows_on_screen(html)) == 1
    lines, _ = files_of(desk, html)
    assert [line[1] for line in lines] == ["customer", "C3", "C1"]
    assert lines[0] == [
        "rank", "customer", "name", "because", "next", "next_on", "done", "claimed_by", "owes_in",
        "currency", "worth",
    ]  # fmt: skip


def test_a_customer_has_a_row_a_currency_and_one_where_nothing_is_open(
    books: Entity, open_as: Callable[[str], Client], today: date
) -> None:
    columns = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
    row = ("invoice", "U-1", "C1", "USD", today.isoformat(), today.isoformat(), "7.00")
    take_in(books, "items", columns, row)
    take_in(books, "customers", ("customer_id", "name"), ("C9", "Zenith"))
    lines, _ = files_of(open_as("viewer"), shown(open_as("clerk"), "/customers/"))
    told = [[line[0], *line[5:]] for line in lines[1:]]
    assert ["C1", "USD", "0.00", "7.00", "0.00", "7.00"] in told
    assert ["C1", "GBP", "250.50", "350.50", "-50.00", "300.50"] in told
    assert ["C9", "GBP", "0.00", "0.00", "0.00", "0.00"] in told


def test_files_are_for_whoever_is_signed_in(books: Entity) -> None:
    for address in ("/customers/customers.csv", "/today/today.xlsx", "/outbox/outbox.csv"):
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/sign-in/")
