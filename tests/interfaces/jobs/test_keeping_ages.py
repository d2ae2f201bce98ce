"""The worker keeps how late balances are in step with the days, in each entity's own time zone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from building import Books
from duly.interfaces.jobs import aging
from duly.interfaces.jobs.aging import age_books, keeping_ages
from duly.parties.models import Entity
from duly.receivables.models import NOT_AGED, CustomerBalance


def owing(name: str, due: str) -> Books:
    books = Books(name)
    books.customer("A")
    books.invoice("I-1", "A", "10.00", issued="2026-01-01", due=due)
    return books


@pytest.mark.django_db
def test_each_entity_has_its_own_day() -> None:
    west, east = owing("West", "2026-03-02"), owing("East", "2026-03-02")
    for books, zone in ((west, "America/Los_Angeles"), (east, "Asia/Tokyo")):
        Entity.objects.filter(pk=books.entity_id).update(timezone=zone)
    at = datetime(2026, 3, 2, 20, tzinfo=UTC)  # 3 March in Tokyo already
    assert age_books(at=at) == 2
    overdue = dict(CustomerBalance.objects.values_list("entity_id", "overdue_minor"))
    assert overdue == {west.entity_id: 0, east.entity_id: 1000}
    assert age_books(at=at) == 0
    assert age_books(at=at + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_nothing_is_begun_once_it_is_over() -> None:
    owing("One", "2026-03-02")
    assert age_books(at=datetime.now(UTC), is_over=lambda: True) == 0


def test_it_goes_on_while_the_worker_works(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aging, "EVERY_SECONDS", 0.05)
    books = owing("One", "2026-01-31")

    def is_aged() -> bool:
        row = CustomerBalance.objects.get(entity_id=books.entity_id)
        return row.aged_until != NOT_AGED and row.overdue_minor == row.owed_minor

    def wait() -> bool:
        pause = threading.Event()
        return any(is_aged() or pause.wait(0.05) for _ in range(200))

    with keeping_ages():
        assert wait()
        books.invoice("I-2", "A", "5.00", issued="2026-01-01", due="2026-01-31")
        assert wait()
    assert not any(thread.name == "duly-aging" for thread in threading.enumerate())
