"""Make, judge and cancel promises to pay."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, announce, record_changes
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.errors import PromiseJudged, PromiseUnknown
from duly.collections.events import PromisesJudged, PromisesMade
from duly.collections.models import Promise, PromisedItem
from duly.collections.policy import PROMISES, PromisePolicy
from duly.collections.queries.promises import judged, judged_anew
from duly.collections.rules.promising import Verdict, refuse_unfit
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.kernel.ids import digest
from duly.kernel.money import Money
from duly.parties.models import Entity
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
    """Record promises; return their numbers. Refuses: PromiseUnfit. Announces: PromisesMade."""
    for draft in drafts:
        refuse_unfit(
            amount=Money(draft.amount_minor, draft.currency),
            made_on=on,
            due_on=draft.due_on,
            policy=policy,
        )
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
            actor=actor,
            recorded_at=at,
        )
        for draft in drafts
    )
    PromisedItem.objects.bulk_create(
        PromisedItem(promise=row, item_id=item_id)
        for row, draft in zip(made, drafts, strict=True)
        for item_id in draft.item_ids
    )
    ids = [row.pk for row in made]
    announce(event=PromisesMade(entity_id, tuple(ids)), at=at)
    return ids


@whole()
def judge_promises(
    *, entity: Entity, on: date, actor: str, at: datetime, policy: PromisePolicy = PROMISES
) -> list[Verdict]:
    """Judge every live promise on a day; broken ones become a call to make, and a signal to credit.

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
    raise_tasks(
        entity_id=entity_id,
        drafts=[
            TaskDraft(
                row.customer_id,
                digest("promise", str(row.pk), *([what, on.isoformat()] if is_anew else [])),
                "promise_broken",
                f"{Money(row.amount_minor - row.received_minor, row.currency)} of a promise for "
                f"{row.due_on} {what}: call today.",
                on,
            )
            for row in missed
        ],
        actor=actor,
        at=at,
    )
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


@whole()
def cancel_promise(*, promise_id: int, on: date, actor: str, at: datetime) -> Promise:
    """Take a promise off; chasing goes on. Refuses: PromiseUnknown, PromiseJudged."""
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
    row.state, row.judged_on = "cancelled", on
    row.save(update_fields=["state", "judged_on"])
    record_changes(
        noun="promise",
        changes=[(row.pk, {"state": "open"}, {"state": "cancelled"})],
        author=Author(actor, at),
    )
    return row
