"""Make, judge and cancel promises to pay."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, announce, record_changes, require
from duly.access.queries import user_acting, user_named
from duly.access.rules.roles import may
from duly.collections.actions.claiming import raise_claims
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.errors import PromiseJudged, PromiseUnfit, PromiseUnknown
from duly.collections.events import PromisesJudged, PromisesMade
from duly.collections.models import Promise, PromisedItem, Task
from duly.collections.policy import ESCALATE, PROMISES, PromisePolicy
from duly.collections.queries.promises import (
    awaited_of,
    covered_items,
    judged,
    judged_anew,
    missed_by_customer,
)
from duly.collections.queries.stays import stays_on
from duly.collections.rules.promising import Verdict, refuse_above_debt, refuse_unfit, strikes
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.credit.queries.insurance import refuse_extension
from duly.kernel.ids import digest
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.receivables.queries import open_of_customers_on
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


class PromiseDraft(NamedTuple):
    """A promise as a customer made it."""

    customer_id: int
    currency: str
    amount_minor: int
    due_on: date
    item_ids: tuple[int, ...] = ()
    person: str = ""
    channel: str = ""
    note: str = ""
    method: str = ""
    approved_by: str = ""  # who let it be further away than a collector may
    condition: str = ""  # what we are to do first
    condition_due_on: date | None = None  # until when; default: the day of the promise
    call_id: int | None = None


@whole()
def make_promises(
    *,
    entity_id: int,
    drafts: Sequence[PromiseDraft],
    on: date,
    actor: str,
    at: datetime,
    policy: PromisePolicy = PROMISES,
) -> list[int]:
    """Record promises; return their numbers. One on a condition of ours raises its task.

    Refuses: PromiseUnfit: in the past, too far away for who recorded or approved it, above the
    debt, in a currency in which nothing is owed, of a customer under a stay; UserUnknown,
    NotYourPart of who approved.
    Announces: PromisesMade.
    """
    for draft in drafts:
        refuse_unfit(
            amount=Money(draft.amount_minor, draft.currency),
            made_on=on,
            due_on=draft.due_on,
            policy=policy,
            is_approved=_may_approve(draft.approved_by, actor),
        )
    _refuse_under_stay(entity_id, drafts, on)
    locks.hold(f"promises:{entity_id}")
    _refuse_above_debt(entity_id, drafts, on)
    made = Promise.objects.bulk_create(
        Promise(
            entity_id=entity_id,
            customer_id=draft.customer_id,
            currency=draft.currency,
            amount_minor=draft.amount_minor,
            made_on=on,
            due_on=draft.due_on,
            person=draft.person,
            channel=draft.channel,
            note=draft.note,
            method=draft.method,
            call_id=draft.call_id,
            approved_by=draft.approved_by,
            condition=draft.condition,
            condition_key=_condition_key(at, place, draft) if draft.condition else "",
            actor=actor,
            recorded_at=at,
        )
        for place, draft in enumerate(drafts)
    )
    unlocking = [
        _unlocking(row, draft) for row, draft in zip(made, drafts, strict=True) if row.condition_key
    ]
    raise_tasks(entity_id=entity_id, drafts=unlocking, actor=actor, at=at)
    PromisedItem.objects.bulk_create(
        PromisedItem(promise=row, item_id=item_id)
        for row, draft in zip(made, drafts, strict=True)
        for item_id in draft.item_ids
    )
    ids = [row.pk for row in made]
    announce(event=PromisesMade(entity_id, tuple(ids)), at=at)
    return ids


def _unlocking(row: Promise, draft: PromiseDraft) -> TaskDraft:
    """The task that a promise waits for."""
    money = Money(row.amount_minor, row.currency)
    told = f"{money} by {row.due_on} wait for us: {row.condition}"
    due_on = draft.condition_due_on or row.due_on
    return TaskDraft(row.customer_id, row.condition_key, "condition", told, due_on)


def _may_approve(approved_by: str, actor: str) -> bool:
    """Tell whether somebody approved who may; in a shell any role can be had anyway.

    Refuses: UserUnknown, NotYourPart.
    """
    if approved_by:
        require(user=user_named(approved_by), act="approve_promise")
        return True
    user = user_acting(actor)
    return user is None or may(user.role, "approve_promise")


def _refuse_under_stay(entity_id: int, drafts: Sequence[PromiseDraft], on: date) -> None:
    stays = stays_on(entity_id, on, {draft.customer_id for draft in drafts})
    for row in stays.values():
        raise PromiseUnfit(
            f"The customer is under a stay ({row.reason}): nothing may be asked of it or promised.",
            facts={"customer": row.customer_id, "since": row.from_on},
            remedy="File the proof of claim; where the stay is over, end its block first.",
        )


def _refuse_above_debt(entity_id: int, drafts: Sequence[PromiseDraft], on: date) -> None:
    entity = Entity.objects.get(pk=entity_id)
    whose = {draft.customer_id for draft in drafts}
    owed = open_of_customers_on(entity_id=entity_id, customer_ids=whose, on=on)
    awaited = awaited_of(entity, on, whose)
    for draft in drafts:
        key, named = (draft.customer_id, draft.currency), frozenset(draft.item_ids)
        items, standing = owed.get(key, []), awaited.setdefault(key, [])
        for some in [named, frozenset[int]()] if named else [named]:
            refuse_above_debt(
                amount=Money(draft.amount_minor, draft.currency),
                owed_minor=sum(minor for pk, minor in items if not some or pk in some),
                awaited_minor=sum(
                    minor for minor, of in standing if not some or (of and of <= some)
                ),
                is_of_items=bool(some),
            )
        standing.append((draft.amount_minor, named))


def _condition_key(at: datetime, place: int, draft: PromiseDraft) -> str:
    told = (str(draft.customer_id), at.isoformat(), str(place), draft.condition)
    return digest("promise condition", *told)


@whole()
def extend_promise(
    *,
    promise_id: int,
    due_on: date,
    on: date,
    actor: str,
    at: datetime,
    approved_by: str = "",
    policy: PromisePolicy = PROMISES,
) -> Promise:
    """Put a promise off, once.

    Refuses: PromiseUnknown, PromiseJudged, PromiseUnfit; ExtensionBeyondCover where the insurer has
    to be asked first.
    """
    row = _live(promise_id)
    refuse_unfit(
        amount=Money(row.amount_minor, row.currency),
        made_on=on,
        due_on=due_on,
        policy=policy,
        is_approved=_may_approve(approved_by, actor),
    )
    if row.first_due_on is not None or due_on <= row.due_on:
        is_again = row.first_due_on is not None
        raise PromiseUnfit(
            f"Promise {promise_id} was put off before, from {row.first_due_on}."
            if is_again
            else f"{due_on} is not after {row.due_on}: that puts nothing off.",
            facts={"promise": promise_id, "due_on": row.due_on, "first_due_on": row.first_due_on},
            remedy="Ask for the money now, or agree on instalments."
            if is_again
            else "Name a later day.",
        )
    entity = Entity.objects.get(pk=row.entity_id)
    refuse_extension(row.entity_id, row.customer_id, covered_items(entity, row), due_on, on)
    before = {"due_on": row.due_on.isoformat()}
    row.first_due_on, row.due_on = row.due_on, due_on
    row.approved_by = approved_by or row.approved_by
    row.save(update_fields=["first_due_on", "due_on", "approved_by"])
    change = (row.pk, before, {"due_on": due_on.isoformat()})
    record_changes(noun="promise", changes=[change], author=Author(actor, at))
    return row


@whole()
def meet_condition(*, promise_id: int, on: date, actor: str, at: datetime) -> Promise:
    """Say that we did what a promise waits for; its task is done with it.

    Refuses: PromiseUnknown, PromiseJudged; PromiseUnfit where it waits for nothing of ours.
    """
    row = _live(promise_id)
    if not row.condition_key:
        raise PromiseUnfit(
            f"Promise {promise_id} waits for nothing of ours.",
            facts={"promise": promise_id},
            remedy="Look at `duly promise list`.",
        )
    row.condition_met_on = on
    row.save(update_fields=["condition_met_on"])
    Task.objects.filter(key=row.condition_key, done_at=None).update(done_at=at, actor=actor)
    after = {"condition_met_on": on.isoformat()}
    record_changes(noun="promise", changes=[(row.pk, {}, after)], author=Author(actor, at))
    return row


def _live(promise_id: int) -> Promise:
    """A promise that is not judged, to be changed. Refuses: PromiseUnknown, PromiseJudged."""
    row = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if row is None:
        raise PromiseUnknown(
            f"There is no promise {promise_id}.",
            facts={"promise": promise_id},
            remedy="Look at `duly promise list`.",
        )
    if row.state != "open":
        raise PromiseJudged(
            f"Promise {promise_id} is {row.get_state_display().lower()} already.",
            facts={"promise": promise_id, "state": row.state},
            remedy="Record a new one if the customer promises again.",
        )
    return row


@whole()
def judge_promises(
    *, entity: Entity, on: date, actor: str, at: datetime, policy: PromisePolicy = PROMISES
) -> list[Verdict]:
    """Judge every live promise on a day; broken ones become a call to make, and a signal to credit;
    under a stay neither, but a claim to file.

    Returns: the verdicts of all that were live, also those still open. Announces: PromisesJudged.
    """
    locks.hold(f"promises:{entity.pk}")
    verdicts = [
        verdict for found in judged(entity, on, policy=policy).values() for _, verdict in found
    ]
    _write_down(entity.pk, verdicts, on, actor, at)
    return sorted(verdicts)


@whole()
def judge_promises_anew(
    *,
    entity: Entity,
    customer_ids: Collection[int],
    since: date,
    on: date,
    actor: str,
    at: datetime,
    policy: PromisePolicy = PROMISES,
) -> list[Verdict]:
    """Judge promises again that were judged since a day: money by which they were kept came back.

    One whose day is still to come is open again; whose is over, broken, and a call to make.
    Returns: the verdicts that differ. Announces: PromisesJudged.
    """
    locks.hold(f"promises:{entity.pk}")
    verdicts = judged_anew(entity, on, customer_ids, since=since, policy=policy)
    return _write_down(entity.pk, verdicts, on, actor, at, what="came back")


def _write_down(
    entity_id: int,
    verdicts: Sequence[Verdict],
    on: date,
    actor: str,
    at: datetime,
    what: str = "did not come",
) -> list[Verdict]:
    """Keep verdicts; return those that differ from what was kept."""
    by_id = {verdict.id: verdict for verdict in verdicts}
    changed = []
    for row in Promise.objects.filter(pk__in=among(by_id)):
        verdict = by_id[row.pk]
        if (row.state, row.received_minor) != (verdict.state, verdict.received_minor):
            row.state, row.received_minor = verdict.state, verdict.received_minor
            row.judged_on = on if verdict.state != "open" else None
            changed.append(row)
    if not changed:
        return []
    Promise.objects.bulk_update(changed, ["state", "received_minor", "judged_on"], batch_size=500)
    is_anew = what != "did not come"
    missed = [row for row in changed if row.state in ("broken", "partly_kept")]
    stays = stays_on(entity_id, on, {row.customer_id for row in missed})
    missed = [row for row in missed if row.customer_id not in stays]  # of whom one may ask
    raise_tasks(
        entity_id=entity_id,
        drafts=[
            TaskDraft(
                row.customer_id,
                digest("promise", str(row.pk), *([what, on.isoformat()] if is_anew else [])),
                "promise_broken",
                f"{Money(row.amount_minor - row.received_minor, row.currency)} of a promise for "
                f"{row.due_on} {what}: call today, ask for electronic payment at once.",
                on,
            )
            for row in missed
        ]
        + _further(entity_id, missed, on),
        actor=actor,
        at=at,
    )
    raise_claims(entity_id=entity_id, stays=list(stays.values()), on=on, actor=actor, at=at)
    record_signals(
        entity_id=entity_id,
        drafts=[
            SignalDraft(row.customer_id, "promise_broken", on, f"promise:{row.pk}")
            for row in missed
            if row.state == "broken"
        ],
        author=Author(actor, at),
    )
    of_state = {
        state: tuple(sorted(row.pk for row in changed if row.state == state))
        for state in ("kept", "partly_kept", "broken")
    }
    if any(of_state.values()):
        announce(event=PromisesJudged(entity_id, **of_state), at=at)
    return [by_id[row.pk] for row in changed]


def _further(
    entity_id: int, missed: Sequence[Promise], on: date, policy: PromisePolicy = PROMISES
) -> list[TaskDraft]:
    """What follows a promise that is not the first one broken: a step further, the final demand."""
    before = missed_by_customer(entity_id, {row.customer_id for row in missed})
    found = []
    for customer_id in sorted({row.customer_id for row in missed}):
        days = before[customer_id]
        count, last = strikes((day for day, _ in days), on, policy), days[-1][1]
        if count >= policy.final_after:
            kind = "final_demand"
            told = f"{count} promises broken in {policy.within_months} months: the final demand."
        elif count >= policy.escalate_after:
            kind = ESCALATE
            told = (
                f"{count} promises broken in {policy.within_months} months: speak to their "
                "manager. New orders are held, and the next step is taken without its wait."
            )
        else:
            continue
        found.append(TaskDraft(customer_id, digest(kind, str(last)), kind, told, on))
    return found


@whole()
def cancel_promise(*, promise_id: int, on: date, actor: str, at: datetime) -> Promise:
    """Take a promise off; chasing goes on. Refuses: PromiseUnknown, PromiseJudged."""
    row = _live(promise_id)
    row.state, row.judged_on = "cancelled", on
    row.save(update_fields=["state", "judged_on"])
    record_changes(
        noun="promise",
        changes=[(row.pk, {"state": "open"}, {"state": "cancelled"})],
        author=Author(actor, at),
    )
    return row
