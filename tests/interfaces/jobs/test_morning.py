"""A day is planned before anybody comes, once, and nothing is queued by it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from building import Books
from duly.collections.models import DayPlan, Message, WorklistRow
from duly.interfaces.jobs.morning import plan_mornings
from duly.interfaces.jobs.repeating import repeating
from duly.parties.models import Entity

AT = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def books(db: None) -> Books:
    found = Books("One")
    found.customer("A")
    found.invoice("I-1", "A", "500.00", issued="2026-01-01", due="2026-01-31")
    return found


def test_each_day_is_planned_once(books: Books) -> None:
    assert plan_mornings(at=AT) == 1
    assert plan_mornings(at=AT + timedelta(hours=2)) == 0
    assert plan_mornings(at=AT + timedelta(days=1)) == 1
    assert [plan.released_at for plan in DayPlan.objects.order_by("on")] == [None, None]
    assert WorklistRow.objects.count() == 1
    assert not Message.objects.exists()


def test_not_before_five_in_the_morning_there(books: Books) -> None:
    Entity.objects.update(timezone="America/Los_Angeles")
    assert plan_mornings(at=AT + timedelta(hours=3)) == 0  # two in the morning
    assert plan_mornings(at=AT + timedelta(hours=7)) == 1
    assert DayPlan.objects.get().on.isoformat() == "2026-03-02"


def test_an_empty_book_is_not_planned(db: None) -> None:
    Books("Two")
    assert plan_mornings(at=AT) == 0
    assert plan_mornings(at=AT, is_over=lambda: True) == 0


def test_one_company_that_fails_keeps_no_other_from_its_morning(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    Entity.objects.update(timezone="Nowhere/None")
    other = Books("Other")
    other.customer("B")
    assert plan_mornings(at=AT) == 1
    assert DayPlan.objects.get().entity_id == other.entity.pk
    assert "The day of One is not planned" in caplog.text


def test_what_is_repeated_goes_on_after_a_defect(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    """The defect: the thread ended, and said nothing."""
    calls, again = list[int](), threading.Event()

    def act(is_over: object) -> None:
        calls.append(1)
        if len(calls) > 1:
            again.set()
        raise OSError("no room on the disk")

    with repeating("trial", act, 0.01):
        assert again.wait(5)
    assert "no room on the disk" in caplog.text
