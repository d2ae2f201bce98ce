"""Aging of whole books: M-10, any bounds, what a number is made of, now and as known then."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from building import Books, broken, day, now_known
from duly.receivables.queries import EVERYTHING, Scope, aging, open_items
from duly.receivables.rules.aging import buckets

pytestmark = pytest.mark.django_db

ON = "2026-03-31"


@pytest.fixture
def books(db: None) -> Books:
    """M-10 at 2026-03-31, in USD: I5 is 90 days past due, I6 is 91."""
    books = Books(currency="USD")
    books.customer("C")
    for number, issued, due, amount in (
        ("I1", "2026-03-01", "2026-03-31", "12000.00"),
        ("I2", "2026-02-14", "2026-03-31", "8000.00"),
        ("I3", "2026-01-31", "2026-03-02", "5000.00"),
        ("I4", "2026-01-15", "2026-02-14", "7000.00"),
        ("I5", "2025-12-01", "2025-12-31", "3000.00"),
        ("I6", "2025-11-30", "2025-12-30", "2000.00"),
    ):
        books.invoice(number, "C", amount, issued=issued, due=due)
    books.credit_note("CM1", "C", "1500.00", issued="2026-02-20")
    return books


def test_m_10_by_due_date(books: Books) -> None:
    assert books.aging(ON) == {
        "USD": {
            "current": "20000.00",
            "1-30": "5000.00",
            "31-60": "7000.00",
            "61-90": "3000.00",
            "over-90": "2000.00",
            "unapplied": "-1500.00",
            "total": "35500.00",
        }
    }
    assert books.differences(ON) == {"USD": 0}


def test_m_10_by_invoice_date(books: Books) -> None:
    """I1 is 30 days old, I2 45, I3 59, I4 75, I5 120, I6 121; the credit stands apart."""
    assert books.aging(ON, basis="invoice") == {
        "USD": {
            "0-30": "12000.00",
            "31-60": "13000.00",
            "61-90": "7000.00",
            "over-90": "5000.00",
            "unapplied": "-1500.00",
            "total": "35500.00",
        }
    }


def test_a_day_moves_what_stands_on_an_edge(books: Books) -> None:
    row = books.aging("2026-04-01")["USD"]
    assert row["1-30"] == "25000.00"  # I1 and I2 are a day late, I3 is 30 days
    assert row["over-90"] == "5000.00"
    row = books.aging("2026-03-30")["USD"]
    assert (row["61-90"], row.get("over-90")) == ("5000.00", None)


def test_a_credit_applied_leaves_the_total(books: Books) -> None:
    """Both sides leave their own buckets, the total is unchanged."""
    books.apply("CM1", "I6", "1500.00", on=ON)
    row = books.aging(ON)["USD"]
    assert (row["over-90"], row.get("unapplied"), row["total"]) == ("500.00", None, "35500.00")


def test_a_customer_in_credit_stands_negative_in_unapplied() -> None:
    books = Books()
    books.customer("C")
    books.payment("P", "C", "50.00", on="2026-01-01")
    assert books.aging("2026-01-02") == {"EUR": {"unapplied": "-50.00", "total": "-50.00"}}


def test_what_comes_later_is_not_counted(books: Books) -> None:
    books.invoice("FUTURE", "C", "1.00", issued="2026-04-01", due="2026-05-01")
    assert books.aging(ON)["USD"]["total"] == "35500.00"


@pytest.mark.parametrize("last_days", [None, (1,), (7, 19, 45), (30, 60, 90, 120, 365)])
@pytest.mark.parametrize("basis", ["due", "invoice"])
def test_every_number_opens_to_its_items(
    books: Books, basis: str, last_days: tuple[int, ...] | None
) -> None:
    books.payment("P", "C", "700.00", on="2026-03-01")
    books.apply("P", "I6", "650.00", on="2026-04-02")
    chosen = buckets(basis, last_days)
    for on in (day("2026-03-01"), day(ON), day("2026-04-02")):
        told = aging(on=on, basis=basis, last_days=last_days).totals["USD"]
        for index, amount in enumerate(told.amounts):
            items = open_items(on=on, chosen=chosen, bucket=index)
            assert sum(item.open_minor for item in items) == amount
        apart = open_items(on=on, chosen=chosen, side="unapplied")
        assert sum(item.open_minor for item in apart) == told.unapplied
        whole = open_items(on=on, chosen=chosen)
        assert sum(item.open_minor for item in whole) == told.total


def test_pages_of_items_neither_repeat_nor_skip(books: Books) -> None:
    chosen = buckets("due")
    whole = [i.number for i in open_items(on=day(ON), chosen=chosen)]
    pages = [
        item.number
        for offset in range(0, 8, 2)
        for item in open_items(on=day(ON), chosen=chosen, limit=2, offset=offset)
    ]
    assert pages == whole
    assert len(whole) == 7


@pytest.mark.parametrize("scope", ["entity_id", "currency", "customer_id", "parent_id"])
def test_a_scope_is_a_part_of_the_whole(books: Books, scope: str) -> None:
    other = Books("Other", currency="EUR")
    other.customer("D")
    other.invoice("X", "D", "9.00", issued="2026-01-01", due="2026-01-31")
    value: object = {
        "entity_id": other.entity_id,
        "currency": "EUR",
        "customer_id": other.customer_id("D"),
        "parent_id": other.customer_id("D"),
    }[scope]
    told = aging(on=day(ON), scope=Scope(**{scope: value}))
    assert [(row.code, row.total) for row in told.rows] == [("D", 900)]
    assert len(aging(on=day(ON), scope=EVERYTHING).rows) == 2


class TestKnownThen:
    """Both times are stored: what was known then is told again as it was (I6, pain E3)."""

    def test_what_is_booked_back_is_seen_now_and_not_then(self, books: Books) -> None:
        then, known = books.aging(ON), now_known()
        books.invoice("LATE", "C", "10.00", issued="2026-01-01", due="2026-03-31")
        books.payment("P", "C", "2000.00", on="2026-03-01")
        books.apply("P", "I6", "2000.00", on="2026-03-02")
        books.void("I1", on="2026-03-15")
        assert books.aging(ON, known=known) == then
        assert books.aging(ON) == {
            "USD": {
                "current": "8010.00",
                "1-30": "5000.00",
                "31-60": "7000.00",
                "61-90": "3000.00",
                "unapplied": "-1500.00",
                "total": "21510.00",
            }
        }
        assert books.differences(ON, known=known) == {"USD": 0}
        assert books.differences(ON) == {"USD": 0}

    def test_before_the_first_batch_nothing_was_known(self, books: Books) -> None:
        assert books.aging(ON, known=0) == {}

    def test_each_step_is_told_again(self, books: Books) -> None:
        reports = []
        for act in (
            lambda: books.payment("P", "C", "2500.00", on="2026-02-01"),
            lambda: books.apply("P", "I3", "2500.00", on="2026-02-02"),
            lambda: books.unapply("P", on="2026-02-10"),
            lambda: books.apply("CM1", "I4", "1500.00", on="2026-03-01"),
            lambda: books.void("I2", on="2026-03-01"),
            lambda: books.void_payment("P", on="2026-03-02"),
        ):
            act()
            reports.append((now_known(), [books.aging(on) for on in (ON, "2026-02-05")]))
        for known, told in reports:
            assert [books.aging(on, known=known) for on in (ON, "2026-02-05")] == told
        assert broken() == {}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    on=st.dates(date(2025, 10, 1), date(2026, 12, 31)),
    last_days=st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True).map(sorted),
)
def test_any_bounds_on_any_day_share_out_the_same_total(
    books: Books, on: date, last_days: list[int]
) -> None:
    plain = aging(on=on).totals
    cut = aging(on=on, last_days=tuple(last_days)).totals
    assert {c: row.total for c, row in cut.items()} == {c: row.total for c, row in plain.items()}
    for currency, row in cut.items():
        assert len(row.amounts) == len(last_days) + 2
        assert all(amount >= 0 for amount in row.amounts)
        assert row.amounts[0] == plain[currency].amounts[0]
