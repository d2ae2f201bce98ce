"""Who paid may be said after the money came in: dated, and no day before moves."""

import pytest

from building import Books, broken, day
from duly.ledger.errors import PeriodLocked
from duly.ledger.queries import known_sequence
from duly.receivables.errors import AttributedTooEarly
from duly.receivables.queries import aging, unapplied_on
from northwind import northwind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    books = northwind()
    books.invoice("M-1", "MERIDIAN", "100.00", issued="2026-01-10", due="2026-02-09")
    books.payment("P-1", None, "150.00", on="2026-02-10")
    return books


def unapplied(on: str, known: int | None = None) -> dict[str | None, int]:
    rows = aging(on=day(on), known=known).rows
    return {row.code: row.unapplied for row in rows if row.unapplied}


def test_money_is_the_customers_from_the_day_on(books: Books) -> None:
    before = known_sequence()
    assert books.attribute("P-1", "MERIDIAN", on="2026-02-12") == 1
    assert unapplied("2026-02-11") == {None: -15000}
    assert unapplied("2026-02-12") == {"MERIDIAN": -15000}
    assert unapplied("2026-02-12", known=before) == {None: -15000}
    assert unapplied("2026-02-12", known=known_sequence()) == {"MERIDIAN": -15000}
    assert books.attribute("P-1", "MERIDIAN", on="2026-02-13") == 0  # theirs already
    assert broken() == {}


def test_what_was_applied_before_stays_and_the_rest_moves(books: Books) -> None:
    books.apply("P-1", "M-1", "40.00", on="2026-02-11")
    books.attribute("P-1", "MERIDIAN", on="2026-02-12")
    books.apply("P-1", "M-1", "60.00", on="2026-02-13")
    assert unapplied("2026-02-11") == {None: -11000}
    assert unapplied("2026-02-13") == {"MERIDIAN": -5000}
    assert books.differences("2026-02-12") == {"EUR": 0}
    assert broken() == {}


def test_what_is_taken_back_goes_to_whom_it_is_held_to_be_of(books: Books) -> None:
    books.apply("P-1", "M-1", "40.00", on="2026-02-11")
    books.attribute("P-1", "MERIDIAN", on="2026-02-12")
    books.unapply("P-1", on="2026-02-14")
    assert unapplied("2026-02-13") == {"MERIDIAN": -11000}
    assert unapplied("2026-02-14") == {"MERIDIAN": -15000}
    assert broken() == {}


def test_what_is_taken_back_for_a_day_before_it_changed_hands_follows_it(books: Books) -> None:
    books.apply("P-1", "M-1", "40.00", on="2026-02-11")
    books.attribute("P-1", "MERIDIAN", on="2026-02-16")
    books.unapply("P-1", on="2026-02-12")
    assert unapplied("2026-02-12") == {None: -15000}
    assert unapplied("2026-02-15") == {None: -15000}
    assert unapplied("2026-02-16") == {"MERIDIAN": -15000}
    assert broken() == {}


def test_a_wrong_payer_is_corrected_and_the_days_between_stay(books: Books) -> None:
    books.customer("OTHER")
    books.attribute("P-1", "OTHER", on="2026-02-11")
    books.attribute("P-1", "MERIDIAN", on="2026-02-15")
    books.attribute("P-1", None, on="2026-02-20")
    for on, owner in (("02-10", None), ("02-14", "OTHER"), ("02-19", "MERIDIAN"), ("02-20", None)):
        assert unapplied(f"2026-{on}") == {owner: -15000}
    assert broken() == {}


def test_a_payment_that_changed_hands_can_be_voided_from_then_on(books: Books) -> None:
    books.attribute("P-1", "MERIDIAN", on="2026-02-12")
    books.void_payment("P-1", on=None)
    assert unapplied("2026-02-11") == {None: -15000}
    assert unapplied("2026-02-12") == {}
    assert broken() == {}


def test_a_day_before_the_money_or_its_use_is_refused(books: Books) -> None:
    with pytest.raises(AttributedTooEarly) as told:
        books.attribute("P-1", "MERIDIAN", on="2026-02-09")
    assert told.value.facts["earliest"] == "2026-02-10"
    books.apply("P-1", "M-1", "40.00", on="2026-02-14")
    with pytest.raises(AttributedTooEarly) as told:
        books.attribute("P-1", "MERIDIAN", on="2026-02-13")
    assert told.value.facts["earliest"] == "2026-02-14"
    books.lock("2026-02-20")
    with pytest.raises(PeriodLocked):
        books.attribute("P-1", "MERIDIAN", on="2026-02-20")
    assert unapplied("2026-02-20") == {None: -11000}


def test_lists_know_whose_it_is(books: Books) -> None:
    books.attribute("P-1", "MERIDIAN", on="2026-02-12")
    (row,) = unapplied_on(on=day("2026-02-12"), entity_id=books.entity_id)
    assert row.customer_code == "MERIDIAN"
