"""Keep what a day's plan says, and what people do at the desk: claims and notes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duly.collections.errors import ClaimedByOther, NoteUnknown
from duly.collections.models import CustomerClaim, DayPlan, Message, Note, Silence, WorklistRow
from duly.collections.policy import CLAIMS, ClaimPolicy
from duly.collections.rules.reasons import HELD_WITH_DAY
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.writing import whole


class Ranked(NamedTuple):
    """A row of the worklist as it is kept, in the order of its rank."""

    customer_id: int
    currency: str
    value_minor: int
    overdue_minor: int
    oldest_days: int
    collector: str
    segment: str
    action: str
    step: str
    key: str
    asked_minor: int
    why_code: str
    why_text: str
    next_on: date | None


class LeftOut(NamedTuple):
    """A step that was left out, and why."""

    customer_id: int
    currency: str
    step: str
    why_code: str
    why_text: str
    amount_minor: int


@whole()
def keep_plan(
    *,
    entity_id: int,
    on: date,
    digest: str,
    counts: Mapping[str, Any],
    rows: Sequence[Ranked],
    left_out: Sequence[LeftOut],
    actor: str,
    at: datetime,
    is_released: bool,
) -> DayPlan:
    """Keep what a day came to: the worklist in its order, and what is left out until that changes.

    Rule: the worklist is that of the newest day planned; an earlier day planned again leaves it.
    """
    locks.hold(f"plan:{entity_id}")
    plan, _ = DayPlan.objects.update_or_create(
        entity_id=entity_id,
        on=on,
        defaults={"digest": digest, "counts": dict(counts), "actor": actor, "planned_at": at},
    )
    if is_released and plan.released_at is None:
        plan.released_at = at
        plan.save(update_fields=["released_at"])
    if DayPlan.objects.filter(entity_id=entity_id, on__gt=on).exists():
        return plan
    WorklistRow.objects.filter(entity_id=entity_id).delete()
    ids = bulk.reserve_ids(WorklistRow, len(rows)) if rows else range(0)
    bulk.insert_rows(
        WorklistRow,
        [
            (id_, entity_id, rank, *row[:-1], row.next_on.isoformat() if row.next_on else None)
            for rank, (id_, row) in enumerate(zip(ids, rows, strict=True), 1)
        ],
    )
    _keep_silences(entity_id, on, left_out)
    return plan


def _keep_silences(entity_id: int, on: date, left_out: Sequence[LeftOut]) -> None:
    """End what no longer holds, begin what is new; what still holds stays as it is."""
    standing = {
        LeftOut(*told): pk
        for pk, *told in Silence.objects.filter(
            entity_id=entity_id, until_on__isnull=True
        ).values_list("pk", *LeftOut._fields)
    }
    now = dict.fromkeys(left_out)
    over = [pk for told, pk in standing.items() if told not in now]
    Silence.objects.filter(pk__in=among(over)).update(until_on=on)
    new = [told for told in now if told not in standing]
    ids = bulk.reserve_ids(Silence, len(new)) if new else range(0)
    bulk.insert_rows(
        Silence,
        [(id_, entity_id, *told, on.isoformat(), None) for id_, told in zip(ids, new, strict=True)],
    )


@whole()
def claim_customer(
    *,
    customer_id: int,
    actor: str,
    name: str,
    at: datetime,
    is_takeover: bool = False,
    policy: ClaimPolicy = CLAIMS,
) -> CustomerClaim:
    """Work on a customer for a while; one's own claim is made longer.

    Rule: while another person's lasts, only a takeover that is said so ends it.
    Refuses: ClaimedByOther.
    """
    locks.hold(f"claim:{customer_id}")
    until_at = at + timedelta(minutes=policy.minutes)
    row = CustomerClaim.objects.filter(customer_id=customer_id).first()
    if row is None:
        return CustomerClaim.objects.create(
            customer_id=customer_id, actor=actor, name=name, until_at=until_at
        )
    if row.actor != actor and row.until_at > at and not is_takeover:
        raise ClaimedByOther(
            f"{row.name} is working on this customer.",
            facts={"name": row.name, "until_at": row.until_at},
            remedy="Ask them, take the next customer, or take this one over.",
        )
    row.actor, row.name, row.until_at = actor, name, until_at
    row.save(update_fields=["actor", "name", "until_at"])
    return row


@whole()
def let_customer_go(*, customer_id: int, actor: str) -> None:
    """End one's own claim on a customer."""
    CustomerClaim.objects.filter(customer_id=customer_id, actor=actor).delete()


@whole()
def write_note(
    *, entity_id: int, customer_id: int, text: str, on: date, actor: str, at: datetime
) -> Note:
    """Write something down about a customer."""
    return Note.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        written_on=on,
        text=text,
        actor=actor,
        recorded_at=at,
    )


@whole()
def take_back_note(*, note_id: int, at: datetime) -> Note:
    """Take a note back that was a mistake. Refuses: NoteUnknown."""
    row = Note.objects.select_for_update().filter(pk=note_id, taken_back_at=None).first()
    if row is None:
        raise NoteUnknown(
            f"There is no note {note_id}.",
            facts={"note": note_id},
            remedy="It was taken back before; the customer's timeline shows what stands.",
        )
    row.taken_back_at = at
    row.save(update_fields=["taken_back_at"])
    return row


@whole()
def hold_day(*, entity_id: int, on: date) -> int:
    """Keep back what of a day's release has not left; return how many messages."""
    code, text = HELD_WITH_DAY
    return Message.objects.filter(
        entity_id=entity_id, planned_on=on, channel="email", state="queued"
    ).update(state="held", why_code=code, why_text=text)


@whole()
def let_day_go(*, entity_id: int, on: date, not_before: datetime) -> int:
    """Queue again what was kept back with its day; return how many messages."""
    return Message.objects.filter(
        entity_id=entity_id, planned_on=on, state="held", why_code=HELD_WITH_DAY.code
    ).update(state="queued", why_code="", why_text="", not_before=not_before)
