"""Plan a day to be looked at, today or one to come; send one customer what is due; say what comes
next with some."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from duly.collections.actions import release_message, send_again
from duly.collections.models import DayPlan, Message
from duly.collections.queries.desk import foreseen_plan
from duly.collections.queries.messages import messages
from duly.collections.queries.standing import Standing, newest_facts
from duly.collections.queries.worklist import WorkRow, tasks_by_customer, worklist
from duly.collections.rules.planning import PlannedStep, plan_digest
from duly.collections.rules.reasons import FAILED_BEFORE, NOTHING_TO_ASK
from duly.interfaces.jobs.day import plan_day, queue_drafts, taken_on, without, write_drafts
from duly.interfaces.jobs.keeping import by_customer, keep_day, next_act
from duly.kernel.errors import RuleBreach
from duly.parties.models import Entity
from duly.storage.reading import one_state


class NothingToSend(RuleBreach):
    """No e-mail is due for the customer today; the reason stands beside it."""

    code = "NOTHING_TO_SEND"


def foresee(*, entity: Entity, on: date, actor: str, at: datetime) -> DayPlan:
    """The plan of a day to come: as it is kept while nothing is recorded that could change it,
    else made anew."""
    facts = newest_facts(entity.pk, on)
    kept = foreseen_plan(entity.pk, on)
    if kept is not None and kept.facts == facts:
        return kept
    return plan_ahead(entity=entity, on=on, actor=actor, at=at, facts=facts)


def plan_ahead(*, entity: Entity, on: date, actor: str, at: datetime, facts: str = "") -> DayPlan:
    """Plan a day and keep the plan to be looked at; nothing is queued, no promise judged.

    Given: `facts` where the day is yet to come.
    """
    with one_state():
        standing = Standing(entity=entity, on=on)
        plan = list(plan_day(standing, standing.last_messages()))
        told = worklist(entity=entity, on=on)
    taken = taken_on(entity.pk, on)
    digest = plan_digest([*without(plan, taken), *taken.values()])
    return keep_day(
        standing,
        plan,
        told,
        taken,
        digest=digest,
        actor=actor,
        at=at,
        is_released=False,
        facts=facts,
    )


def send_step(
    *,
    entity: Entity,
    on: date,
    customer_id: int,
    actor: str,
    at: datetime,
    not_before: datetime | None = None,
) -> Message:
    """Queue the e-mail that is due for one customer on a day, let go the one that is held, or send
    the one again that failed on a day before.

    Refuses: NothingToSend, with the reason why.
    """
    held = messages(customer_id=customer_id, planned_on=on, states=["held"])
    if held:
        return release_message(message_id=held[0].pk, actor=actor, at=at, not_before=not_before)
    standing = Standing(entity=entity, on=on, customer_ids=[customer_id])
    steps = [step for step in plan_day(standing, standing.last_messages()) if step.step]
    due = list(filter(may_be_sent, steps))
    there = messages(customer_id=customer_id, planned_on=on)
    if there or not due:
        _refuse(steps, there)
    failed = messages(customer_id=customer_id, states=["failed"], key=due[0].key)
    if failed:
        return send_again(message_id=failed[0].pk, actor=actor, at=at, not_before=not_before)
    drafts = write_drafts(standing, due[:1])
    list(queue_drafts(entity, drafts, on, actor, at, not_before))
    return messages(customer_id=customer_id, planned_on=on)[0]


def may_be_sent(step: PlannedStep) -> bool:
    """Tell whether a person may send a step now: it is due, or its message failed before."""
    is_due = step.why is None or step.why.code == FAILED_BEFORE
    return is_due and step.channel == "email"


def _refuse(steps: Sequence[PlannedStep], there: Sequence[Message]) -> None:
    why = next((step.why for step in steps if step.why is not None), None)
    told = why.text if why else NOTHING_TO_ASK
    if there:
        told = f"A message of today is {there[0].get_state_display().lower()} already."
    raise NothingToSend(
        f"Not sent: {told}",
        facts={"why": why.code if why else ""},
        remedy="Call them, or wait for the day on which the next step is due.",
    )


def next_acts(
    entity: Entity, on: date, rows: Sequence[WorkRow]
) -> dict[tuple[int, str], dict[str, Any]]:
    """{(customer, currency): what comes next, by when, and why not sooner} of some rows."""
    if not rows:
        return {}
    ids = sorted({row.customer_id for row in rows})
    standing = Standing(entity=entity, on=on, customer_ids=ids)
    taken = taken_on(entity.pk, on)
    main, _ = by_customer(list(plan_day(standing, standing.last_messages())))
    tasks = tasks_by_customer(entity.pk, ids)
    return {
        key: next_act(on, tasks.get(key[0], []), main.get(key), key, taken, row.stopped)
        for row in rows
        for key in [(row.customer_id, row.currency)]
    }
