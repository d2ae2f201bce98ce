"""Keep the ages of balances in step with the days, in the background."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from duly.interfaces.jobs.repeating import repeating
from duly.parties.queries import entities
from duly.receivables.actions import age_balances
from duly.receivables.queries.aged import has_moved

EVERY_SECONDS = 5.0
AT_ONCE = 2_000


def age_books(*, at: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Bring the ages of every entity's balances to its present day; return how many had moved.

    A write waits for no more than `AT_ONCE` of them; nothing new is begun once `is_over`.
    """
    count = 0
    for entity in entities():
        on = at.astimezone(ZoneInfo(entity.timezone)).date()
        # Looked at first, so that whoever writes is not asked to wait for nothing.
        while not is_over() and has_moved(entity.pk, on):
            moved = age_balances(entity_id=entity.pk, on=on, limit=AT_ONCE)
            count += moved
            if not moved:
                break  # all of them are being written by someone else
    return count


def keeping_ages() -> AbstractContextManager[None]:
    """Age the books every few seconds in a thread while the block lasts."""
    return repeating(
        "duly-aging",
        lambda is_over: age_books(at=datetime.now(UTC), is_over=is_over),
        EVERY_SECONDS,
    )
