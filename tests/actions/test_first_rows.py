"""An import shows the first rows of each sort as understood, and what a change changes."""

import pytest

from building import Books, day, sheet_of
from duly.intake.actions import import_sheets
from duly.intake.actions.importing import Options
from northwind import northwind

pytestmark = pytest.mark.django_db

CUSTOMER = "customer_id,name,country,credit_limit,do_not_chase\n"
ITEM = "kind,number,customer_id,currency,issued_on,due_on,amount,open_amount\n"
ROW = "invoice,I-{},MERIDIAN,EUR,2026-01-02,2026-02-01,{},{}\n"


def first(report: dict, sort: str) -> list[str]:
    return [row["where"] for row in report["first"].get(sort, [])]


@pytest.fixture
def books() -> Books:
    return northwind()


def test_new_and_same_rows_are_shown_with_their_cells(books: Books) -> None:
    books.take_in("items", ITEM + ROW.format(2, "5.00", ""))
    report = books.take_in("items", ITEM + ROW.format(1, "5.00", "") + ROW.format(2, "5.00", ""))
    assert report["first"]["new"] == [
        {
            "where": "row 2",
            "cells": {
                "kind": "invoice",
                "number": "I-1",
                "customer_id": "MERIDIAN",
                "currency": "EUR",
                "issued_on": "2026-01-02",
                "due_on": "2026-02-01",
                "amount": "5.00",
            },
        }
    ]
    assert first(report, "same") == ["row 3"]


def test_what_differs_of_a_customer_is_shown_before_and_after(books: Books) -> None:
    books.take_in("customers", CUSTOMER + "A,Ann,DE,1000,no\nB,Bea,DE,,no\n")
    report = books.take_in("customers", CUSTOMER + "C,Cee,DE,,no\nB,Bea,DE,,no\nA,Anna,DE,2500,yes")
    assert report["first"]["changed"] == [
        {
            "where": "row 4",
            "cells": {
                "customer_id": "A",
                "name": "Anna",
                "country": "DE",
                "credit_limit": "2500",
                "do_not_chase": "yes",
            },
            "differs": {
                "name": ["Ann", "Anna"],
                "credit_limit": ["1000.00", "2500.00"],
                "do_not_chase": ["no", "yes"],
            },
        }
    ]
    assert (first(report, "new"), first(report, "same")) == (["row 2"], ["row 3"])


def test_what_a_snapshot_lowers_is_shown(books: Books) -> None:
    books.take_in("items", ITEM + "".join(ROW.format(n, "5.00", "") for n in range(6)))
    rows = [ROW.format(n, "5.00", "4.50" if n == 3 else "5.00") for n in range(6)]
    report = books.take_in("items", ITEM + "".join(rows), snapshot_on=day("2026-02-13"))
    assert first(report, "changed") == ["row 5"]
    assert report["first"]["changed"][0]["differs"] == {"open_amount": ["5.00", "4.50"]}


def test_rates_contacts_payments_and_applications_are_sorted_too(books: Books) -> None:
    rates = "on,currency,per_entity_currency\n2026-01-02,USD,"
    books.take_in("rates", rates + "1.1\n")
    changed = books.take_in("rates", rates + "1.2\n")["first"]["changed"]
    assert changed[0]["differs"] == {"per_entity_currency": ["1.1", "1.2"]}
    contacts = "customer_id,name,role,email\nMERIDIAN,Ann,owner,a@example.org\n"
    assert first(books.take_in("contacts", contacts), "new") == ["row 2"]
    assert first(books.take_in("contacts", contacts), "same") == ["row 2"]
    books.take_in("items", ITEM + ROW.format(1, "5.00", ""))
    payments = "payment_id,customer_id,currency,received_on,amount\nP,MERIDIAN,EUR,2026-02-01,5\n"
    assert first(books.take_in("payments", payments), "new") == ["row 2"]
    assert first(books.take_in("payments", payments), "same") == ["row 2"]
    applied = "payment_id,item_number,customer_id,amount,applied_on\nP,I-1,MERIDIAN,5,2026-02-02\n"
    assert first(books.take_in("applications", applied), "new") == ["row 2"]
    assert first(books.take_in("applications", applied), "same") == ["row 2"]


def test_rejected_rows_are_shown_and_five_of_the_others_are_enough(books: Books) -> None:
    rows = [ROW.format(n, "x" if n % 2 else "5.00", "") for n in range(220)]
    sheet = sheet_of("items", ITEM + "".join(rows), block_rows=3)
    report = import_sheets(
        entity=books.entity,
        sheets=[(sheet, "0" * 64)],
        actor="tester",
        at=books.moment(),
        options=Options(accept_partial=True),
    )[0]
    assert first(report, "rejected") == [f"row {n}" for n in range(3, 203, 2)]
    assert first(report, "new") == [f"row {n}" for n in (2, 4, 6, 8, 10)]
    assert report["first"]["rejected"][0]["cells"]["amount"] == "x"
