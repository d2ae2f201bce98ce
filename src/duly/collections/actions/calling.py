"""Write calls down, and take back what was a mistake."""

from datetime import date, datetime

from django.db.models import Q

from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.errors import CallUnknown
from duly.collections.models import Call, Task
from duly.collections.rules.call_tasks import again_key, avoidance_key, copies_key
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
    recording: str = "",
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
        recording=recording,
        outcome=outcome,
        note=note,
        next_on=next_on,
        actor=actor,
        recorded_at=at,
    )
    if next_on is not None:
        told = f"Call again: {row.get_outcome_display().lower()} on {on}. {note}".strip()
        draft = TaskDraft(customer_id, again_key(row.pk), "call_again", told, next_on)
        raise_tasks(entity_id=entity_id, drafts=[draft], actor=actor, at=at)
    return row


@whole()
def take_back_call(*, call_id: int, actor: str, at: datetime) -> Call:
    """Take a call back that was written down by mistake, and what people were to do by it.

    Refuses: CallUnknown.
    """
    row = Call.objects.select_for_update().filter(pk=call_id, taken_back_at=None).first()
    if row is None:
        raise CallUnknown(
            f"There is no call {call_id}.",
            facts={"call": call_id},
            remedy="It was taken back before; the customer's timeline shows what stands.",
        )
    row.taken_back_at = at
    row.save(update_fields=["taken_back_at"])
    raised = Q(key__in=[again_key(call_id), avoidance_key(call_id)])
    raised |= Q(key__startswith=copies_key(call_id))
    Task.objects.filter(raised, done_at=None).update(done_at=at, actor=actor)
    return row
