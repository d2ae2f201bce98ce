"""Test orders that wait again, so that whatever cures the cause lets them go the same minute."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from duly.access.actions import Author
from duly.interfaces.exchange.holding import retest
from duly.interfaces.jobs.repeating import repeating
from duly.kernel.errors import Refusal
from duly.parties.queries import entities

EVERY_SECONDS = 60.0
ACTOR = "worker"

log = logging.getLogger("duly.worker")


def retest_all(*, at: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Test what waits in every entity on its present day; return how many orders may go.

    One that can't be tested, for want of a rate, waits on; no other entity waits for it.
    """
    count = 0
    for entity in entities():
        if is_over():
            break
        on = at.astimezone(ZoneInfo(entity.timezone)).date()
        try:
            count += len(retest(entity, on, Author(ACTOR, at))["cleared"])
        except Refusal as refusal:
            log.warning("Held orders of %s can't be tested: %s", entity.name, refusal)
    return count


def keeping_holds() -> AbstractContextManager[None]:
    """Test them every minute in a thread while the block lasts."""
    return repeating(
        "duly-holds",
        lambda is_over: retest_all(at=datetime.now(UTC), is_over=is_over),
        EVERY_SECONDS,
    )
