"""What will leave on a day: planned now, and kept until something is recorded that could change it.

Holds are laid over it when it is shown, so that holding one message plans nothing anew.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple, cast

from django.core.cache import cache

from duly.collections.queries.standing import Standing, newest_facts, works
from duly.collections.rules.planning import PlannedStep
from duly.interfaces.jobs.day import plan_day
from duly.ledger.queries import known_sequence
from duly.parties.models import Entity

KEPT_SECONDS = 24 * 3600
MOST_LEFT_OUT = 500  # of one reason, told one by one
FARTHEST_DAYS = 14


class Foreseen(NamedTuple):
    """A step as it would be taken, or left out, on a day."""

    customer_id: int
    currency: str
    step: str
    channel: str
    amount_minor: int
    items: int
    recipients: tuple[str, ...]
    why_code: str
    why_text: str


@dataclass
class Forecast:
    """What a day would bring: steps taken, the most money first; those left out, by reason."""

    on: date
    taken: list[Foreseen] = field(default_factory=list)
    left_out: dict[str, list[Foreseen]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)  # of those left out, by reason


def forecast(*, entity: Entity, on: date) -> Forecast:
    """What a day would bring, as if no customer were on hold."""
    facts = (entity.pk, on, known_sequence(), newest_facts(entity.pk, on))
    name = sha256(repr(facts).encode()).hexdigest()
    found = cache.get_or_set(f"forecast:{name}", lambda: _count(entity, on), KEPT_SECONDS)
    return cast(Forecast, found)


def _count(entity: Entity, on: date) -> Forecast:
    standing = Standing(entity=entity, on=on)
    standing.lift_holds()
    told = Forecast(on)
    left_out: dict[str, list[Foreseen]] = defaultdict(list)
    for step in plan_day(standing, standing.last_messages()):
        if step.why is None:
            told.taken.append(_foreseen(step))
            continue
        code = step.why.code
        told.counts[code] += 1
        if len(left_out[code]) < MOST_LEFT_OUT:
            left_out[code].append(_foreseen(step))
    told.taken.sort(key=lambda one: (one.currency, -one.amount_minor, one.customer_id))
    told.left_out = dict(left_out)
    return told


def _foreseen(step: PlannedStep) -> Foreseen:
    why = step.why or ("", "")
    return Foreseen(
        step.customer_id,
        step.currency,
        step.step,
        step.channel,
        step.amount_minor,
        sum(line.kind == "item" and line.minor > 0 for line in step.lines),
        step.recipients,
        *why,
    )


def next_sending_day(entity: Entity, on: date) -> date:
    """The day after `on` on which offices work where the entity is."""
    for days in range(1, FARTHEST_DAYS):
        day = on + timedelta(days=days)
        if works(day, entity.country):
            return day
    return on + timedelta(days=1)
