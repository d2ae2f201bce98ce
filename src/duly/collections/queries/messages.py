"""Reads of messages, tasks and the switch."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from duly.access.models import Change
from duly.collections.models import (
    LISTED,
    MAILED,
    Block,
    Call,
    Message,
    MessageLine,
    Sending,
    Task,
)
from duly.collections.policy import CHANNELS
from duly.collections.queries.blocks import blocks_on
from duly.collections.rules.on_account import ON_ACCOUNT
from duly.kernel.ids import digest
from duly.storage.among import among


def messages(
    *,
    entity_id: int | None = None,
    customer_id: int | None = None,
    planned_on: date | None = None,
    states: Sequence[str] | None = None,
    key: str | None = None,
    channels: Sequence[str] = ("email",),
) -> list[Message]:
    """Reminders by e-mail in the order in which they were queued; of other channels, what is asked
    for."""
    rows = Message.objects.filter(channel__in=channels)
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if planned_on is not None:
        rows = rows.filter(planned_on=planned_on)
    if states is not None:
        rows = rows.filter(state__in=states)
    if key is not None:
        rows = rows.filter(key=key)
    return list(rows.order_by("pk"))


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages of an entity a list shows."""

    entity_id: int
    states: tuple[str, ...] = ()
    customer_id: int | None = None
    planned_on: date | None = None
    step: str = ""


def messages_page(wanted: MessageFilter, *, before_id: int | None, limit: int) -> list[Message]:
    """E-mails that fit, the newest first, from below a number on."""
    rows = Message.objects.filter(entity_id=wanted.entity_id, channel__in=LISTED)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.customer_id is not None:
        rows = rows.filter(customer_id=wanted.customer_id)
    if wanted.planned_on is not None:
        rows = rows.filter(planned_on=wanted.planned_on)
    if wanted.step:
        rows = rows.filter(step=wanted.step)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return list(rows.defer("body").order_by("-pk")[:limit])


def counts_by_state(entity_id: int, states: Collection[str]) -> dict[str, int]:
    """{state: number of e-mails}; every state asked for is there."""
    rows = Message.objects.filter(entity_id=entity_id, channel__in=LISTED, state__in=states)
    found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in states}


def message_by_id(entity_id: int, message_id: int) -> Message | None:
    """A message of an entity."""
    return Message.objects.filter(entity_id=entity_id, pk=message_id).first()


def last_switch(entity_id: int) -> Change | None:
    """The newest change of whether messages leave: who made it, when, from what to what."""
    rows = Change.objects.filter(
        noun="sending",
        record_id__in=Sending.objects.filter(entity_id=entity_id).values("pk"),
        after__has_key="mode",
    )
    return rows.order_by("-id").first()


def holds_on(entity_id: int, on: date) -> dict[int, Block]:
    """{customer: the hold that keeps its messages back on a day}."""
    rows = blocks_on(entity_id, on).filter(kind="hold", item_id=None)
    return {row.customer_id: row for row in rows.order_by("pk")}


def under_legal_stay(entity_id: int, on: date) -> set[int]:
    """Customers under a legal or insolvency stay on a day: somebody else may own their money."""
    rows = blocks_on(entity_id, on).filter(kind="legal")
    return set(rows.values_list("customer_id", flat=True))


def asked_on(entity_id: int, on: date) -> set[tuple[int, str, str]]:
    """(customer, currency, channel) of the steps that were taken for a day already."""
    rows = Message.objects.filter(entity_id=entity_id, planned_on=on, channel__in=CHANNELS)
    return set(rows.values_list("customer_id", "currency", "channel"))


def steps_of_day(entity_id: int, on: date) -> list[Message]:
    """Every step of a policy that was taken for a day, of any channel."""
    rows = Message.objects.filter(entity_id=entity_id, planned_on=on, channel__in=CHANNELS)
    return list(rows.order_by("pk"))


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
        customer_id__in=among(customer_ids), channel__in=MAILED, state="sent"
    ).order_by("pk")
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for customer_id, pk, message_id in rows.values_list("customer_id", "pk", "message_id"):
        found[customer_id] = [*found[customer_id][1 - MOST_OF_THREAD :], (pk, message_id)]
    return found


def enquiries_of(keys: Collection[str]) -> list[tuple[str, Message]]:
    """(key, mail) to people who are no customers, of keys as `queue_enquiries` was given them."""
    named = {digest("enquiry", key): key for key in keys}
    rows = Message.objects.filter(key__in=among(named), channel="enquiry").order_by("pk")
    return [(named[row.key], row) for row in rows]


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


def calls_taken_back(message_ids: Collection[int]) -> set[int]:
    """Those of some messages that confirm a call which was taken back."""
    rows = Call.objects.filter(message_id__in=among(message_ids)).exclude(taken_back_at=None)
    return {pk for pk in rows.values_list("message_id", flat=True) if pk is not None}


def task_keys(keys: Collection[str]) -> set[str]:
    """Those of some keys of which there is a task, done or not."""
    rows = Task.objects.filter(key__in=among(keys))
    return set(rows.values_list("key", flat=True))


def payments_told(payment_ids: Collection[int]) -> set[int]:
    """Those of some payments that a customer was, or is to be, told of."""
    rows = MessageLine.objects.filter(payment_id__in=among(payment_ids))
    told = Message.objects.filter(channel=ON_ACCOUNT).exclude(state="cancelled").values("pk")
    found = rows.filter(message_id__in=told).values_list("payment_id", flat=True)
    return {pk for pk in found if pk is not None}
