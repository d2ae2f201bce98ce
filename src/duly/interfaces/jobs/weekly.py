"""The week by mail to the firm's own people: on Monday morning, or once the worker is there."""

from datetime import date, datetime, time, timedelta

from duly.collections.actions import queue_week
from duly.collections.queries.messages import sending_of, weeks_mailed
from duly.collections.queries.week import week_to
from duly.collections.rules.handing import Clock
from duly.interfaces.exchange.couriers.letter import domain_of
from duly.interfaces.exchange.week import week_document, week_letter
from duly.parties.queries import entities
from duly.storage.reading import one_state

READY_AT = time(7)


def queue_weeks(clock: Clock) -> int:
    """Queue the mail of the last whole week of each entity that names readers; how many are new."""
    count = 0
    for entity in entities():
        switch = sending_of(entity.pk)
        last = last_week(clock.where(entity.timezone))
        if not switch.readers or switch.mode not in ("on", "test"):
            continue
        if weeks_mailed(entity.pk, last):
            continue
        with one_state():
            document = week_document(entity, week_to(entity=entity, on=last))
        subject, body = week_letter(document)
        count += queue_week(
            entity_id=entity.pk,
            last=last,
            readers=switch.readers,
            timezone=entity.timezone,
            subject=subject,
            body=body,
            domain=domain_of(switch.sender),
            at=clock.at,
        )
    return count


def last_week(local: datetime) -> date:
    """The Sunday of the last week that is told of by now: from Monday morning on, the one before.

    >>> last_week(datetime(2026, 3, 9, 6, 59)), last_week(datetime(2026, 3, 9, 7))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 8))
    """
    sunday = local.date() - timedelta(days=local.isoweekday() % 7)
    is_early = local.isoweekday() == 1 and local.time() < READY_AT
    if local.isoweekday() == 7 or is_early:
        return sunday - timedelta(days=7)
    return sunday
