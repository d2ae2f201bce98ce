"""Keep what a day's plan came to, so that pages read it instead of planning anew."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from duly.collections.actions import LeftOut, Ranked, keep_plan
from duly.collections.models import DayPlan, Task
from duly.collections.queries.messages import open_tasks
from duly.collections.queries.standing import Standing
from duly.collections.queries.worklist import Worklist, WorkRow
from duly.collections.rules.planning import PlannedStep
from duly.collections.rules.reasons import NEEDS_A_PERSON, NOTHING_TO_ASK, ROUTINE
from duly.parties.queries.reach import collectors_of

Key = tuple[int, str]  # customer, currency
Taken = Collection[tuple[int, str, str]]  # customer, currency, channel of steps taken


def keep_day(
    standing: Standing,
    plan: Sequence[PlannedStep],
    told: Worklist,
    taken: Taken,
    *,
    digest: str,
    actor: str,
    at: datetime,
    is_released: bool,
    facts: str = "",
) -> DayPlan:
    """Keep the worklist of a day and its silences, as they were planned.

    Rule: who can't be ranked, for want of a rate or of
    anything overdue, stands last, worth nothing.
    """
    main, parts = by_customer(plan)
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in open_tasks(entity_id=standing.entity.pk):
        tasks[task.customer_id].append(task)
    collectors = collectors_of(standing.entity.pk)
    rows = []
    ranked = {(row.customer_id, row.currency) for row in told.rows}
    for row in (*told.rows, *(_unranked(key, main[key]) for key in main.keys() - ranked)):
        key = (row.customer_id, row.currency)
        next_one = next_act(
            standing.on, tasks.get(row.customer_id, ()), main.get(key), key, taken, row.stopped
        )
        step = main.get(key) or parts.get(key)
        rows.append(
            _ranked(row, step, next_one, collectors.get(row.customer_id, ""), standing, key, taken)
        )
    left_out = [
        LeftOut(
            step.customer_id,
            step.currency,
            step.step,
            step.why.code,
            step.why.text[:1000],
            step.amount_minor,
        )
        for step in plan
        if step.why is not None and step.why.code not in ROUTINE
    ]
    return keep_plan(
        entity_id=standing.entity.pk,
        on=standing.on,
        digest=digest,
        counts=_counts(rows, told),
        rows=rows,
        left_out=left_out,
        actor=actor,
        at=at,
        is_released=is_released,
        facts=facts,
    )


def by_customer(
    plan: Sequence[PlannedStep],
) -> tuple[dict[Key, PlannedStep], dict[Key, PlannedStep]]:
    """({customer and currency: its step}, {the same: a part that was left out}).

    Of several steps, of items under policies of their own, the first that is taken stands.
    """
    main: dict[Key, PlannedStep] = {}
    parts: dict[Key, PlannedStep] = {}
    for step in plan:
        key = (step.customer_id, step.currency)
        there = (main if step.step else parts).setdefault(key, step)
        if step.step and step.why is None and there.why is not None:
            main[key] = step
    return main, parts


def _unranked(key: Key, step: PlannedStep) -> WorkRow:
    late = () if step.is_before_due else step.lines
    overdue = sum(line.minor for line in late if line.kind == "item" and line.minor > 0)
    return WorkRow(*key, overdue, 0, 0, ())


def _ranked(
    row: WorkRow,
    step: PlannedStep | None,
    next_one: Mapping[str, Any],
    collector: str,
    standing: Standing,
    key: Key,
    taken: Taken,
) -> Ranked:
    is_sent = (*key, "email") in taken
    why = None if step is None or is_sent else step.why
    is_due = step is not None and step.why is None and (*key, step.channel) not in taken
    is_mail = is_due and step is not None and step.channel == "email" and not is_sent
    lines = step.lines if step else ()
    by = next_one["by"]
    return Ranked(
        row.customer_id,
        row.currency,
        row.value_minor,
        row.overdue_minor,
        row.oldest_days,
        collector,
        standing.reach[row.customer_id].segment,
        "sent" if is_sent else "email" if is_mail else str(next_one["action"]),
        step.step if step else "",
        step.channel if step else "",
        step.recipients if step else (),
        tuple(line.id for line in lines if line.kind == "item" and line.minor > 0),
        step.key if step and is_due else "",
        step.amount_minor if step else 0,
        why.code if why else "",
        (why.text if why else str(next_one["why"]))[:1000],
        date.fromisoformat(by) if by else None,
    )


def _counts(rows: Sequence[Ranked], told: Worklist) -> dict[str, Any]:
    worth = [
        row.value_minor for row in rows if row.value_minor > 0 or row.currency in told.without_rate
    ]
    sums: Counter[str] = Counter()
    for row in rows:
        if row.action == "email":
            sums[row.currency] += row.asked_minor
    return {
        "rows": len(worth),
        "value": sum(worth),
        "to_send": sum(row.action == "email" for row in rows),
        "to_send_sums": dict(sums),
        "silent": dict(Counter(row.why_code for row in rows if row.why_code)),
        "without_rate": told.without_rate,
    }


def next_act(
    on: date,
    tasks: Sequence[Task],
    step: PlannedStep | None,
    key: Key,
    taken: Taken,
    stopped: str = "",
) -> dict[str, Any]:
    """What comes next with a customer in a currency, by when, and why not sooner.

    Given: `stopped` why nobody is to ask them for anything: tasks are no calls then.
    """
    if stopped:
        return {"action": "wait", "by": None, "why": stopped}
    if tasks:
        first = tasks[0]
        return {"action": "call", "by": first.due_on.isoformat(), "why": first.text}
    if (*key, "email") in taken:
        return {"action": "wait", "by": on.isoformat(), "why": "A message of today is on its way."}
    if step is None:
        return {"action": "wait", "by": None, "why": NOTHING_TO_ASK}
    if step.why is None:
        return {"action": step.channel, "by": on.isoformat(), "why": f"step {step.step} is due"}
    if step.why.code in NEEDS_A_PERSON:
        return {"action": "call", "by": on.isoformat(), "why": step.why.text}
    by = step.next_on.isoformat() if step.next_on else None
    return {"action": "wait", "by": by, "why": step.why.text}
