"""Plan a day to be looked at; send one customer what is due; say what comes next with some."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from duly.collections.actions import release_message
from duly.collections.models import DayPlan, Message
from duly.collections.queries.messages import messages
from duly.collections.queries.standing import Standing
from duly.collections.queries.worklist import WorkRow, tasks_by_customer, worklist
from duly.collections.rules.planning import PlannedStep, plan_digest
from duly.collections.rules.reasons import NOTHING_TO_ASK
from duly.interfaces.jobs.day import plan_day, queue_drafts, taken_on, without, write_drafts
from duly.interfaces.jobs.keeping import by_customer, keep_day, next_act
from duly.kernel.errors import RuleBreach
from duly.parties.models import Entity
from duly.storage.reading import one_state


class NothingToSend(RuleBreach):
    """No e-mail is due for the customer today; the reason stands beside it."""

    code = "NOTHING_TO_SEND"


def plan_ahead(*, entity: Entity, on: date, actor: str, at: datetime) -> DayPlan:
    """Plan a day and keep the plan to be looked at; nothing is queued, no promise judged."""
    with one_state():
        standing = Standing(entity=entity, on=on)
        plan = list(plan_day(standing, standing.last_messages()))
        told = worklist(entity=entity, on=on)
    taken = taken_on(entity.pk, on)
    digest = plan_digest([*without(plan, taken), *taken.values()])
    return keep_day(
        standing, plan, told, taken, digest=digest, actor=actor, at=at, is_released=False
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
    """Queue the e-mail that is due for one customer on a day, or let go the one that is held.

    Refuses: NothingToSend, with the reason why.
    """
    held = messages(customer_id=customer_id, planned_on=on, states=["held"])
    if held:
        return release_message(message_id=held[0].pk, actor=actor, at=at, not_before=not_before)
    standing = Standing(entity=entity, on=on, customer_ids=[customer_id])
    last_messages = standing.last_messages()
    steps = [step for step in plan_day(standing, last_messages) if step.step]
    due = [step for step in steps if step.why is None and step.channel == "email"]
    there = messages(customer_id=customer_id, planned_on=on)
    if there or not due:
        _refuse(steps, there)
    drafts = write_drafts(standing, due[:1], last_messages)
    list(queue_drafts(entity, drafts, on, actor, at, not_before))
    queued = messages(customer_id=customer_id, planned_on=on)
    if not queued:  # this very message failed on a day before
        raise NothingToSend(
            "Not sent: this message could not be delivered before.",
            facts={"step": due[0].step},
            remedy="Open it in the outbox to send it again, or call them.",
        )
    return queued[0]


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
        key: next_act(on, tasks.get(key[0], []), main.get(key), key, taken)
        for key in ((row.customer_id, row.currency) for row in rows)
    }
