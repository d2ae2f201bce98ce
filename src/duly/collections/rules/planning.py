"""What is to be said to one customer in one currency on a day, and what is left out and why.

The hot loop of the day: one overdue item is one decision. Facts come as plain tuples, and what
most items have nothing of (a dispute, a block) is looked up in small dictionaries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from duly.collections.policy import DunningPolicy
from duly.collections.rules.reasons import (
    COVERED,
    DISPUTED,
    ONE_A_DAY,
    PROMISED,
    SILENT_POLICY,
    STEPS_DONE,
    Reason,
)
from duly.kernel.currencies import EXPONENTS
from duly.kernel.ids import digest

# An overdue item: due date, id, minor units open. A line of money: id, minor units (negative).
OverdueItem = tuple[date, int, int]


class Line(NamedTuple):
    """An item, credit note (`kind` item) or payment, with what it adds to the sum."""

    kind: str
    id: int
    minor: int
    level: int = 0  # the step it is at once the message is there


class Asked(NamedTuple):
    """How far an item is: the step last asked for, on which day, and how often."""

    level: int
    on: date
    times: int


@dataclass(frozen=True, slots=True)
class Protections:
    """What may not be asked for, by item; most items stand in none of these."""

    disputed: Mapping[int, int] = field(default_factory=dict)
    promised: Mapping[int, int] = field(default_factory=dict)
    blocked: Mapping[int, Reason] = field(default_factory=dict)


class Debtor(NamedTuple):
    """What planning needs to know of a customer: a reason for silence, if there is one."""

    customer_id: int
    recipients: tuple[str, ...]
    no_recipient: Reason | None
    silence: Reason | None
    last_message_on: date | None
    policy: DunningPolicy


class PlannedStep(NamedTuple):
    """A step of the day, to be taken (`why` is None) or left out."""

    key: str
    customer_id: int
    currency: str
    step: str
    channel: str
    template: str
    recipients: tuple[str, ...]
    lines: tuple[Line, ...]
    amount_minor: int
    why: Reason | None
    next_on: date | None = None


def plan_customer(
    *,
    debtor: Debtor,
    currency: str,
    items: Sequence[OverdueItem],
    credits: Sequence[Line],
    asked: Mapping[int, Asked],
    guards: Protections,
    on: date,
    quiet: Reason | None,
) -> list[PlannedStep]:
    """The step that a customer gets for one currency, and every part left out with its reason.

    Rule: items that are disputed (that part), promised or blocked are left out. Of the rest, an
    item is due for the step after its last one when it is late enough and the wait is over; the
    highest step that is due is taken, and asks for every item left, less credits and money not
    applied. An item never advances by more than one step.
    Given: `quiet` a reason why nobody is written to today; all items overdue.
    See: pains A14-A19, A23; the command line contract.
    """
    steps, policy = [], debtor.policy
    open_for: list[Line] = []
    left_out: dict[Reason, list[Line]] = {}
    best, due_sum = -1, 0
    entry_before = date.fromisoformat(policy.valid_from) if policy.valid_from else None
    next_on: date | None = None
    last: Asked | None = None
    for due_on, item_id, minor in items:
        if item_id in guards.blocked:
            left_out.setdefault(guards.blocked[item_id], []).append(Line("item", item_id, minor))
            continue
        if item_id in guards.promised:
            left_out.setdefault(PROMISED, []).append(Line("item", item_id, minor))
            continue
        if item_id in guards.disputed:
            part = min(guards.disputed[item_id], minor)
            left_out.setdefault(DISPUTED, []).append(Line("item", item_id, part))
            minor -= part
            if not minor:
                continue
        before = asked.get(item_id)
        level = before.level if before else 0
        if before is None and entry_before and due_on < entry_before:
            level = policy.entry_step - 1
        if before and (last is None or before.on > last.on):
            last = before
        open_for.append(Line("item", item_id, minor, level))
        if level >= len(policy.steps):
            continue
        step = policy.steps[level]
        day = due_on + timedelta(days=step.days)
        if before:
            day = max(day, before.on + timedelta(days=step.wait_days))
            if before.times >= policy.most_per_item:
                continue
        if day <= on:
            due_sum += minor
            best = max(best, level)
        elif next_on is None or day < next_on:
            next_on = day
    for why, lines in left_out.items():
        steps.append(_left_out(debtor, currency, why, lines))
    if open_for:
        steps.append(
            _step(debtor, currency, open_for, credits, best, due_sum, on, quiet, last, next_on)
        )
    return steps


def _left_out(debtor: Debtor, currency: str, why: Reason, lines: list[Line]) -> PlannedStep:
    channel = "email"
    key = _key(debtor, currency, why.code, channel, lines)
    total = sum(line.minor for line in lines)
    return PlannedStep(
        key, debtor.customer_id, currency, "", channel, "", (), tuple(lines), total, why
    )


def _step(
    debtor: Debtor,
    currency: str,
    open_for: list[Line],
    credits: Sequence[Line],
    best: int,
    due_sum: int,
    on: date,
    quiet: Reason | None,
    last: Asked | None,
    next_on: date | None,
) -> PlannedStep:
    """The step for what is left of a customer's items, or why there is none."""
    policy = debtor.policy
    total = sum(line.minor for line in open_for) + sum(line.minor for line in credits)
    if best < 0:
        why = _not_due(policy, open_for, last, next_on)
        level = min(min(line.level for line in open_for), len(policy.steps) - 1)
    else:
        why, level = None, best
    step = policy.steps[level] if policy.steps else None
    if step is not None and why is None:
        why = (
            debtor.silence
            or _too_little(step.minimum, total, due_sum, currency)
            or (debtor.no_recipient if step.channel == "email" else None)
            or (_too_soon(debtor, on) if step.channel == "email" else None)
            or quiet
        )
    reached = tuple(
        Line(line.kind, line.id, line.minor, line.level + 1 if line.level <= level else line.level)
        for line in open_for
    )
    channel = step.channel if step else "email"
    lines = (*reached, *credits)
    return PlannedStep(
        _key(debtor, currency, step.code if step else "", channel, reached),
        debtor.customer_id,
        currency,
        step.code if step else "",
        channel,
        step.template if step else "",
        debtor.recipients if channel == "email" else (),
        lines,
        total,
        why,
        next_on,
    )


def _not_due(
    policy: DunningPolicy, open_for: list[Line], last: Asked | None, next_on: date | None
) -> Reason:
    if not policy.steps:
        return SILENT_POLICY
    if next_on is None:
        return STEPS_DONE
    code = min((line.level for line in open_for if line.level < len(policy.steps)), default=0)
    then = f"next: step {code + 1} ({policy.steps[code].code}) on {next_on} unless paid"
    if last is not None:
        return Reason("already_sent", f"Step {last.level} was taken on {last.on}; {then}.")
    return Reason("not_due", f"Not late enough; {then}.")


def _too_little(minimum: Decimal, total: int, due_sum: int, currency: str) -> Reason | None:
    """Covered by credits, or below the least that is worth a message."""
    if total <= 0:
        return COVERED
    least = int(minimum.scaleb(EXPONENTS[currency]))
    if min(total, due_sum) < least:
        return Reason("below_minimum", f"Less than {minimum} {currency} is late enough to ask for.")
    return None


def _too_soon(debtor: Debtor, on: date) -> Reason | None:
    """At most one message in so many days, counted both ways: days may be run out of order."""
    last, gap = debtor.last_message_on, debtor.policy.gap_days
    if last is None or abs((on - last).days) >= gap:
        return None
    then = last + timedelta(days=gap)
    return Reason("capped", f"A message went out on {last}; the next may on {then}.")


def _key(debtor: Debtor, currency: str, step: str, channel: str, lines: Sequence[Line]) -> str:
    """What makes a step the same one: customer, recipients, step and items (I11)."""
    return digest(
        str(debtor.customer_id),
        currency,
        step,
        channel,
        "\n".join(sorted(debtor.recipients)) if channel == "email" else "",
        ",".join(map(str, sorted(line.id for line in lines))),
    )


def plan_digest(steps: Sequence[PlannedStep]) -> str:
    """The digest of a day: keys, items and amounts, whatever became of them."""
    return digest(
        *sorted(
            f"{step.key} {step.amount_minor} "
            + " ".join(f"{line.kind}{line.id}={line.minor}" for line in sorted(step.lines))
            for step in steps
        )
    )


def one_message_a_day(steps: list[PlannedStep]) -> list[PlannedStep]:
    """Of several currencies of one customer the one that asks for most steps first; one e-mail.

    Rule: the first taken e-mail step, by number of items and then currency, stays; others wait.
    """
    taken = [step for step in steps if step.why is None and step.channel == "email"]
    if len(taken) < 2:
        return steps
    first = min(taken, key=lambda step: (-len(step.lines), step.currency))
    return [
        step._replace(why=ONE_A_DAY) if step in taken and step is not first else step
        for step in steps
    ]
