"""I14: what was booked behind a lock is named; a lock flipped or gone breaks the chain (I7)."""

import pytest

from building import Books, broken, proved
from duly.ledger.models import PeriodLock, Seal
from queries.asking import entry_of, violations
from queries.planting import change, drop

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(books: Books) -> Books:
    """The company, closed through February, then one more invoice in March."""
    books.lock("2026-01-31")
    books.lock("2026-02-28")
    books.invoice("LATE", "MERIDIAN", "7.00", issued="2026-03-13", due="2026-04-12")
    return books


def test_what_was_booked_before_a_lock_or_after_its_day_holds(closed: Books) -> None:
    assert broken() == {}
    assert proved()["I14"].checked == 2


def test_an_entry_booked_behind_a_lock_is_named(closed: Books) -> None:
    entry = entry_of("LATE")
    change("ledger_entry", entry.pk, booked_on="2026-02-28")
    (told,) = violations("I14")
    assert (told["entry"], told["batch"]) == (entry.pk, entry.batch_id)
    assert (told["booked_on"], told["locked_through"]) == ("2026-02-28", "2026-02-28")


def test_an_opened_period_takes_entries_again(closed: Books) -> None:
    closed.lock(None)
    closed.invoice("AGAIN", "MERIDIAN", "7.00", issued="2026-02-13", due="2026-03-12")
    closed.lock("2026-01-31")
    assert broken() == {}


def test_a_lock_that_goes_back_is_named(closed: Books) -> None:
    lock = PeriodLock.objects.latest("id")
    change("ledger_periodlock", lock.pk, through_on="2026-01-01")
    (told,) = violations("I14")
    assert (told["lock"], told["problem"]) == (lock.pk, "the lock goes back")


@pytest.mark.parametrize(
    "values", [{"through_on": "2026-03-01"}, {"actor": "another"}, {"through_on": None}]
)
def test_a_flipped_lock_is_named(closed: Books, values: dict[str, str]) -> None:
    lock, batch = PeriodLock.objects.latest("id"), Seal.objects.order_by("-sequence")[1].batch_id
    change("ledger_periodlock", lock.pk, **values)
    assert broken()["I7"] == [
        {"table": "ledger_periodlock", "id": lock.pk, "batch": batch, "problem": "changed"}
    ]


def test_a_lock_that_is_gone_is_named(closed: Books) -> None:
    lock = PeriodLock.objects.latest("id")
    drop("ledger_periodlock", lock.pk)
    (told,) = broken()["I7"]
    assert (told["table"], told["id"], told["problem"]) == ("ledger_periodlock", lock.pk, "missing")
