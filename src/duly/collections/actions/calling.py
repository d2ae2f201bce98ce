"""Write calls down."""

from datetime import date, datetime

from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.models import Call
from duly.kernel.ids import digest
from duly.storage.writing import whole


@whole()
def log_call(
    *,
    entity_id: int,
    customer_id: int,
    on: date,
    outcome: str,
    actor: str,
    at: datetime,
    person: str = "",
    phone: str = "",
    note: str = "",
    next_on: date | None = None,
) -> Call:
    """Write a call down; a day named for the next one becomes a task."""
    row = Call.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        called_on=on,
        person=person,
        phone=phone,
        outcome=outcome,
        note=note,
        next_on=next_on,
        actor=actor,
        recorded_at=at,
    )
    if next_on is not None:
        told = f"Call again: {row.get_outcome_display().lower()} on {on}. {note}".strip()
        draft = TaskDraft(customer_id, digest("call", str(row.pk)), "call_again", told, next_on)
        raise_tasks(entity_id=entity_id, drafts=[draft], actor=actor, at=at)
    return row
