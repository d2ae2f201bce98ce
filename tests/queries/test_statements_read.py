"""Statements against the aging of the same day, and against what happened, worked out by hand."""

from datetime import timedelta

import pytest

from building import Books, day, shown
from duly.receivables.queries import statements
from duly.receivables.rules.aging import DUE
from duly.receivables.rules.statements import ACTIVITY, OPEN_ITEM, Part, Statement

pytestmark = pytest.mark.django_db


def trading() -> Books:
    """A customer with invoices, a credit note, part payments, money on account; two currencies."""
    books = Books()
    books.customer("A", "Ann")
    books.customer("B", "Ben")
    books.invoice("I1", "A", "100.00", issued="2026-01-05", due="2026-02-04")
    books.invoice("I2", "A", "250.00", issued="2026-01-20", due="2026-02-19")
    books.invoice("I3", "A", "80.00", issued="2026-02-10", due="2026-03-12")
    books.invoice("U1", "A", "70.00", issued="2026-02-01", due="2026-03-03", currency="USD")
    books.credit_note("C1", "A", "30.00", issued="2026-02-12")
    books.payment("P1", "A", "120.00", on="2026-02-15")
    books.apply("P1", "I1", "100.00", on="2026-02-15")
    books.apply("C1", "I2", "10.00", on="2026-02-20")
    books.invoice("B1", "B", "40.00", issued="2026-02-01", due="2026-02-11")
    return books


def told(books: Books, on: str, kind: str = OPEN_ITEM, since: str = "", of: str = "A") -> Statement:
    pk = books.customer_id(of)
    (one,) = statements(
        on=day(on), groups={pk: [pk]}, kind=kind, from_on=day(since) if since else None
    )
    return one


def part(statement: Statement, currency: str = "EUR") -> Part:
    (found,) = [one for one in statement.parts if one.currency == currency]
    return found


def test_what_is_open_is_what_the_aging_says_on_any_day() -> None:
    books = trading()
    for on in ("2026-01-04", "2026-01-31", "2026-02-14", "2026-02-20", "2026-06-30"):
        aging = books.aging(on, customer="A")
        found = {
            one.currency: shown(
                dict(zip(DUE.names, one.ages_minor, strict=True))
                | {"unapplied": one.unapplied_minor, "total": one.balance_minor},
                one.currency,
            )
            for one in told(books, on).parts
        }
        assert found == aging, on


def test_each_currency_adds_up_by_itself() -> None:
    statement = told(trading(), "2026-02-28")
    assert [one.currency for one in statement.parts] == ["EUR", "USD"]
    for one in statement.parts:
        assert sum(line.open_minor for line in one.lines) == one.balance_minor
    assert part(statement, "USD").balance_minor == 7000


def test_lines_tell_what_is_left() -> None:
    lines = part(told(trading(), "2026-02-28")).lines
    assert [(line.number, line.amount_minor, line.open_minor) for line in lines] == [
        ("C1", -3000, -2000),
        ("P1", -12000, -2000),
        ("I2", 25000, 24000),
        ("I3", 8000, 8000),
    ]


@pytest.mark.parametrize("since", ["2026-01-01", "2026-02-01", "2026-02-15", "2026-02-28"])
def test_opening_and_activity_make_the_closing(since: str) -> None:
    books = trading()
    before = (day(since) - timedelta(days=1)).isoformat()
    for one in told(books, "2026-02-28", ACTIVITY, since).parts:
        opening = books.aging(before, customer="A").get(one.currency, {}).get("total", "0.00")
        assert shown({"total": one.opening_minor}, one.currency).get("total", "0.00") == opening
        moved = sum(movement.amount_minor for movement in one.movements)
        assert one.opening_minor + moved == one.balance_minor


def test_activity_is_what_moved_the_balance() -> None:
    one = part(told(trading(), "2026-02-28", ACTIVITY, "2026-02-01"))
    assert [(m.on.isoformat(), m.kind, m.number, m.amount_minor) for m in one.movements] == [
        ("2026-02-10", "invoice", "I3", 8000),
        ("2026-02-12", "credit_note", "C1", -3000),
        ("2026-02-15", "payment", "P1", -12000),
    ]


def test_money_applied_for_another_customer_moves_both() -> None:
    books = trading()
    books.apply("P1", "B1", "15.00", on="2026-02-25")
    of_payer = part(told(books, "2026-02-28", ACTIVITY, "2026-02-20"))
    assert [(m.kind, m.number, m.amount_minor) for m in of_payer.movements] == [
        ("cash", "P1", 1500)
    ]
    of_debtor = part(told(books, "2026-02-28", ACTIVITY, "2026-02-20", of="B"))
    assert [(m.kind, m.number, m.reference, m.amount_minor) for m in of_debtor.movements] == [
        ("cash", "B1", "P1", -1500)
    ]


def test_what_was_issued_and_voided_inside_is_not_told() -> None:
    books = trading()
    books.invoice("WRONG", "A", "999.00", issued="2026-02-11", due="2026-03-13")
    books.void("WRONG", on="2026-02-13")
    inside = part(told(books, "2026-02-28", ACTIVITY, "2026-02-01"))
    assert "WRONG" not in {movement.number for movement in inside.movements}
    across = part(told(books, "2026-02-28", ACTIVITY, "2026-02-12"))
    assert [(m.kind, m.amount_minor) for m in across.movements if m.number == "WRONG"] == [
        ("void", -99900)
    ]
    assert "WRONG" not in {line.number for line in part(told(books, "2026-02-28")).lines}
    assert "WRONG" in {line.number for line in part(told(books, "2026-02-12")).lines}


def test_a_discount_and_its_taking_back_are_told() -> None:
    books = trading()
    books.invoice(
        "D1", "A", "200.00", issued="2026-02-10", due="2026-03-12", discount=("2026-02-24", "4.00")
    )
    books.payment("P2", "A", "196.00", on="2026-02-20")
    books.apply("P2", "D1", "196.00", on="2026-02-20", discount="4.00")
    taken = part(told(books, "2026-02-22", ACTIVITY, "2026-02-18"))
    assert [(m.kind, m.amount_minor) for m in taken.movements] == [
        ("discount", -400),
        ("payment", -19600),
    ]
    books.unapply("P2", on="2026-02-23")
    back = part(told(books, "2026-02-28", ACTIVITY, "2026-02-23"))
    assert [(m.kind, m.number, m.amount_minor) for m in back.movements] == [("discount", "D1", 400)]


def test_a_group_is_one_statement_and_its_members_stay_apart_without() -> None:
    books = trading()
    a, b = books.customer_id("A"), books.customer_id("B")
    (both,) = statements(on=day("2026-02-28"), groups={a: [a, b]}, kind=OPEN_ITEM)
    assert {line.customer_id for line in part(both).lines} == {a, b}
    assert part(both).balance_minor == 28_000 + 4_000
    apart = list(statements(on=day("2026-02-28"), groups={a: [a], b: [b]}, kind=OPEN_ITEM))
    assert [part(one).balance_minor for one in apart] == [28_000, 4_000]


def test_many_customers_take_as_many_reads_as_one(django_assert_num_queries) -> None:
    books = trading()
    for n in range(30):
        books.customer(f"N{n}")
        books.invoice(f"N{n}-1", f"N{n}", "5.00", issued="2026-02-01", due="2026-02-11")
    ids = [books.customer_id(f"N{n}") for n in range(30)]
    for some in (ids[:1], ids):
        with django_assert_num_queries(7):
            list(
                statements(
                    on=day("2026-02-28"),
                    groups={pk: [pk] for pk in some},
                    kind=ACTIVITY,
                    from_on=day("2026-02-01"),
                )
            )


def test_what_is_asked_is_overdue_less_credits_or_else_the_balance() -> None:
    books = trading()
    assert part(told(books, "2026-02-28")).asked_minor == 24_000 - 2_000 - 2_000
    assert part(told(books, "2026-02-10")).asked_minor == 10_000  # I1 is late, I2 and I3 are not
    assert part(told(books, "2026-01-31")).asked_minor == 35_000  # nothing is late: all of it


def test_nobody_is_asked_for_what_they_hold_with_us() -> None:
    books = trading()
    books.payment("P9", "A", "1000.00", on="2026-02-27")
    one = part(told(books, "2026-02-28"))
    assert one.balance_minor < 0
    assert one.asked_minor == 0
