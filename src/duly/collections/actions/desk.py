"""Keep what a day's plan says, and what people do at the desk: claims and notes."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from duly.access.actions import Author, record_changes
from duly.collections.errors import ClaimedByOther, NoteUnknown
from duly.collections.models import CustomerClaim, DayPlan, Message, Note, Silence, WorklistRow
from duly.collections.policy import CLAIMS, ClaimPolicy
from duly.collections.rules.reasons import HELD_WITH_DAY
from duly.collections.rules.releasing import leaving_digest
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.writing import whole

CLAIMING = "claims"  # the lock behind which it is decided who works on whom


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
    channel: str
    recipients: tuple[str, ...]
    items: tuple[int, ...]
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
    facts: str = "",
) -> DayPlan:
    """Keep what a day came to: the worklist in its order, and what is left out until that changes.

    Rule: of a day that has come the plan before is kept too, so that who looked at it can be told
    what changed; of earlier days only what they came to. An earlier day planned again leaves the
    newest worklist. A day that is yet to come, told by its `facts`, has one plan and no silences.
    """
    locks.hold(f"plan:{entity_id}")
    mails = [(row.key, row.asked_minor) for row in rows if row.action == "email"]
    before = DayPlan.objects.filter(entity_id=entity_id, on=on, facts="").order_by("-pk").first()
    released_at = before.released_at if before else None
    plan = DayPlan.objects.create(
        entity_id=entity_id,
        on=on,
        digest=digest,
        leaving=leaving_digest(mails),
        facts=facts,
        counts=dict(counts),
        actor=actor,
        planned_at=at,
        released_at=released_at or (at if is_released else None),
    )
    plans = DayPlan.objects.filter(entity_id=entity_id).exclude(pk=plan.pk)
    if facts:
        plans.filter(on=on).exclude(facts="").delete()
    elif plans.filter(on__gt=on, facts="").exists():
        plans.filter(on=on, facts="").delete()
        return plan
    else:
        plans.filter(on__lte=on).exclude(facts="").delete()
        plans.filter(on=on, pk__lt=before.pk if before else plan.pk).delete()
        WorklistRow.objects.filter(plan__in=plans.filter(on__lt=on)).delete()
        _keep_silences(entity_id, on, left_out)
    _keep_rows(plan.pk, rows)
    return plan


def _keep_rows(plan_id: int, rows: Sequence[Ranked]) -> None:
    ids = bulk.reserve_ids(WorklistRow, len(rows)) if rows else range(0)
    bulk.insert_rows(
        WorklistRow,
        [
            (
                id_,
                plan_id,
                rank,
                *row[:10],
                json.dumps(row.recipients, ensure_ascii=False),
                json.dumps(row.items),
                *row[12:-1],
                row.next_on.isoformat() if row.next_on else None,
            )
            for rank, (id_, row) in enumerate(zip(ids, rows, strict=True), 1)
        ],
    )


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
    locks.hold(CLAIMING)
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
def claim_customers(
    *,
    customer_ids: Collection[int],
    actor: str,
    name: str,
    at: datetime,
    policy: ClaimPolicy = CLAIMS,
) -> dict[int, str]:
    """Work on several customers for a while, but for those on whom another person works.

    Returns: {customer: who works on it} of the ones that were left to others.
    """
    locks.hold(CLAIMING)
    rows = CustomerClaim.objects.filter(customer_id__in=among(customer_ids))
    others = {row.customer_id: row.name for row in rows if row.actor != actor and row.until_at > at}
    given = {"actor": actor, "name": name, "until_at": at + timedelta(minutes=policy.minutes)}
    CustomerClaim.objects.bulk_create(
        [CustomerClaim(customer_id=id_, **given) for id_ in customer_ids if id_ not in others],
        update_conflicts=True,
        unique_fields=["customer_id"],
        update_fields=list(given),
    )
    return others


@whole()
def let_customers_go(*, customer_ids: Collection[int], actor: str) -> None:
    """End one's own claims on several customers."""
    CustomerClaim.objects.filter(customer_id__in=among(customer_ids), actor=actor).delete()


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
def write_notes(
    *,
    entity_id: int,
    customer_ids: Collection[int],
    text: str,
    on: date,
    actor: str,
    at: datetime,
) -> list[Note]:
    """Write the same down about several customers."""
    given = {"entity_id": entity_id, "written_on": on, "text": text}
    return Note.objects.bulk_create(
        [Note(customer_id=id_, actor=actor, recorded_at=at, **given) for id_ in customer_ids]
    )


@whole()
def take_back_notes(*, note_ids: Collection[int], at: datetime) -> int:
    """Take back those of some notes that stand; return how many that were."""
    rows = Note.objects.filter(pk__in=among(note_ids), taken_back_at=None)
    return rows.update(taken_back_at=at)


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
def hold_day(*, entity_id: int, on: date, actor: str, at: datetime) -> int:
    """Keep back what of a day's release has not left; return how many messages."""
    code, text = HELD_WITH_DAY
    queued = Message.objects.filter(
        entity_id=entity_id, planned_on=on, channel__in=("email", "on_account"), state="queued"
    )
    given = {"state": "held", "why_code": code, "why_text": text}
    return _change_all(queued, given, Author(actor, at))


@whole()
def let_day_go(
    *, message_ids: Collection[int], not_before: datetime, actor: str, at: datetime
) -> int:
    """Queue again those of some messages that are kept back with their day; return how many."""
    held = Message.objects.filter(
        pk__in=among(message_ids), state="held", why_code=HELD_WITH_DAY.code
    )
    given = {"state": "queued", "why_code": "", "why_text": "", "not_before": not_before}
    return _change_all(held, given, Author(actor, at))


def _change_all(rows: QuerySet[Message], given: Mapping[str, Any], author: Author) -> int:
    """Change messages of one state, each with its place in the trail."""
    found = list(rows.select_for_update().order_by("pk").values_list("pk", "state"))
    ids = [pk for pk, _ in found]
    Message.objects.filter(pk__in=among(ids)).update(**given)
    after = {"state": given["state"], "why": given["why_text"]}
    changes = [(pk, {"state": state}, after) for pk, state in found]
    record_changes(noun="message", changes=changes, author=author)
    return len(ids)
