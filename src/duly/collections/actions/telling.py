"""Put mail to others than customers where the worker finds it: the week for the firm's own people,
enquiries to referees and guarantors of applicants; each once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.collections.models import Message
from duly.kernel.ids import digest
from duly.storage import locks
from duly.storage.writing import whole


@whole()
def queue_week(
    *,
    entity_id: int,
    last: date,
    readers: Sequence[str],
    timezone: str,
    subject: str,
    body: str,
    domain: str,
    at: datetime,
) -> bool:
    """Queue the mail of the week that ended on a day, unless it was; tell whether it is new."""
    locks.hold(f"outbox:{entity_id}")
    if Message.objects.filter(entity_id=entity_id, planned_on=last, channel="digest").exists():
        return False
    key = digest("week", str(entity_id), last.isoformat())
    row = Message.objects.create(
        entity_id=entity_id,
        customer_id=0,
        key=key,
        planned_on=last,
        policy_version=0,
        step="digest",
        channel="digest",
        recipients=list(readers),
        language="en",
        timezone=timezone,
        amount_minor=0,
        subject=subject[:400],
        body=body,
        state="queued",
        actor="worker",
        queued_at=at,
    )
    row.message_id = f"<{key[:32]}.{row.pk}@{domain}>"
    row.save(update_fields=["message_id"])
    return True


class EnquiryDraft(NamedTuple):
    """A mail to somebody who is no customer. Its key says about what, and for which time."""

    key: str
    recipient: str
    language: str
    timezone: str
    subject: str
    body: str


@whole()
def queue_enquiries(
    *,
    entity_id: int,
    drafts: Sequence[EnquiryDraft],
    on: date,
    domain: str,
    actor: str,
    at: datetime,
    channel: str = "enquiry",
) -> int:
    """Queue mails to people who are no customers, of a key once; return how many are new."""
    locks.hold(f"outbox:{entity_id}")
    keys = [digest(channel, draft.key) for draft in drafts]
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    new = [(key, one) for key, one in zip(keys, drafts, strict=True) if key not in known]
    for key, draft in new:
        Message.objects.create(
            entity_id=entity_id,
            customer_id=0,
            key=key,
            planned_on=on,
            policy_version=0,
            step=channel,
            channel=channel,
            recipients=[draft.recipient],
            language=draft.language,
            timezone=draft.timezone,
            amount_minor=0,
            subject=draft.subject[:400],
            body=draft.body,
            message_id=f"<{key[:32]}@{domain}>",
            state="queued",
            actor=actor,
            queued_at=at,
        )
    return len(new)
