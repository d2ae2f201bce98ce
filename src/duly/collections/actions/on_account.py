"""Queue what customers are told of money that is left on their account."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import announce
from duly.collections.events import MessagesQueued
from duly.collections.models import Message, MessageLine
from duly.collections.queries.messages import payments_told
from duly.collections.rules.on_account import ON_ACCOUNT, LeftOver
from duly.kernel.ids import digest
from duly.storage import bulk, locks
from duly.storage.writing import whole


class OnAccountDraft(NamedTuple):
    """A message of money on account, to one customer in one currency."""

    customer_id: int
    currency: str
    left: tuple[LeftOver, ...]
    recipients: tuple[str, ...]
    language: str
    timezone: str
    policy: str
    policy_version: int
    subject: str
    body: str

    @property
    def key(self) -> str:
        """The same payments are told of once."""
        return digest(ON_ACCOUNT, *(str(one.payment_id) for one in self.left))


@whole()
def queue_on_account(
    *,
    entity_id: int,
    drafts: Sequence[OnAccountDraft],
    on: date,
    domain: str,
    actor: str,
    at: datetime,
    not_before: datetime | None = None,
) -> int:
    """Queue messages of money on account, of a payment once; return how many.

    Announces: MessagesQueued.
    """
    locks.hold(f"outbox:{entity_id}")
    told = payments_told([one.payment_id for draft in drafts for one in draft.left])
    new = [draft for draft in drafts if not {one.payment_id for one in draft.left} & told]
    if not new:
        return 0
    ids = bulk.reserve_ids(Message, len(new))
    Message.objects.bulk_create(
        Message(
            id=id_,
            entity_id=entity_id,
            customer_id=draft.customer_id,
            key=draft.key,
            planned_on=on,
            policy=draft.policy,
            policy_version=draft.policy_version,
            step=ON_ACCOUNT,
            channel=ON_ACCOUNT,
            recipients=list(draft.recipients),
            language=draft.language,
            timezone=draft.timezone,
            currency=draft.currency,
            amount_minor=-sum(one.minor for one in draft.left),
            subject=draft.subject,
            body=draft.body,
            message_id=f"<{draft.key[:32]}.{id_}@{domain}>",
            state="queued",
            not_before=not_before,
            actor=actor,
            queued_at=at,
        )
        for id_, draft in zip(ids, new, strict=True)
    )
    _write_lines(ids, new)
    announce(event=MessagesQueued(entity_id, len(new)), at=at)
    return len(new)


def _write_lines(ids: range, drafts: Sequence[OnAccountDraft]) -> None:
    lines = [
        (id_, place, one)
        for id_, draft in zip(ids, drafts, strict=True)
        for place, one in enumerate(draft.left)
    ]
    line_ids = bulk.reserve_ids(MessageLine, len(lines))
    bulk.insert_rows(
        MessageLine,
        [
            (pk, id_, place, None, one.payment_id, one.number, -one.minor, 0)
            for pk, (id_, place, one) in zip(line_ids, lines, strict=True)
        ],
    )
