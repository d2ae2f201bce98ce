"""The items behind a figure: the list, its pages and its file add up to the figure, or say not."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.shown import items_behind, section, table, text, values

from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.models import Document, Item, Payment

ITEMS = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")


def listed(client: Client, **asked: object) -> str:
    response = client.get("/items/", asked)
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> list[str]:
    found = re.search(r"<tbody.*?</tbody>", html, re.DOTALL)
    return [text(row) for row in re.findall(r"<tr.*?</tr>", found.group(0), re.DOTALL)]


def test_all_that_is_open_oldest_first(books: Entity, open_as, today: date) -> None:
    html = listed(open_as("viewer"), currency="GBP")
    told = rows(html)
    assert [row.split()[0] for row in told] == ["INV-3", "INV-2", "PAY-1", "INV-1"]
    assert re.fullmatch(r"INV-3 Tall Oaks Joinery .* 100 Overdue 40 \.25", told[0])
    assert "Not applied −50 .00" in told[2]
    assert told[3].endswith("– Not yet due 100 .00")
    assert table(html, "items-table")[-1] == ("Together", [Decimal("340.75")])
    assert "They add up to the figure" in html
    assert "4 items, added up one by one" in html


@pytest.mark.parametrize(
    ("asked", "heading", "numbers"),
    [
        ({"bucket": 0}, "Items not yet due", ["INV-1"]),
        ({"bucket": 1}, "Items 1–30 days late", ["INV-2"]),
        ({"bucket": 4}, "Items over 90 days late", ["INV-3"]),
        ({"buckets": "0", "bucket": 1}, "Overdue items", ["INV-3", "INV-2"]),
        ({"basis": "invoice", "bucket": 1}, "Items 31–60 days old", ["INV-2"]),
        ({"basis": "invoice", "bucket": 3}, "Items over 90 days old", ["INV-3"]),
        ({"owed": 1}, "Open invoices", ["INV-3", "INV-2", "INV-1"]),
        ({"unapplied": 1}, "Credit notes and money not applied", ["PAY-1"]),
    ],
    ids=str,
)
def test_each_figure_has_its_items_and_its_name(
    asked: dict, heading: str, numbers: list[str], books: Entity, open_as
) -> None:
    html = listed(open_as("viewer"), currency="GBP", **asked)
    assert f"<h1>{heading}</h1>" in html
    assert [row.split()[0] for row in rows(html)] == numbers
    assert "They add up to the figure" in html


def test_a_part_payment_says_what_is_left_of_what(books: Entity, open_as, today: date) -> None:
    columns = ("payment_id", "item_number", "customer_id", "amount", "applied_on")
    yesterday = (today - timedelta(days=1)).isoformat()
    take_in(books, "applications", columns, ("PAY-1", "INV-2", "C1", "20.00", yesterday))
    client = open_as("viewer")
    html = listed(client, currency="GBP")
    assert "230 .50 of 250.50" in text(html)
    assert "−30 .00 of −50.00" in text(html)
    before = (today - timedelta(days=2)).isoformat()
    assert "of 250.50" not in text(listed(client, currency="GBP", on=before))


def test_every_currency_has_its_own_total(books: Entity, open_as) -> None:
    html = listed(open_as("viewer"))
    totals = [row for row in table(html, "items-table") if row[0].startswith("Together")]
    assert totals == [
        ("Together, GBP", [Decimal("340.75")]),
        ("Together, JPY", [Decimal("7000")]),
    ]
    assert [name for name, _ in table(html, "tied")] == ["GBP", "JPY"]


def test_money_of_a_payer_not_known_has_a_list(books: Entity, open_as, today: date) -> None:
    take_in(
        books,
        "payments",
        ("payment_id", "currency", "received_on", "amount"),
        ("P-X", "GBP", today.isoformat(), "11.26"),
    )
    html = listed(open_as("viewer"), customer=0, currency="GBP")
    assert rows(html)[0].startswith("P-X Payer not known")
    assert "Payers not known, in GBP" in text(html)
    assert table(html, "items-table")[-1] == ("Together", [Decimal("-11.26")])


def test_instalments_are_told_apart(entity: Entity, open_as, today: date) -> None:
    take_in(entity, "customers", ("customer_id", "name"), ("C1", "Meridian Foods"))
    take_in(
        entity,
        "items",
        ("kind", "number", "customer_id", "currency", "issued_on", "terms", "amount"),
        ("invoice", "PARTS", "C1", "GBP", today.isoformat(), "50% net30, 50% net60", "99.99"),
    )
    html = listed(open_as("viewer"), currency="GBP")
    assert [row.split(" Meridian")[0] for row in rows(html)] == ["PARTS", "PARTS part 2"]
    assert values(section(html, "<tbody", "</tbody>")) == [Decimal("50.00"), Decimal("49.99")]


@pytest.fixture
def many(entity: Entity, today: date) -> Entity:
    """250 invoices of one customer, several on each day."""
    take_in(entity, "customers", ("customer_id", "name"), ("C1", "Meridian Foods"))
    made = []
    for number in range(250):
        due = today - timedelta(days=number % 40)
        issued = due - timedelta(days=30)
        made.append(
            ("invoice", f"N{number}", "C1", "GBP", issued.isoformat(), due.isoformat(), "1.01")
        )
    take_in(entity, "items", ITEMS, *made)
    return entity


def test_pages_lose_and_repeat_none_and_add_up(many: Entity, open_as) -> None:
    client = open_as("viewer")
    html, seen, here = listed(client, currency="GBP"), [], Decimal(0)
    for page in range(1, 4):
        assert f"Page {page}, oldest first" in html
        seen += [row.split()[0] for row in rows(html)]
        totals = dict(table(html, "items-table"))
        here += totals["On this page"][0]
        assert totals["On all pages"] == [Decimal("252.50")]
        following = re.search(r'href="([^"]+)" rel="next"', html)
        if page < 3:
            html = client.get(following.group(1).replace("&amp;", "&")).content.decode()
    assert following is None
    assert 'rel="prev"' in html
    assert len(seen) == len(set(seen)) == 250
    assert here == Decimal("252.50")
    assert "The list ends before this page." in listed(client, currency="GBP", page=9)


def test_the_file_holds_every_page(many: Entity, open_as) -> None:
    client = open_as("viewer")
    found = items_behind(client, "/items/?currency=GBP")
    assert len(found) == 250
    assert sum(Decimal(row["open"]) for row in found) == Decimal("252.50")
    content = client.get("/items/items.xlsx?currency=GBP").content
    sheet = load_workbook(io.BytesIO(content)).active
    cells = list(sheet.values)
    assert len(cells) == 251
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert cells[1][cells[0].index("open")] == 1.01


def test_names_and_numbers_in_a_file_are_no_formulas(books: Entity, open_as) -> None:
    take_in(books, "customers", ("customer_id", "name"), ("00042", "@SUM(1)"))
    take_in(
        books, "items", ITEMS,
        ("invoice", "=1+1", "00042", "GBP", "2026-01-01", "2026-01-31", "5.00"),
    )  # fmt: skip
    client = open_as("viewer")
    row = items_behind(client, "/items/?currency=GBP&bucket=4")[0]
    assert (row["number"], row["name"], row["customer"]) == ("'=1+1", "'@SUM(1)", "00042")
    content = client.get("/items/items.xlsx?currency=GBP&bucket=4").content
    first = list(load_workbook(io.BytesIO(content)).active.iter_rows())[1]
    assert [(cell.value, cell.data_type) for cell in (first[0], first[3], first[4])] == [
        ("=1+1", "s"), ("00042", "s"), ("@SUM(1)", "s")
    ]  # fmt: skip


def test_items_of_every_company_say_whose_they_are(books: Entity, open_as, today: date) -> None:
    other = add_entity(name="Southwind", currency="EUR", country="DE", timezone="UTC", at=AT)
    take_in(other, "customers", ("customer_id", "name"), ("S1", "Südwind Kontor"))
    take_in(
        other, "items", ITEMS, ("invoice", "S-1", "S1", "GBP", "2026-01-01", "2026-01-31", "10.00")
    )
    client = open_as("viewer")
    told = rows(listed(client, entity="all", currency="GBP"))
    assert any(row.startswith("S-1 Southwind Südwind Kontor") for row in told)
    assert {row["company"] for row in items_behind(client, "/items/?entity=all")} == {
        "Northwind Packaging",
        "Southwind",
    }
    assert "S-1" not in text(listed(client, currency="GBP"))
    opened = client.get(f"/documents/{Document.objects.get(number='S-1').pk}/")
    assert opened.status_code == 200, "an item of another company opens, too"


def test_as_known_then_is_the_list_of_then(books: Entity, open_as, today: date) -> None:
    moment = datetime.now(UTC).isoformat()
    columns = ("payment_id", "item_number", "customer_id", "amount", "applied_on")
    yesterday = (today - timedelta(days=1)).isoformat()
    take_in(books, "applications", columns, ("PAY-1", "INV-2", "C1", "50.00", yesterday))
    take_in(
        books, "items", ITEMS, ("invoice", "LATE", "C1", "GBP", "2026-01-01", "2026-01-31", "5.00")
    )
    client = open_as("viewer")
    then = text(listed(client, currency="GBP", known=moment))
    assert "PAY-1" in then
    assert "LATE" not in then
    assert "as known on" in then
    assert "They add up to the figure" in then
    now = text(listed(client, currency="GBP"))
    assert "PAY-1" not in now
    assert "LATE" in now


@pytest.mark.parametrize("model", [Item, Payment])
def test_items_that_are_off_say_so(model: type, books: Entity, open_as) -> None:
    column = "open_minor" if model is Item else "unapplied_minor"
    row = model.objects.filter(currency="GBP").exclude(**{column: 0}).first()
    model.objects.filter(pk=row.pk).update(**{column: getattr(row, column) - 1})
    html = listed(open_as("viewer"), currency="GBP")
    assert "These items do not add up to the figure" in html
    assert "They add up to the figure" not in html
    assert "duly check" in section(html, 'aria-labelledby="tie"')


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bucket=9", 422, "BUCKETS_UNCLEAR"),
        ("bucket=-1", 422, "BUCKETS_UNCLEAR"),
        ("bucket=x", 422, "BUCKETS_UNCLEAR"),
        ("page=0", 422, "MALFORMED"),
        ("page=99999999", 422, "MALFORMED"),
        ("customer=999999", 404, "CUSTOMER_UNKNOWN"),
    ],
)
def test_what_cannot_be_opened_is_refused(
    asked: str, status: int, told: str, books: Entity, open_as
) -> None:
    response = open_as("viewer").get(f"/items/?{asked}")
    assert response.status_code == status
    assert told in response.content.decode()


def test_nothing_behind_a_figure_is_said(books: Entity, open_as) -> None:
    html = listed(open_as("viewer"), currency="GBP", bucket=2)
    assert "Nothing is open here" in html
    assert "All open items" in html


def test_the_list_reads_little(many: Entity, open_as, django_assert_max_num_queries) -> None:
    client = open_as("viewer")
    with django_assert_max_num_queries(22):
        listed(client, currency="GBP")


def test_the_file_of_a_customer_of_another_company_is_refused(books: Entity, open_as) -> None:
    other = add_entity(name="Southwind", currency="EUR", country="DE", timezone="UTC", at=AT)
    take_in(other, "customers", ("customer_id", "name"), ("S1", "Südwind Kontor"))
    pk = Customer.objects.get(code="S1").pk
    assert open_as("viewer").get(f"/items/items.csv?customer={pk}").status_code == 404


def test_the_csv_opens_in_a_spreadsheet_as_it_is(books: Entity, open_as) -> None:
    response = open_as("viewer").get("/items/items.csv?currency=GBP&bucket=1")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0][:2] == ["number", "part"]
    assert lines[1][-2:] == ["250.50", "250.50"]
