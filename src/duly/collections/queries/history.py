"""What was said to a customer, by whom, and what was not and why: read a page at a time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from duly.cash_application.models import RemittanceAdvice
from duly.collections.models import Block, Call, IncomingMail, Message, Note, Promise, Silence
from duly.disputes.models import Dispute

# On one day, the later stands above; below them stand documents, money and master data.
SILENCES, BLOCKS, MESSAGES, DISPUTES, PROMISES, CALLS, NOTES, JUDGED, MAIL = range(10, 19)
ADVICES = 19

_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)


class Place(NamedTuple):
    """Where something stands: its day, its sort within the day, its number."""

    on: date
    rank: int
    id: int


def history(
    *, customer_id: int, before: tuple[date, int, int], limit: int, zone: ZoneInfo
) -> list[tuple[Place, Model]]:
    """(place, record) of what stands below a place, newest first; mail on the day it was read."""
    start = Place(*before)
    found = [
        (Place(getattr(row, day), rank, row.pk), row)
        for rank, day, rows in _sources(customer_id)
        for row in _below(rows, day, rank, start)[:limit]
    ]
    found += [
        (Place(row.read_at.astimezone(zone).date(), MAIL, row.pk), row)
        for row in _mail_below(customer_id, start, zone)[:limit]
    ]
    return sorted(found, key=lambda one: one[0], reverse=True)[:limit]


def _sources(customer_id: int) -> Iterator[tuple[int, str, QuerySet]]:
    promises = Promise.objects.filter(customer_id=customer_id)
    yield SILENCES, "from_on", Silence.objects.filter(customer_id=customer_id)
    yield BLOCKS, "from_on", Block.objects.filter(customer_id=customer_id)
    yield MESSAGES, "planned_on", Message.objects.filter(customer_id=customer_id)
    yield DISPUTES, "opened_on", Dispute.objects.filter(customer_id=customer_id)
    yield PROMISES, "made_on", promises
    yield CALLS, "called_on", Call.objects.filter(customer_id=customer_id)
    yield NOTES, "written_on", Note.objects.filter(customer_id=customer_id)
    advices = RemittanceAdvice.objects.filter(customer_id=customer_id, is_void=False)
    yield ADVICES, "told_on", advices
    yield JUDGED, "judged_on", promises.exclude(judged_on=None).exclude(state="cancelled")


def _below(rows: QuerySet, day: str, rank: int, start: Place) -> QuerySet:
    """Rows of one sort below a place, newest first."""
    if rank > start.rank:
        rows = rows.filter(**{f"{day}__lt": start.on})
    else:
        rows = rows.filter(**{f"{day}__lte": start.on})
    if rank == start.rank:
        rows = rows.exclude(**{day: start.on, "pk__gte": start.id})
    return rows.order_by(f"-{day}", "-pk")


def _mail_below(customer_id: int, start: Place, zone: ZoneInfo) -> QuerySet[IncomingMail]:
    """Mail that came in, below a place, newest first; what was read later has a higher number."""
    rows = IncomingMail.objects.filter(customer_id=customer_id)
    over = min(max(start.on, _FIRST), _LAST)  # an address may ask for any day; moments end earlier
    if start.rank >= MAIL:
        over += timedelta(days=1)
    if start.rank == MAIL:
        rows = rows.filter(pk__lt=start.id)
    until = datetime.combine(over, time(), zone)
    return rows.filter(read_at__lt=until).order_by("-pk")
