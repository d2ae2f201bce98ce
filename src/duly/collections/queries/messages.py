"""Reads of messages, tasks and the switch."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from duly.collections.models import Message, Sending, Task
from duly.storage.among import among


def messages(
    *,
    entity_id: int | None = None,
    customer_id: int | None = None,
    planned_on: date | None = None,
    states: Sequence[str] | None = None,
) -> list[Message]:
    """E-mails in the order in which they were queued."""
    rows = Message.objects.filter(channel="email")
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if planned_on is not None:
        rows = rows.filter(planned_on=planned_on)
    if states is not None:
        rows = rows.filter(state__in=states)
    return list(rows.order_by("pk"))


def steps_of_day(entity_id: int, on: date) -> list[Message]:
    """Every step that was taken for a day, of any channel."""
    return list(Message.objects.filter(entity_id=entity_id, planned_on=on).order_by("pk"))


def waiting(*, entity_id: int) -> Iterator[int]:
    """Numbers of queued messages of an entity, the oldest first, each once; new ones join in."""
    last = 0
    while True:
        rows = Message.objects.filter(state="queued", entity_id=entity_id, pk__gt=last)
        found = list(rows.order_by("pk").values_list("pk", flat=True)[:500])
        if not found:
            return
        yield from found
        last = found[-1]


MOST_OF_THREAD = 10


def threads_of(customer_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """{customer: (number, Message-ID) of the last e-mails that were sent to it, in order}."""
    rows = Message.objects.filter(
        customer_id__in=among(customer_ids), channel="email", state="sent"
    ).order_by("pk")
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for customer_id, pk, message_id in rows.values_list("customer_id", "pk", "message_id"):
        found[customer_id] = [*found[customer_id][1 - MOST_OF_THREAD :], (pk, message_id)]
    return found


def weeks_mailed(entity_id: int, last: date) -> list[Message]:
    """The mails of the week that ended on a day to the firm's own people."""
    rows = Message.objects.filter(entity_id=entity_id, planned_on=last, channel="digest")
    return list(rows.order_by("pk"))


def sending_of(entity_id: int) -> Sending:
    """The switch of an entity; off while nobody touched it. Not to be saved."""
    return Sending.objects.filter(entity_id=entity_id).first() or Sending(
        entity_id=entity_id, mode="off", allowed=[]
    )


def open_tasks(*, entity_id: int, customer_id: int | None = None) -> list[Task]:
    """What people are to do, the earliest first."""
    rows = Task.objects.filter(entity_id=entity_id, done_at__isnull=True)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("due_on", "pk"))
