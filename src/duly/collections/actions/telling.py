"""Put the week where the worker finds it, for the firm's own people; each week once."""

from collections.abc import Sequence
from datetime import date, datetime

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
