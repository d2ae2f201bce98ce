"""Queue what customers are told of orders that wait, or may go."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import announce
from duly.collections.events import MessagesQueued
from duly.collections.models import Message, MessageLine
from duly.collections.rules.orders_told import ORDER_TOLD, OrderTold
from duly.kernel.ids import digest
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.writing import whole


class OrderToldDraft(NamedTuple):
    """A message of one order to its customer."""

    customer_id: int
    order: OrderTold
    recipients: tuple[str, ...]
    language: str
    timezone: str
    subject: str
    body: str

    @property
    def key(self) -> str:
        """Of a hold it is told once that it began, and once that it ended."""
        return digest(ORDER_TOLD, str(self.order.hold_id), self.order.state)


@whole()
def queue_orders_told(
    *,
    entity_id: int,
    drafts: Sequence[OrderToldDraft],
    on: date,
    domain: str,
    actor: str,
    at: datetime,
) -> int:
    """Queue messages of orders, of a hold once; return how many are new.

    Announces: MessagesQueued.
    """
    locks.hold(f"outbox:{entity_id}")
    there = Message.objects.filter(key__in=among([one.key for one in drafts]))
    known = set(there.values_list("key", flat=True))
    new = [one for one in drafts if one.key not in known]
    if not new:
        return 0
    ids = bulk.reserve_ids(Message, len(new))
    Message.objects.bulk_create(
        Message(
            id=id_,
            entity_id=entity_id,
            customer_id=one.customer_id,
            key=one.key,
            planned_on=on,
            policy_version=0,
            step=one.order.state,
            channel=ORDER_TOLD,
            recipients=list(one.recipients),
            language=one.language,
            timezone=one.timezone,
            currency=one.order.currency,
            amount_minor=one.order.minor,
            subject=one.subject,
            body=one.body,
            message_id=f"<{one.key[:32]}.{id_}@{domain}>",
            state="queued",
            actor=actor,
            queued_at=at,
        )
        for id_, one in zip(ids, new, strict=True)
    )
    _write_lines(ids, new)
    announce(event=MessagesQueued(entity_id, len(new)), at=at)
    return len(new)


def _write_lines(ids: range, drafts: Sequence[OrderToldDraft]) -> None:
    line_ids = bulk.reserve_ids(MessageLine, len(drafts))
    MessageLine.objects.bulk_create(
        MessageLine(
            id=pk,
            message_id=id_,
            place=0,
            number=one.order.ref,
            open_minor=one.order.minor,
            level=0,
        )
        for pk, id_, one in zip(line_ids, ids, drafts, strict=True)
    )
