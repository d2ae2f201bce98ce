"""Signals open one review of a customer's credit, never two; nothing of either disappears."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from building import Books, day
from collecting import TODAY, CollectionsDesk, after, desk, mail  # noqa: F401
from duly.access.actions import Author
from duly.access.models import Change
from duly.credit.actions.reviews import conclude_review, open_review
from duly.credit.actions.signals import record_signal
from duly.credit.models import CreditReview, CreditSignal, CustomerScore, StateCrossing
from duly.credit.queries.reviews import reviews, signals
from duly.interfaces.jobs.watching import Look, watch_credit
from duly.kernel.errors import Conflict
from shell import duly

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 10)


def opened(books: Books, **more: int) -> Books:
    books.customer("ALDER", currency="EUR", **more)
    return books


def record(books: Books, kind: str, *, on: date = ON, source: str = "") -> CreditSignal | None:
    return record_signal(
        entity_id=books.entity_id,
        customer_id=books.customer_id("ALDER"),
        kind=kind,
        on=on,
        source=source,
        author=Author("worker", books.moment()),
    )


def look(books: Books, on: date = ON) -> Look:
    return watch_credit(entity=books.entity, on=on, actor="worker", at=books.moment())


def conclude(books: Books, review: CreditReview, on: date = ON) -> CreditReview:
    return conclude_review(
        entity_id=review.entity_id,
        review_id=review.pk,
        outcome="keep",
        reason="Paid since.",
        on=on,
        author=Author("ann", books.moment()),
    )


def test_signals_open_one_review_and_join_it() -> None:
    books = opened(Books())
    first, second = record(books, "adverse_news"), record(books, "ownership_change")
    (review,) = reviews(entity_id=books.entity_id)
    assert first is not None
    assert second is not None
    assert (first.review_id, second.review_id) == (review.pk, review.pk)
    assert (review.cause, review.due_on) == ("adverse_news", ON + timedelta(days=14))


def test_the_same_is_recorded_once() -> None:
    books = opened(Books())
    assert record(books, "returned_payment", source="return:7") is not None
    (review,) = reviews(entity_id=books.entity_id)
    conclude(books, review)
    assert record(books, "returned_payment", source="return:7") is None
    assert len(reviews(entity_id=books.entity_id)) == 1
    assert record(books, "returned_payment", source="return:8") is not None
    assert [row.outcome for row in reviews(entity_id=books.entity_id)] == ["", "keep"]
    assert len(signals(entity_id=books.entity_id)) == 2


def test_the_database_has_room_for_one_open_review_and_changes_no_signal() -> None:
    books = opened(Books())
    record(books, "adverse_news")
    (row,) = reviews(entity_id=books.entity_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditReview.objects.create(
            entity_id=row.entity_id,
            customer_id=row.customer_id,
            cause="asked",
            opened_on=ON,
            due_on=ON,
            opened_by="x",
            opened_at=books.moment(),
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditSignal.objects.update(note="else")
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditSignal.objects.all().delete()


def test_a_review_is_concluded_once_with_a_reason_and_leaves_a_trail() -> None:
    books = opened(Books())
    author = Author("ann", books.moment())
    row = open_review(
        entity_id=books.entity_id, customer_id=books.customer_id("ALDER"), on=ON, author=author
    )
    with pytest.raises(Conflict):
        open_review(
            entity_id=books.entity_id, customer_id=books.customer_id("ALDER"), on=ON, author=author
        )
    done = conclude(books, row)
    assert (done.outcome, done.concluded_by, done.owner) == ("keep", "ann", "ann")
    with pytest.raises(Conflict):
        conclude(books, row)
    changes = Change.objects.filter(noun="credit review", record_id=row.pk)
    assert [change.actor for change in changes] == ["ann"]


def test_a_returned_payment_and_a_late_item_become_signals_once() -> None:
    books = opened(Books(), credit_limit_minor=1000_00)
    books.invoice("I-1", "ALDER", "100.00", issued="2026-01-01", due="2026-02-07")
    books.payment("P-1", "ALDER", "50.00", on="2026-03-01")
    assert [one.kind for one in look(books).signals] == ["past_due"]
    books.return_payment("P-1", on="2026-03-09")
    assert [one.kind for one in look(books).signals] == ["returned_payment"]
    assert look(books) == Look([], [])
    assert len(reviews(entity_id=books.entity_id)) == 1


def test_the_limit_is_warned_of_once_a_crossing_and_opens_a_review_after_three_months() -> None:
    books = opened(Books(), credit_limit_minor=1000_00)
    books.invoice("I-1", "ALDER", "901.00", issued="2026-03-01", due="2026-12-31")
    assert [one.kind for one in look(books).signals] == ["approaching_limit"]
    assert look(books, ON + timedelta(days=1)).signals == []
    assert reviews(entity_id=books.entity_id) == []  # a warning is none
    books.payment("P-1", "ALDER", "500.00", on="2026-03-12")
    assert look(books, date(2026, 3, 12)).signals == []
    books.invoice("I-2", "ALDER", "600.00", issued="2026-03-14", due="2026-12-31")
    assert [one.kind for one in look(books, date(2026, 3, 14)).signals] == ["approaching_limit"]
    assert look(books, date(2026, 6, 13)).signals == []
    assert [one.kind for one in look(books, date(2026, 6, 14)).signals] == ["limit_use"]
    assert look(books, date(2026, 6, 15)).signals == []
    assert [row.cause for row in reviews(entity_id=books.entity_id)] == ["limit_use"]
    assert StateCrossing.objects.filter(kind="approaching_limit").count() == 2


def test_whoever_has_no_limit_is_not_watched_and_disputes_make_nobody_late() -> None:
    books = opened(Books())
    books.invoice("I-1", "ALDER", "100.00", issued="2026-01-01", due="2026-01-10")
    assert look(books) == Look([], [])
    books.customer("BIRCH", credit_limit_minor=5000_00, currency="EUR")
    books.invoice("I-2", "BIRCH", "100.00", issued="2026-01-01", due="2026-01-10")
    duly("dispute", "add", "I-2", "--customer", "BIRCH", "--amount", "100.00", "--reason",
         "quality", "--on", ON)  # fmt: skip
    assert look(books).signals == []


def test_the_calendar_opens_a_review_when_it_is_due() -> None:
    books = opened(Books(), credit_limit_minor=1000_00)
    assert look(books).reviews == []  # no day to count from
    row = open_review(
        entity_id=books.entity_id,
        customer_id=books.customer_id("ALDER"),
        on=ON,
        author=Author("ann", books.moment()),
    )
    conclude(books, row)
    assert look(books, day("2027-03-09")).reviews == []
    (due,) = look(books, day("2027-03-10")).reviews
    assert (due.cause, due.due_on, due.note) == ("calendar", day("2027-03-10"), "no score yet")
    assert look(books, day("2027-03-11")).reviews == []


def test_two_broken_promises_open_a_review(desk: CollectionsDesk) -> None:  # noqa: F811
    desk.customer("ALDER")
    desk.invoice("I-1", "ALDER", "5000.00")
    for due in (3, 4):
        duly("promise", "add", "ALDER", "--amount", "100.00", "--currency", "EUR", "--due",
             after(due), "--on", TODAY)  # fmt: skip
    desk.day(after(12))
    assert CreditSignal.objects.filter(kind="promise_broken").count() == 2
    (review,) = CreditReview.objects.all()
    assert review.cause == "promise_broken"
    desk.day(after(13))
    assert CreditSignal.objects.count() == 2


def scored(books: Books, band: str, on: date, version: str = "standard 1") -> None:
    CustomerScore.objects.create(
        entity_id=books.entity_id,
        customer_id=books.customer_id("ALDER"),
        scored_on=on,
        version=version,
        points_cents=5000,
        band=band,
        known_cents=10000,
        is_declined=False,
        inputs="{}",
        factors="[]",
        lost_most="[]",
        actor="test",
        recorded_at=books.moment(),
    )


def test_a_score_that_falls_by_a_band_is_a_signal_once() -> None:
    books = opened(Books())
    for days, band, version in (
        (9, "C", "x"),
        (8, "A", "s"),
        (7, "A", "s"),
        (6, "C", "s"),
        (5, "B", "s"),
    ):
        scored(books, band, ON - timedelta(days=days), version)
    (signal,) = look(books).signals
    assert (signal.kind, signal.note) == ("score_drop", "From A to C")
    assert look(books).signals == []
    assert [row.cause for row in reviews(entity_id=books.entity_id)] == ["score_drop"]


def test_the_class_of_the_last_score_sets_the_calendar() -> None:
    books = opened(Books(), credit_limit_minor=1000_00)
    row = open_review(
        entity_id=books.entity_id,
        customer_id=books.customer_id("ALDER"),
        on=ON,
        author=Author("ann", books.moment()),
    )
    conclude(books, row)
    scored(books, "D", ON)
    assert look(books, day("2026-06-09")).reviews == []
    (due,) = look(books, day("2026-06-10")).reviews
    assert due.note == "class D"


def test_a_block_stops_orders() -> None:
    books = opened(Books())
    record(books, "adverse_news")
    (row,) = reviews(entity_id=books.entity_id)
    conclude_review(
        entity_id=row.entity_id,
        review_id=row.pk,
        outcome="block",
        reason="Insolvent",
        on=ON,
        author=Author("ann", books.moment()),
    )
    told = duly("credit", "check-order", "ALDER", "1.00", "EUR", "--on", ON)
    assert [one["test"] for one in told["failed"]] == ["blocked", "limit"]  # nobody gave one
