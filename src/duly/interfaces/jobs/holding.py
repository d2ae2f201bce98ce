"""Test orders that wait again, so that whatever cures the cause lets them go the same minute."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from duly.access.actions import Author
from duly.credit.queries.holds import customers_waiting
from duly.interfaces.exchange.holding import retest
from duly.interfaces.jobs.repeating import repeating
from duly.kernel.errors import Refusal
from duly.parties.queries import entities
from duly.parties.queries.families import families_of

EVERY_SECONDS = 60.0
MOST_SECONDS = 50.0  # of each time
RESTS = 4  # times as long as a family took: who asks about orders needs the processor, too
ACTOR = "worker"

log = logging.getLogger("duly.worker")


def retest_all(*, at: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Test what waits in every entity on its present day; return how many orders may go.

    Each family is tested by itself, so that nobody who asks about an order of another waits for
    it. One that can't be tested, for want of a rate, waits on; no other family waits for it. Where
    more waits than can be tested in the time, the rest comes first the next time.
    """
    count, until = 0, time.monotonic() + MOST_SECONDS
    for entity in entities():
        on = at.astimezone(ZoneInfo(entity.timezone)).date()
        tested: set[int] = set()
        for customer_id in customers_waiting(entity.pk):
            if is_over() or time.monotonic() > until:
                return count
            if customer_id in tested:
                continue
            begun = time.monotonic()
            family = families_of([customer_id]).keys() | {customer_id}
            tested |= family
            try:
                told = retest(entity, on, Author(ACTOR, at), customer_ids=family)
                count += len(told["cleared"])
            except Refusal as refusal:
                log.warning("Held orders of %s can't be tested: %s", entity.name, refusal)
            time.sleep(min(RESTS * (time.monotonic() - begun), 1.0))
    return count


def keeping_holds() -> AbstractContextManager[None]:
    """Test them every minute in a thread while the block lasts."""
    return repeating(
        "duly-holds",
        lambda is_over: retest_all(at=datetime.now(UTC), is_over=is_over),
        EVERY_SECONDS,
    )
