"""What customers usually keep back is learned from the books, for whoever proposes matches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from building import Books, day
from duly.cash_application.policy import STANDARD
from duly.cash_application.queries.gathering import gather
from duly.receivables.queries import kept_back

pytestmark = pytest.mark.django_db

ENOUGH = 40


def learned(books: Books) -> tuple[tuple[int, ...], int]:
    """The percentages that a run would reckon with, and how many deductions are none of them."""
    found = gather(
        entity_id=books.entity_id, country="DE", on=day("2026-03-20"), policy=STANDARD
    ).policy
    return found.deduction_percents, found.other_deductions_ppm


def short_paid(count: int) -> Books:
    """Invoices of 100.00 and more, each paid 7 percent short."""
    books = Books()
    books.customer("C1")
    rows = ["kind,number,customer_id,currency,amount,issued_on,due_on"]
    paid = ["payment_id,customer_id,currency,amount,received_on"]
    settled = ["payment_id,item_number,customer_id,amount,applied_on"]
    for n in range(count):
        cents = 10_000 + 100 * n
        cash = f"{cents * 93 / 10_000:.2f}"
        rows.append(f"invoice,R{n},C1,EUR,{cents / 100:.2f},2026-01-02,2026-02-01")
        paid.append(f"P{n},C1,EUR,{cash},2026-02-03")
        settled.append(f"P{n},R{n},C1,{cash},2026-02-03")
    books.take_in_all(
        [
            ("items", "\n".join(rows), ""),
            ("payments", "\n".join(paid), ""),
            ("applications", "\n".join(settled), ""),
        ]
    )
    return books


def test_percentages_that_come_again_are_learned_once_enough_is_known() -> None:
    books = short_paid(ENOUGH)
    assert learned(books) == ((7,), 0)
    books.unapply("P0", on="2026-02-04")
    assert learned(books) == (STANDARD.deduction_percents, STANDARD.other_deductions_ppm)


def test_only_what_one_payment_left_counts_and_in_two_reads() -> None:
    books = short_paid(2)
    books.invoice("D1", "C1", "200.00", issued="2026-01-02", discount=("2026-02-10", "4.00"))
    books.invoice("T1", "C1", "300.00", issued="2026-01-02")
    books.invoice("W1", "C1", "400.00", issued="2026-01-02")
    for number, item, amount in (
        ("D", "D1", "196.00"),
        ("T", "T1", "100.00"),
        ("U", "T1", "50.00"),
        ("W", "W1", "400.00"),
    ):
        books.payment(number, "C1", amount, on="2026-02-05")
        books.apply(number, item, amount, on="2026-02-05", discount="4.00" if item == "D1" else "")
    with CaptureQueriesContext(connection) as asked:
        found = kept_back(books.entity_id)
    assert found == [(10_000, 700), (10_100, 707)]
    assert len(asked) == 2
