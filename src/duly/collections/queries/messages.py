"""Reads of messages, tasks and the switch."""

from collections.abc import Iterator, Sequence
from datetime import date

from duly.collections.models import Message, Sending, Task


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


def waiting(*, entity_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(number, entity) of queued messages, the oldest first, each once; new ones join in."""
    last = 0
    while True:
        rows = Message.objects.filter(state="queued", entity_id__in=entity_ids, pk__gt=last)
        found = list(rows.order_by("pk").values_list("pk", "entity_id")[:200])
        if not found:
            return
        yield from found
        last = found[-1][0]


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
