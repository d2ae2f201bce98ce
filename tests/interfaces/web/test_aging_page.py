"""The aging: every way to ask for it, and every figure opens to items that add up to it."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.interfaces.web.conftest import AT, take_in
from tests.interfaces.web.shown import drills, section, sum_behind, table, text, values

from duly.interfaces.web.pages.aging import views
from duly.parties.actions import add_entity
from duly.parties.models import Customer, Entity
from duly.receivables.models import Item, OpenDay
from duly.receivables.queries import Scope, aging

ITEMS = ("kind", "number", "customer_id", "currency", "issued_on", "due_on", "amount")
PAYMENTS = ("payment_id", "customer_id", "currency", "received_on", "amount")
APPLICATIONS = ("payment_id", "item_number", "customer_id", "amount", "applied_on")


def sums(*texts: str) -> list[Decimal]:
    return [Decimal(value) for value in texts]


@pytest.fixture
def busy(books: Entity, today: date) -> Entity:
    """The books with a part payment, a credit note applied in part, money of an unknown payer, and
    customers under a parent; a second company owed GBP 10.00 and EUR 20.00."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    take_in(
        books,
        "customers",
        ("customer_id", "name", "currency", "parent_id"),
        ("007", "Larkspur Group", "GBP", ""),
        ("008", "Larkspur North", "GBP", "007"),
        ("009", "Larkspur North Annex", "GBP", "008"),
    )
    take_in(
        books,
        "items",
        ITEMS,
        ("invoice", "L-1", "008", "GBP", ago(60), ago(30), "600.00"),
        ("invoice", "L-2", "009", "GBP", ago(45), ago(31), "61.61"),
        ("debit_note", "L-3", "007", "GBP", ago(3), ago(-27), "7.07"),
        ("credit_note", "L-CN", "008", "GBP", ago(20), ago(20), "80.00"),
        ("invoice", "L-4", "008", "GBP", ago(90), ago(60), "33.00"),
    )
    take_in(
        books,
        "payments",
        PAYMENTS,
        ("P-L", "008", "GBP", ago(10), "450.00"),
        ("P-X", "", "GBP", ago(12), "11.26"),
    )
    take_in(
        books,
        "applications",
        APPLICATIONS,
        ("P-L", "L-1", "008", "400.00", ago(9)),
        ("L-CN", "L-1", "008", "30.00", ago(8)),
        ("P-L", "L-4", "008", "33.00", ago(5)),
    )
    other = add_entity(name="Southwind", currency="EUR", country="DE", timezone="UTC", at=AT)
    take_in(other, "customers", ("customer_id", "name"), ("S1", "Südwind Kontor"))
    take_in(
        other,
        "items",
        ITEMS,
        ("invoice", "S-1", "S1", "GBP", ago(40), ago(10), "10.00"),
        ("invoice", "S-2", "S1", "EUR", ago(40), ago(10), "20.00"),
    )
    return books


def book_late(entity: Entity, amount: str) -> None:
    """An invoice of long ago, known only now."""
    take_in(
        entity, "items", ITEMS, ("invoice", "LATE", "C2", "GBP", "2020-01-01", "2020-02-01", amount)
    )


def page(client: Client, **asked: object) -> str:
    response = client.get("/aging/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_today_in_the_companys_currency(books: Entity, open_as) -> None:
    html = page(open_as("viewer"))
    lead = section(html, 'aria-label="Open in GBP"')
    # net, overdue, five buckets, owed, not applied, net
    buckets = ("100.00", "250.50", "0.00", "0.00", "40.25")
    assert values(lead) == sums("340.75", "290.75", *buckets, "390.75", "-50.00", "340.75")
    assert "74.4%" in lead
    assert table(html, "aging-table") == [
        ("Meridian Foods", sums("100.00", "250.50", "0.00", "0.00", "0.00", "-50.00", "300.50")),
        ("Tall Oaks Joinery", sums("0.00", "0.00", "0.00", "0.00", "40.25", "0.00", "40.25")),
        ("All customers", sums("100.00", "250.50", "0.00", "0.00", "40.25", "-50.00", "340.75")),
    ]


ASKED = [
    {},
    {"days_ago": 9},
    {"days_ago": 45},
    {"basis": "invoice"},
    {"basis": "invoice", "days_ago": 11, "buckets": "7,20,45"},
    {"buckets": "10,20,30,60,120,240"},
    {"by": "parent"},
    {"by": "parent", "days_ago": 9},
    {"by": "currency"},
    {"by": "entity"},
    {"by": "entity", "days_ago": 9},
    {"by": "none", "days_ago": 6, "basis": "invoice"},
    {"currency": "JPY"},
    {"entity": "all", "days_ago": 2},
    {"parent": "008", "days_ago": 9},
    {"customer": "008", "days_ago": 7},
    {"known": "now", "days_ago": 6},
    {"known": "now", "days_ago": 6, "by": "parent"},
    {"days_ago": -3},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_figure_opens_to_items_that_add_up_to_it(
    asked: dict, busy: Entity, open_as, today: date
) -> None:
    wanted = dict(asked)
    on = today - timedelta(days=wanted.pop("days_ago", 0))
    for name in {"parent", "customer"} & wanted.keys():
        wanted[name] = Customer.objects.get(entity=busy, code=wanted[name]).pk
    if "known" in wanted:
        wanted["known"] = datetime.now(UTC).isoformat()
        book_late(busy, "5.55")
    client = open_as("viewer")
    html = page(client, on=on.isoformat(), **wanted)
    opened = drills(html)
    assert len(opened) >= 6
    for figure, address in dict.fromkeys(opened):
        assert sum_behind(client, address) == figure, address
    for figure, address in opened[:2]:
        shown = client.get(address).content.decode()
        assert "They add up to the figure" in shown, address
        assert figure in values(section(shown, 'aria-labelledby="tie"'))
    assert "It ties out" in html
    rows = table(html, "aging-table")
    if asked.get("by") != "currency":
        for column in zip(*(amounts for _, amounts in rows), strict=True):
            assert sum(column[:-1]) in (column[-1], 0), "a column adds up to its total"


def test_by_parent_gathers_everyone_under_it(busy: Entity, open_as) -> None:
    rows = dict(table(page(open_as("viewer"), by="parent"), "aging-table"))
    assert rows["Larkspur Group"] == sums(
        "7.07", "170.00", "61.61", "0.00", "0.00", "-67.00", "171.68"
    )
    assert "Larkspur North" not in rows


def test_a_parent_opens_to_those_under_it(busy: Entity, open_as) -> None:
    client = open_as("viewer")
    html = page(client, by="parent")
    leads_to = re.search(r'href="([^"]*)">Larkspur Group</a>', html).group(1)
    opened = client.get(leads_to.replace("&amp;", "&")).content.decode()
    names = [name for name, _ in table(opened, "aging-table")]
    assert names == ["Larkspur North", "Larkspur North Annex", "Larkspur Group", "All of it"]
    assert table(opened, "aging-table")[-1][1][-1] == Decimal("171.68")


def test_by_currency_nothing_is_added_across(busy: Entity, open_as, today: date) -> None:
    html = page(open_as("viewer"), by="currency")
    rows = table(html, "aging-table")
    assert [name for name, _ in rows] == ["GBP", "JPY"]
    told = aging(on=today, scope=Scope(entity_id=busy.pk), by="none").totals
    for name, amounts in rows:
        decimals = 2 if name == "GBP" else 0
        assert int(amounts[-1].scaleb(decimals)) == told[name].total
    assert len(table(html, "tied")) == 2, "each has its certificate"


def test_by_company_each_has_a_row_and_opens(busy: Entity, open_as) -> None:
    client = open_as("viewer")
    html = page(client, by="entity", currency="GBP")
    rows = table(html, "aging-table")
    assert [(name, amounts[-1]) for name, amounts in rows] == [
        ("Northwind Packaging", Decimal("501.17")),
        ("Southwind", Decimal("10.00")),
        ("Together", Decimal("511.17")),
    ]
    leads_to = re.search(r'href="([^"]*)">Southwind</a>', html).group(1).replace("&amp;", "&")
    opened = client.get(leads_to).content.decode()
    assert "Southwind, in GBP." in text(opened)
    assert table(opened, "aging-table")[0] == (
        "Südwind Kontor", sums("0.00", "10.00", "0.00", "0.00", "0.00", "0.00", "10.00")
    )  # fmt: skip


def test_a_company_alone_is_not_offered_as_a_grouping(books: Entity, open_as) -> None:
    html = page(open_as("viewer"))
    assert ">Company</a>" not in html
    assert 'name="entity"' not in html


def test_a_past_day_forgets_what_came_later(busy: Entity, open_as, today: date) -> None:
    """Nine days ago the part payment was applied, the credit note was not yet."""

    client = open_as("viewer")

    def larkspur(days: int) -> list[Decimal]:
        on = (today - timedelta(days=days)).isoformat()
        return dict(table(page(client, on=on), "aging-table"))["Larkspur North"]

    assert larkspur(11) == sums("0.00", "600.00", "33.00", "0.00", "0.00", "-80.00", "553.00")
    assert larkspur(9) == sums("0.00", "200.00", "33.00", "0.00", "0.00", "-130.00", "103.00")
    assert larkspur(8) == sums("0.00", "170.00", "33.00", "0.00", "0.00", "-100.00", "103.00")
    assert larkspur(0) == sums("0.00", "170.00", "0.00", "0.00", "0.00", "-67.00", "103.00")


def test_known_then_leaves_out_what_was_booked_since(books: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    on = (today - timedelta(days=2)).isoformat()
    moment = datetime.now(UTC).isoformat()
    take_in(
        books, "items", ITEMS, ("invoice", "B-1", "C2", "GBP", "2020-01-01", "2020-01-31", "9.00")
    )
    now = table(page(client, on=on), "aging-table")[-1][1]
    then = table(page(client, on=on, known=moment), "aging-table")[-1][1]
    assert now[-1] - then[-1] == Decimal("9.00")
    html = page(client, on=on, known="then")
    assert "So it was known at the end of" in html, "two days ago nothing was in these books"
    assert "As known now" in html


def test_known_then_is_known_now_where_nothing_was_booked_since(
    books: Entity, open_as, today: date
) -> None:
    client = open_as("viewer")
    then = page(client, known="then")
    assert table(then, "aging-table") == table(page(client), "aging-table")
    assert "As known at the end of" in then


def test_what_is_booked_for_a_later_day_is_not_open_today(
    books: Entity, open_as, today: date
) -> None:
    later = (today + timedelta(days=3)).isoformat()
    take_in(books, "items", ITEMS, ("invoice", "F-1", "C1", "GBP", later, later, "999.00"))
    client = open_as("viewer")
    assert table(page(client), "aging-table")[-1][1][-1] == Decimal("340.75")
    assert table(page(client, on=later), "aging-table")[-1][1][-1] == Decimal("1339.75")


def test_an_application_dated_later_has_not_settled_anything_today(
    books: Entity, open_as, today: date
) -> None:
    later = (today + timedelta(days=3)).isoformat()
    take_in(books, "applications", APPLICATIONS, ("PAY-1", "INV-2", "C1", "50.00", later))
    row = dict(table(page(open_as("viewer")), "aging-table"))["Meridian Foods"]
    assert row == sums("100.00", "250.50", "0.00", "0.00", "0.00", "-50.00", "300.50")


def test_nothing_open_says_why_and_what_to_do(books: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    assert "Nothing was open in GBP on 1 Jan 2001" in page(client, on="2001-01-01")
    html = page(client, currency="CHF")
    assert "Nothing was open in CHF" in html
    assert "currency=JPY" in html, "it offers what is open"


# ---- the certificate


def certificate(client: Client, **asked: object) -> str:
    return text(client.get("/aging/certificate/", asked).content.decode())


def test_the_certificate_counts_items_and_names_batch_and_command(busy: Entity, open_as) -> None:
    told = certificate(open_as("viewer"), currency="GBP", basis="invoice", buckets="15,45")
    assert told.startswith("It ties out Aging, all buckets 501 .17 =")
    assert "= 10 open items and payments 501 .17 = Control account in the ledger 501 .17" in told
    assert "Difference 0 .00" in told
    assert re.search(r"from 9 sealed batches, the newest with digest [0-9a-f]{4} ", told)
    today = datetime.now(UTC).date().isoformat()
    assert (
        f"duly aging --on {today} --basis invoice --currency GBP --buckets 15,45"
        " --entity 'Northwind Packaging'" in told
    )


def test_a_customers_certificate_is_of_their_own_account(busy: Entity, open_as) -> None:
    customer = Customer.objects.get(entity=busy, code="008").pk
    told = certificate(open_as("viewer"), customer=customer)
    assert told.startswith("It ties out Aging, all buckets 103 .00 =")
    assert "2 open items and payments" not in told
    assert "3 open items and payments 103 .00 = Their control account 103 .00" in told
    assert "--customer 008" in told


def test_an_items_sum_that_is_off_is_named(busy: Entity, open_as) -> None:
    item = Item.objects.get(open_minor=4025)
    Item.objects.filter(pk=item.pk).update(open_minor=4024)
    told = certificate(open_as("viewer"), currency="GBP")
    assert told.startswith("It does not tie out")
    assert "501 .17 ≠" in told
    assert "It is off in GBP. Run duly check" in told


def test_a_kept_sum_that_is_off_is_named_at_once(busy: Entity, open_as) -> None:
    day = OpenDay.objects.filter(entity_id=busy.pk, currency="GBP", side="due").first()
    OpenDay.objects.filter(pk=day.pk).update(amount_minor=day.amount_minor + 1)
    client = open_as("viewer")
    told = text(section(page(client), 'aria-labelledby="tie"'))
    assert "It does not tie out" in told
    assert "Difference 0 .01" in told
    assert "It is off in GBP" in text(page(client, currency="JPY")), "whichever is looked at"


# ---- the files


def rows_of(content: bytes, form: str) -> list[list[str]]:
    if form == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    return [["" if v is None else str(v) for v in row] for row in sheet.values]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ({}, 3),
        ({"by": "parent", "days_ago": 9}, 3),
        ({"by": "currency"}, 1),
        ({"by": "entity"}, 2),
        ({"by": "none", "basis": "invoice", "buckets": "10,40"}, 1),
        ({"currency": "JPY", "days_ago": 1}, 3),
        ({"customer": "008"}, 3),
    ],
    ids=str,
)
def test_a_file_holds_what_is_on_the_screen(
    form: str, asked: dict, texts: int, busy: Entity, open_as, today: date
) -> None:
    wanted = dict(asked)
    wanted["on"] = (today - timedelta(days=wanted.pop("days_ago", 0))).isoformat()
    if "customer" in wanted:
        wanted["customer"] = Customer.objects.get(entity=busy, code=wanted["customer"]).pk
    client = open_as("viewer")
    html = page(client, **wanted)
    address = re.search(rf'href="([^"]*aging\.{form}[^"]*)"', html).group(1).replace("&amp;", "&")
    response = client.get(address)
    assert re.fullmatch(
        rf'attachment; filename="aging-[\w.-]+\.{form}"', response.headers["Content-Disposition"]
    )
    head, *rows = rows_of(response.content, form)
    shown = table(html, "aging-table")
    assert len(rows) == len(shown)
    for (name, amounts), row in zip(shown, rows, strict=True):
        assert [Decimal(cell) for cell in row[texts:]] == amounts, name
    assert head[-2:] == ["unapplied", "total"]
    assert len(head) == texts + len(shown[0][1])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_id_that_looks_like_a_number_stays_a_text(form: str, busy: Entity, open_as) -> None:
    content = open_as("viewer").get(f"/aging/aging.{form}").content
    assert {"007", "008", "009"} <= {row[0] for row in rows_of(content, form)}


def test_a_name_that_begins_like_a_formula_is_neutral_in_the_file(busy: Entity, open_as) -> None:
    name = '=cmd|"<script>alert(1)</script>"'
    client = open_as("viewer")
    rows = rows_of(client.get("/aging/aging.csv?currency=JPY").content, "csv")
    assert rows[1][1] == f"'{name}"
    rows = rows_of(client.get("/aging/aging.xlsx?currency=JPY").content, "xlsx")
    assert rows[1][1] == name, "a cell of text, and no formula"


# ---- the table goes on


@pytest.fixture
def many(entity: Entity, today: date) -> Entity:
    """120 customers; two owe the same, one is in credit."""
    due = (today - timedelta(days=1)).isoformat()
    codes = [f"K{n:03d}" for n in range(120)]
    take_in(entity, "customers", ("customer_id", "name"), *((c, f"Firm {c}") for c in codes))
    kinds = {7: "credit_note"}
    rows = [
        (kinds.get(i, "invoice"), f"N{i}", code, "GBP", due, due, f"{i // 2 + 1}.10")
        for i, code in enumerate(codes)
    ]
    take_in(entity, "items", ITEMS, *rows)
    return entity


@pytest.mark.parametrize("days", [0, 1])
def test_pages_of_rows_lose_and_repeat_none(days: int, many: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    asked = {"on": (today - timedelta(days=days)).isoformat()}
    html, names, pages = page(client, **asked), [], 1
    while True:
        rows = table(html, "aging-table")
        assert rows[-1] == ("All customers", table(page(client, **asked), "aging-table")[-1][1])
        names += [name for name, _ in rows[:-1]]
        following = re.search(r'href="([^"]+)" rel="next"', html)
        if not following:
            break
        html = client.get(following.group(1).replace("&amp;", "&")).content.decode()
        assert 'rel="prev"' in html
        pages += 1
    assert pages == 3
    assert len(names) == len(set(names)) == 120
    assert names[0] in ("Firm K118", "Firm K119")
    assert names[-1] == "Firm K007", "who owes nothing stands last"
    rows = rows_of(client.get("/aging/aging.csv", asked).content, "csv")
    assert [row[1] for row in rows[1:-1]] == names
    assert len(views.GROUPINGS) == 5


# ---- what can be chosen


def test_the_day_changes_the_address_and_every_choice_keeps_the_rest(busy: Entity, open_as) -> None:
    html = page(open_as("viewer"), on="2026-02-28", basis="invoice", buckets="15,45", by="parent")

    def leads_to(id_: str) -> str:
        found = re.search(rf'id="{id_}" href="([^"]+)"', html)
        return found.group(1).replace("&amp;", "&")

    kept = "basis=invoice&by=parent&buckets=15%2C45"
    assert leads_to("day-before") == f"/aging/?on=2026-02-27&{kept}"
    assert leads_to("day-behind") == f"/aging/?on=2026-03-01&{kept}"
    assert leads_to("day-today") == f"/aging/?{kept}"
    assert "on=2026-02-28&basis=due&by=parent" in leads_to("basis-1")
    assert "known=then" in leads_to("known-2")


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("on=2026-02-30", 422, "INVALID_DATE"),
        ("on=03/04/2026", 422, "INVALID_DATE"),
        ("on=9999-12-31", 422, "INVALID_DATE"),
        ("known=soon", 422, "INVALID_DATE"),
        ("known=9999-12-31", 422, "INVALID_DATE"),
        ("basis=posting", 422, "BUCKETS_UNCLEAR"),
        ("buckets=60,30", 422, "BUCKETS_UNCLEAR"),
        ("buckets=a", 422, "BUCKETS_UNCLEAR"),
        ("buckets=" + ",".join(map(str, range(1, 20))), 422, "BUCKETS_UNCLEAR"),
        ("currency=ZZZ", 422, "UNKNOWN_CURRENCY"),
        ("customer=999999", 404, "CUSTOMER_UNKNOWN"),
        ("customer=" + "9" * 40, 404, "CUSTOMER_UNKNOWN"),
        ("customer=" + "0" * 20 + "9" * 5000, 404, "CUSTOMER_UNKNOWN"),
        ("parent=x", 404, "CUSTOMER_UNKNOWN"),
        ("entity=99", 404, "ENTITY_UNKNOWN"),
        ("from=x", 422, "MALFORMED"),
        ("from=" + "9" * 30, 422, "MALFORMED"),
        ("on=x", 422, "INVALID_DATE"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(
    asked: str, status: int, told: str, books: Entity, open_as
) -> None:
    client = open_as("viewer")
    for address in ("/aging/", "/aging/aging.csv", "/items/"):
        if "from=" in asked and address != "/aging/":
            continue
        response = client.get(f"{address}?{asked}")
        assert response.status_code == status, address
        assert told in response.content.decode()


def test_a_customer_of_another_company_is_not_here(busy: Entity, open_as) -> None:
    other = Customer.objects.get(code="S1").pk
    client = open_as("viewer")
    assert client.get(f"/aging/?customer={other}").status_code == 404
    assert client.get(f"/aging/?customer={other}&entity=all").status_code == 200


def test_a_far_place_in_the_table_is_empty_and_adds_up(books: Entity, open_as) -> None:
    html = page(open_as("viewer"), **{"from": 500})
    assert [name for name, _ in table(html, "aging-table")] == ["All customers"]


# ---- month ends


def months(client: Client, **asked: object) -> list[tuple[str, list[Decimal]]]:
    html = client.get("/aging/months/", asked).content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)[1:]
    return [(text(re.search(r"<th.*?</th>", row).group(0)), values(row)) for row in rows]


def test_month_ends_lead_up_to_the_day_asked_for(busy: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    on = today - timedelta(days=9)
    rows = months(client, on=on.isoformat(), currency="GBP")
    assert len(rows) == 12
    assert rows[-1][1] == table(page(client, on=on.isoformat()), "aging-table")[-1][1]
    drawn = client.get("/aging/months/", {"on": on.isoformat()}).content.decode()
    assert f"{on.day} {on:%b}</text>" in drawn
    assert ">today<" not in drawn
    assert ">today<" in client.get("/aging/months/").content.decode()


def test_month_ends_keep_to_the_part_asked_for(busy: Entity, open_as) -> None:
    client = open_as("viewer")
    customer = Customer.objects.get(entity=busy, code="008").pk
    assert months(client, customer=customer)[-1][1][-1] == Decimal("103.00")
    assert months(client, entity="all", currency="EUR")[-1][1][-1] == Decimal("20.00")


def test_month_ends_are_counted_again_after_a_write(books: Entity, open_as, today: date) -> None:
    client = open_as("viewer")
    before = months(client)[-1][1][-1]
    take_in(
        books, "items", ITEMS, ("invoice", "W-1", "C1", "GBP", "2020-01-01", "2020-02-01", "5.00")
    )
    assert months(client)[-1][1][-1] == before + 5


# ---- how much is read


@pytest.mark.parametrize("by", ["customer", "parent", "currency", "entity", "none"])
def test_the_page_reads_little_however_many_customers(
    by: str, many: Entity, open_as, today: date, django_assert_max_num_queries
) -> None:
    client = open_as("viewer")
    for days in (0, 1):
        on = (today - timedelta(days=days)).isoformat()
        with django_assert_max_num_queries(22):
            page(client, by=by, on=on)


@pytest.mark.parametrize("address", ["/aging/aging.csv", "/aging/months/", "/aging/certificate/"])
def test_whoever_may_look_may_take_it_along(address: str, books: Entity, open_as) -> None:
    assert open_as("sales").get(address).status_code == 200
