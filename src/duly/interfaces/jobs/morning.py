"""Plan each day before anybody comes: nothing is queued by it, and who comes first can look."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from duly.collections.queries.desk import newest_plan
from duly.interfaces.jobs.planned import plan_ahead
from duly.interfaces.jobs.repeating import repeating
from duly.parties.models import Entity
from duly.parties.queries import customer_count, entities

FROM_HOUR = 5
EVERY_SECONDS = 120.0
ACTOR = "worker"

log = logging.getLogger("duly.worker")


def plan_mornings(*, at: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Plan the present day of every entity that lacks its plan; return of how many.

    Rule: from five in the morning where the entity keeps its books; a plan that is there stays.
    """
    count = 0
    for entity in entities():
        if is_over():
            break
        try:
            count += _plan_morning(entity, at)
        except Exception:  # of one company stops no other's morning; the next round tries again
            log.exception("The day of %s is not planned", entity.name)
    return count


def _plan_morning(entity: Entity, at: datetime) -> bool:
    """Plan the present day of an entity if it is to be; tell whether it was."""
    local = at.astimezone(ZoneInfo(entity.timezone))
    kept = newest_plan(entity.pk)
    is_there = kept is not None and kept.on >= local.date()
    if is_there or local.hour < FROM_HOUR or not customer_count(entity.pk):
        return False
    plan_ahead(entity=entity, on=local.date(), actor=ACTOR, at=at)
    return True


def keeping_plans() -> AbstractContextManager[None]:
    """Look every two minutes, in a thread while the block lasts, whether a day is to be planned."""
    return repeating(
        "duly-morning",
        lambda is_over: plan_mornings(at=datetime.now(UTC), is_over=is_over),
        EVERY_SECONDS,
    )
