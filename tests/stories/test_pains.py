"""What hurt users of other systems, each row of the list of pains that concerns open items.

The names carry the row's id. What a pain says is in its docstring; the test shows its cure.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from building import Books, broken
from northwind import APPLICATIONS, CUSTOMERS, ITEMS, PAYMENTS, trading_northwind
from shell import duly
from stories.desk import aged_on, books_hold, open_on

pytestmark = pytest.mark.django_db

File = Callable[[str, str], Path]
ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount\n"
PAID = "payment_id,customer_id,currency,received_on,amount\n"


@pytest.fixture
def trading(file: File) -> None:
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")
    duly(
        "import",
        file("customers.csv", CUSTOMERS),
        file("items.csv", ITEMS),
        file("payments.csv", PAYMENTS),
        file("applications.csv", APPLICATIONS),
    )


def test_pain_d4_credit_notes_are_no_unpaid_invoices(trading: None) -> None:
    """Credit notes listed as unpaid invoices."""
    items = {i["number"]: i for i in duly("items", "--on", "2026-03-10", "--open")["items"]}
    assert (items["T-CN1"]["kind"], items["T-CN1"]["state"]) == ("credit_note", "credit")
    row = next(
        r for r in duly("aging", "--on", "2026-03-10")["rows"] if r["customer"] == "TALLOAKS"
    )
    assert (row["1-30"], row["unapplied"], row["total"]) == ("780.00", "-80.00", "700.00")


def test_pain_e1_aging_adds_up_to_the_control_account(trading: None) -> None:
    """Ageing does not add up to outstanding, nor to the trial balance."""
    duly("apply", "P-3", "M-1=30.00", "--customer", "MERIDIAN", "--on", "2026-03-12")
    duly("apply", "T-CN1", "T-1=10.00", "--on", "2026-03-12")
    duly("void", "M-2", "--customer", "MERIDIAN", "--on", "2026-03-13")
    for on in ("2026-02-01", "2026-02-20", "2026-03-08", "2026-03-12", "2026-12-31"):
        told = duly("aging", "--on", on)
        assert set(told["tie_out"]) >= set(told["totals"])
        for tie in told["tie_out"].values():
            assert tie["open_items"] == tie["control_account"]
    assert books_hold()


def test_pain_e2_what_is_due_later_has_its_own_bucket(trading: None) -> None:
    """Future-due items in no bucket."""
    told = duly("aging", "--on", "2026-01-05")
    assert told["totals"]["JPY"]["current"] == told["totals"]["JPY"]["total"] == "120000"
    assert "unapplied" in told["totals"]["JPY"]


def test_pain_e3_a_past_day_is_told_as_it_stood(trading: None, file: File) -> None:
    """Past as-of date deducts later receipts."""
    before = aged_on("2026-03-01")
    duly("import", file("p.csv", PAID + "P-9,MERIDIAN,EUR,2026-03-05,400.00"))
    duly("apply", "P-9", "M-1=400.00", "--on", "2026-03-06")
    assert aged_on("2026-03-01") == before
    assert open_on("M-1", "2026-03-05") == "400.00"
    assert open_on("M-1", "2026-03-06") == "0.00"


def test_pain_e4_every_item_has_a_due_date_and_the_basis_is_told(trading: None, file: File) -> None:
    """Default basis hides items without due date."""
    header = ITEM.replace("due_on,", "")
    duly("import", file("i.csv", header + "invoice,N-1,MERIDIAN,EUR,2026-03-01,10.00"))
    due = [i["due_on"] for i in duly("items")["items"] if i["number"] == "N-1"]
    assert due == ["2026-03-31"]  # the customer's terms, net 30
    for basis in ("due", "invoice"):
        assert duly("aging", "--basis", basis)["basis"] == basis
    totals = {b: aged_on("2026-03-10", "--basis", b)["total"] for b in ("due", "invoice")}
    assert totals["due"] == totals["invoice"]


def test_pain_h1_a_discount_is_an_offer_and_the_whole_stays_due(trading: None) -> None:
    """2/10 net 30 can't be expressed, or is two due dates."""
    items = [i for i in duly("items", "--on", "2026-03-10")["items"] if i["number"] == "H-1"]
    assert [(i["due_on"], i["amount"], i["open"]) for i in items] == [
        ("2026-03-31", "200.00", "200.00")
    ]


def test_pain_h2_changed_terms_leave_what_was_printed(trading: None, file: File) -> None:
    """Changing the term later changes the deadline already printed."""
    duly("import", file("customers.csv", CUSTOMERS.replace("2/10 net 30", "net 7")))
    due = {i["number"]: i["due_on"] for i in duly("items")["items"]}
    assert due["H-1"] == "2026-03-31"
    duly("import", file("p.csv", PAID + "P-H,HARBOUR,EUR,2026-03-11,196.00"))
    header = "payment_id,item_number,customer_id,amount,applied_on,discount\n"
    duly("import", file("a.csv", header + "P-H,H-1,HARBOUR,196.00,2026-03-11,4.00"))
    assert open_on("H-1", "2026-03-11") == "0.00"


def test_pain_h3_no_cent_is_lost_between_parts(trading: None, file: File) -> None:
    """Rounding by line against total differs by a cent: every amount up to two euros is tried."""
    header = "kind,number,customer_id,currency,issued_on,terms,amount\n"
    terms = '"33.33% in 30 days, 33.33% in 60 days, 33.34% in 90 days"'
    rows = "".join(
        f"invoice,C-{n},MERIDIAN,EUR,2026-03-01,{terms},{n / 100:.2f}\n" for n in range(1, 201)
    )
    duly("import", file("i.csv", header + rows))
    sums: dict[str, int] = {}
    for item in duly("items", "--customer", "MERIDIAN", "--on", "2026-03-01")["items"]:
        cents = int(item["amount"].replace(".", ""))
        sums[item["number"]] = sums.get(item["number"], 0) + cents
    assert {name: sums[name] for name in sums if name.startswith("C-")} == {
        f"C-{n}": n for n in range(1, 201)
    }
    assert books_hold()


def test_pain_i1_the_same_file_again_adds_no_row(trading: None, file: File) -> None:
    """Re-importing the same CSV adds a phantom row when amounts repeat."""
    path = file("p.csv", PAID + "".join(f"R-{n},KOBO,JPY,2026-03-01,500\n" for n in range(3)))
    assert [duly("import", path)["batches"][0]["new"] for _ in range(3)] == [3, 0, 0]
    assert aged_on("2026-03-01", currency="JPY")["unapplied"] == "-1500"


def test_pain_i2_twin_payments_are_both_kept(trading: None, file: File) -> None:
    """Legitimate twin payments dropped as duplicates."""
    path = file("p.csv", PAID + "A,KOBO,JPY,2026-03-01,500\nB,KOBO,JPY,2026-03-01,500\n")
    assert duly("import", path)["batches"][0]["new"] == 2
    twins = "payment_id,item_number,customer_id,amount,applied_on\n" + (
        "P-3,M-1,MERIDIAN,5.00,2026-03-09\n" * 2
    )
    assert duly("import", file("a.csv", twins))["batches"][0]["new"] == 2
    assert open_on("M-1", "2026-03-09") == "390.00"


def test_pain_i3_a_line_that_was_worked_on_keeps_its_id(trading: None, file: File) -> None:
    """The id is lost when merging, so the line returns at the next import."""
    duly("apply", "P-3", "M-1=30.00", "--customer", "MERIDIAN", "--on", "2026-03-09")
    duly("unapply", "P-3", "--on", "2026-03-10")
    duly("apply", "P-3", "M-2=55.55", "--customer", "MERIDIAN", "--on", "2026-03-10")
    told = duly("import", file("payments.csv", PAYMENTS))["batches"][0]
    assert (told["new"], told["same"]) == (0, 3)


def test_pain_i4_what_was_previewed_is_what_is_written(trading: None, file: File) -> None:
    """Duplicates flagged in the preview but imported anyway."""
    path = file("i.csv", ITEMS + "invoice,N-1,MERIDIAN,EUR,2026-03-01,2026-03-31,,10.00\n")
    seen = duly("import", path, "--dry-run")["batches"][0]
    done = duly("import", path)["batches"][0]
    assert (seen["new"], seen["same"]) == (1, 8)
    assert {**seen, "id": 0} == {**done, "id": 0}


MAP = """
name = "old bank"
kind = "payments"
decimal = ","
thousands = "."
date_order = "dmy"
negative = "keep"

[constants]
currency = "EUR"

[columns]
payment_id = ["Beleg"]
received_on = ["Datum"]
amount = ["Betrag"]
payer_name = ["Name"]
"""


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1;31.01.2026;1.234,50;Anna", None),
        ("1;31.01.2026;12,50-;Anna", "AMOUNT"),
        ("1;31.01.2026;(12,50);Anna", "AMOUNT"),
        ("1;01/31/2026;1,50;Anna", "DATE"),
        ("1;31.02.2026;1,50;Anna", "DATE"),
    ],
)
def test_pain_i7_how_a_bank_writes_is_declared_never_guessed(
    trading: None, file: File, row: str, problem: str | None
) -> None:
    """Decimal comma, trailing minus, (12.50), D/C column, header lines, two-digit years."""
    path = file("bank.csv", f"Beleg;Datum;Betrag;Name\n{row}\n")
    line = ("import", path, "--map", file("bank.toml", MAP))
    if problem is None:
        control = duly(*line)["batches"][0]["control"]
        assert control == {"EUR": {"count": 1, "amount": "1234.50"}}
        return
    refusal = duly(*line, code=3)
    (told,) = refusal["facts"]["problems"]
    assert told["where"] == "row 2"
    assert problem in told["code"]


def test_pain_i7_marks_of_debit_and_credit_stand_in_a_column(trading: None, file: File) -> None:
    """Lines above the header, and the sign in a column of its own."""
    told = (
        MAP
        + """
[sign]
column = "S/H"
negative = ["S"]
"""
    )
    bank = "Kontoauszug;;;;\n;;;;\nBeleg;Datum;Betrag;S/H;Name\n1;31.01.2026;7,50;H;Anna\n"
    line = ("import", "--map", file("bank.toml", told))
    assert duly(*line, file("bank.csv", bank))["batches"][0]["control"] == {
        "EUR": {"count": 1, "amount": "7.50"}
    }
    refusal = duly(*line, file("bank.csv", bank.replace(";H;", ";S;")), code=3)
    assert [(p["where"], p["code"]) for p in refusal["facts"]["problems"]] == [
        ("row 4", "AMOUNT_NOT_POSITIVE")
    ]


def test_pain_i8_a_day_in_the_amount_column_is_seen(trading: None, file: File) -> None:
    """A date column mapped as amount: 31072026 becomes money. The control total shows it."""
    path = file("i.csv", ITEM + "invoice,N-1,MERIDIAN,EUR,2026-03-01,2026-03-31,2026-07-31")
    assert duly("import", path, code=3)["facts"]["problems"][0]["where"] == "row 2"
    path = file("i.csv", ITEM + "invoice,N-1,MERIDIAN,EUR,2026-03-01,31072026,10.00")
    assert duly("import", path, code=3)["facts"]["problems"][0]["code"] == "INVALID_DATE"
    path = file("i.csv", ITEM + "invoice,N-1,MERIDIAN,EUR,2026-03-01,2026-03-31,31072026")
    seen = duly("import", path, "--dry-run")["batches"][0]
    assert seen["control"]["EUR"] == {"count": 1, "amount": "31072026.00"}


def test_pain_i9_old_money_has_a_home_at_migration(file: File) -> None:
    """Migration leaves old unreconciled payments with no home."""
    duly("init", "--entity", "Northwind Packaging", "--currency", "EUR", "--country", "DE")
    told = duly(
        "import",
        file("customers.csv", CUSTOMERS),
        file(
            "open.csv",
            ITEM.replace("amount", "amount,open_amount")
            + "invoice,O-1,MERIDIAN,EUR,2025-01-01,2025-01-31,100.00,25.00\n"
            + "credit_note,O-2,MERIDIAN,EUR,2025-02-01,,60.00,10.00\n",
        ),
        file("money.csv", PAID + "O-3,MERIDIAN,EUR,2025-03-01,7.00\nO-4,,EUR,2025-03-01,5.00\n"),
    )
    assert [batch["new"] for batch in told["batches"]] == [6, 2, 2]
    assert aged_on("2026-01-01") == {
        "over-90": "25.00",
        "unapplied": "-22.00",
        "total": "3.00",
    }


def test_pain_k1_a_void_never_moves_a_closed_month(trading: None) -> None:
    """Cancelling rewrites the original date; closed months move."""
    duly("lock", "2026-02-28")
    january, february = aged_on("2026-01-31"), aged_on("2026-02-28")
    line = ("void", "M-2", "--customer", "MERIDIAN", "--on")
    assert duly(*line, "2026-02-15", code=3)["code"] == "PERIOD_LOCKED"
    duly(*line, "2026-03-02")
    duly("unapply", "P-1", "--on", "2026-03-02")
    assert (aged_on("2026-01-31"), aged_on("2026-02-28")) == (january, february)
    assert aged_on("2026-03-02") != february


def test_pain_k2_a_reversal_stands_beside_what_it_reverses() -> None:
    """No true reversal for audited books: what was posted is reversed, linked both ways."""
    from duly.ledger.queries import entries_with_postings
    from duly.receivables.queries import payments_by_number

    books = trading_northwind()
    document = books.item("M-2").document_id
    payment = payments_by_number(books.entity_id, ["P-3"])["P-3"].id
    books.void("M-2", on="2026-03-12")
    books.void_payment("P-3", on="2026-03-12")
    from duly.receivables.queries import document_view, payment_view

    for view in (document_view(document), payment_view(payment)):
        assert view is not None
        posted, back = view.entries
        assert (posted.reversed_by_id, back.reverses_id) == (back.id, posted.id)
        assert sorted(leg.amount_minor for leg in posted.postings) == sorted(
            -leg.amount_minor for leg in back.postings
        )
    assert len(entries_with_postings("document", [document])) == 1
    assert broken() == {}


def _many(count: int) -> Books:
    """A company with so many invoices, a third of them paid."""
    books = Books()
    books.take_in("customers", CUSTOMERS)
    rows = [f"invoice,N-{n},MERIDIAN,EUR,2026-01-01,2026-01-31,1.00" for n in range(count)]
    money = [f"P-{n},MERIDIAN,EUR,2026-02-01,1.00" for n in range(0, count, 3)]
    used = [f"P-{n},N-{n},MERIDIAN,1.00,2026-02-02" for n in range(0, count, 3)]
    books.take_in("items", ITEM + "\n".join(rows))
    books.take_in("payments", PAID + "\n".join(money))
    books.take_in(
        "applications",
        "payment_id,item_number,customer_id,amount,applied_on\n" + "\n".join(used),
    )
    return books


def _statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("on", ["2026-01-15", "2026-06-30"])
def test_pain_l1_a_report_asks_as_often_for_many_as_for_few(on: str) -> None:
    """30,000 invoices: reports take minutes. Sums are the database's; bench/ holds the times."""
    few = _many(3)
    asked_few = _statements(lambda: few.aging(on))
    many = Books("Many")
    many.take_in("customers", CUSTOMERS)
    rows = [f"invoice,N-{n},MERIDIAN,EUR,2026-01-01,2026-01-31,1.00" for n in range(1500)]
    many.take_in("items", ITEM + "\n".join(rows))
    assert _statements(lambda: many.aging(on)) == asked_few
    assert asked_few <= 8


def test_pain_l1_an_import_asks_as_often_for_many_rows_as_for_few() -> None:
    """Documents are written in bulk, never one by one."""
    counted = []
    for count in (10, 2000):
        books = Books(f"Company {count}")
        books.take_in("customers", CUSTOMERS)
        rows = [f"invoice,N-{n},MERIDIAN,EUR,2026-01-01,2026-01-31,1.00" for n in range(count)]
        text = ITEM + "\n".join(rows)
        counted.append(_statements(lambda b=books, t=text: b.take_in("items", t)))
    assert counted[0] == counted[1]


def test_pain_l2_lists_come_in_pages() -> None:
    """Above 100,000 invoices the page fails: what is shown is asked for page by page."""
    from datetime import date

    from duly.receivables.queries import customers_page, open_items, timeline
    from duly.receivables.rules.aging import DUE

    books = _many(300)
    on = date(2026, 3, 1)
    pages = [open_items(on=on, chosen=DUE, limit=90, offset=start) for start in (0, 90, 180)]
    assert [len(page) for page in pages] == [90, 90, 20]
    assert len({item.number for page in pages for item in page}) == 200
    first = customers_page(entity_id=books.entity_id, on=on, limit=4)
    rest = customers_page(entity_id=books.entity_id, on=on, after=first[-1].place, limit=4)
    assert [len(first), len(rest)] == [4, 2]
    assert len(timeline(customer_id=books.customer_id("MERIDIAN"), limit=25)) == 25
