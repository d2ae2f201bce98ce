"""Instalment plans, day by day: kept, missed, cured, due at once, completed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, announce
from duly.collections.actions.claiming import raise_claims
from duly.collections.actions.plan_steps import hold_plans, move_plan, note_step
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.events import PlanMoved
from duly.collections.queries.plans import Plan, judged, lapsed_offers, plans
from duly.collections.queries.stays import stays_on
from duly.collections.rules.plans import moving
from duly.collections.rules.plans.reckoning import Reckoning, Result, accelerates_on
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.kernel.ids import digest
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.storage.writing import whole


class JudgedPlan(NamedTuple):
    """What a day did to a plan."""

    plan_id: int
    before: str
    state: str
    is_accelerated: bool


@whole()
def judge_plans(*, entity: Entity, on: date, actor: str, at: datetime) -> list[JudgedPlan]:
    """Hold every plan that binds against the money of a day, and let offers lapse.

    A payment that is missed becomes a notice to give and a signal to credit; more than the agreed
    days late, the whole balance is due, a call to make, and collection goes on. Of a customer under
    a stay neither is asked nor told: its claim is filed.
    Returns: what the day did to each, also where that is nothing. Announces: PlanMoved.
    """
    hold_plans(entity_id=entity.pk)
    author = Author(actor, at)
    for row in lapsed_offers(entity.pk, on):
        move_plan(row=row, to=moving.CANCELLED, on=on, author=author, kind="lapsed")
    some = plans(entity.pk, states=moving.BINDING)
    return judge_some(entity=entity, some=some, on=on, author=author)


@whole()
def judge_some(
    *, entity: Entity, some: Sequence[Plan], on: date, author: Author
) -> list[JudgedPlan]:
    """Hold some plans that bind against the money of a day. See `judge_plans`."""
    found, tasks, signals = [], list[TaskDraft](), list[SignalDraft]()
    stays = stays_on(entity.pk, on, {plan.row.customer_id for plan in some})
    missed = set[int]()  # customers under a stay of whom something did not come
    for plan, reckoning, now in judged(entity, some, on):
        row, before = plan.row, plan.row.state
        is_new = now.is_accelerated and row.accelerated_on is None
        failing = reckoning.failing
        if now.state != before:
            move_plan(row=row, to=now.state, on=on, author=author)
            is_missed = now.state == moving.DEFAULTED and failing is not None
            if is_missed and row.customer_id in stays:
                missed.add(row.customer_id)
            elif now.state == moving.DEFAULTED and failing is not None:
                source = f"plan:{row.pk}:{failing.number}"
                signals.append(SignalDraft(row.customer_id, "promise_broken", on, source))
                if not is_new:
                    tasks.append(_notice(plan, failing, on))
        if is_new:
            row.accelerated_on = on
            row.save(update_fields=["accelerated_on"])
            note_step(row=row, kind="accelerated", on=on, author=author)
            announce(event=PlanMoved(entity.pk, row.pk, "accelerated"), at=author.at)
            if row.customer_id in stays:
                missed.add(row.customer_id)
            else:
                tasks.append(_call(plan, reckoning, on))
        found.append(JudgedPlan(row.pk, before, now.state, row.accelerated_on is not None))
    raise_tasks(entity_id=entity.pk, drafts=tasks, actor=author.actor, at=author.at)
    raise_claims(
        entity_id=entity.pk,
        stays=[stays[pk] for pk in sorted(missed)],
        on=on,
        actor=author.actor,
        at=author.at,
    )
    record_signals(entity_id=entity.pk, drafts=signals, author=author)
    return found


def _notice(plan: Plan, failing: Result, on: date) -> TaskDraft:
    row = plan.row
    missing = Money(failing.missing_minor, row.currency)
    text = (
        f"{missing} of plan {row.pk}, due {failing.due_on}, did not come: give notice that the"
        f" whole balance is due unless it is there by {accelerates_on(failing, plan.agreed)}."
    )
    key = digest("plan", str(row.pk), "missed", str(failing.number), on.isoformat())
    return TaskDraft(row.customer_id, key, "plan_missed", text, on)


def _call(plan: Plan, told: Reckoning, on: date) -> TaskDraft:
    row = plan.row
    left = Money(told.left_minor, row.currency)
    text = f"The whole balance of plan {row.pk}, {left}, is due since {on}: call, then collect."
    key = digest("plan", str(row.pk), "accelerated")
    return TaskDraft(row.customer_id, key, "plan_broken", text, on)
