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
    UNDECIDED,
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
    """What may not be asked for, by item, and which messages failed, by key; most stand in none."""

    disputed: Mapping[int, int] = field(default_factory=dict)
    promised: Mapping[int, int] = field(default_factory=dict)
    blocked: Mapping[int, Reason] = field(default_factory=dict)
    failed: Mapping[str, Reason] = field(default_factory=dict)


class Debtor(NamedTuple):
    """What planning needs to know of a customer: a reason for silence, if there is one; `hold` a
    reason that comes last, so that it stands alone beside what would leave without it;
    `is_undecided` while nobody said whether a message to it arrived; `escalated_on` the day since
    which the next step is taken without its wait."""

    customer_id: int
    recipients: tuple[str, ...]
    no_recipient: Reason | None
    silence: Reason | None
    last_message_on: date | None
    policy: DunningPolicy
    hold: Reason | None = None
    is_undecided: bool = False
    escalated_on: date | None = None


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
    attachments: tuple[str, ...] = ()
    is_before_due: bool = False


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
    applied. An item never advances by more than one step. Of a customer that was escalated, what
    was not asked for since is due at once.
    Steps before the due date are over once it has passed.
    Given: `quiet` a reason why nobody is written to today; items that are overdue, or for which a
    step before the due date is due.
    See: docs/sources.md, pains A14-A19, A23.
    """
    policy = debtor.policy
    free, left_out = _sort_out(items, guards)
    steps = [_left_out(debtor, currency, why, lines) for why, lines in left_out.items()]
    entry_before = date.fromisoformat(policy.valid_from) if policy.valid_from else None
    early = policy.steps_before_due
    found = _Found()
    for due_on, item_id, minor in free:
        before = asked.get(item_id)
        level = before.level if before else 0
        if before is None and entry_before and due_on < entry_before:
            level = policy.entry_step - 1
        if early > level and due_on < on:
            level = early
        if before and (found.last is None or before.on > found.last.on):
            found.last = before
        found.lines.append(Line("item", item_id, minor, level))
        if level >= len(policy.steps) or (before and before.times >= policy.most_per_item):
            continue
        step = policy.steps[level]
        day = due_on + timedelta(days=step.days)
        if before:
            day = max(day, before.on + timedelta(days=step.wait_days))
        if _is_escalated(debtor, before, due_on, on):
            day = min(day, on)
        if day <= on:
            found.due_sum += minor
            found.best = max(found.best, level)
        elif found.next_on is None or day < found.next_on:
            found.next_on = day
    if found.lines:
        steps.append(_step(debtor, currency, found, credits, on, quiet, guards.failed))
    return steps


def _is_escalated(debtor: Debtor, before: Asked | None, due_on: date, on: date) -> bool:
    """Tell whether the next step of an overdue item needs no wait."""
    since = debtor.escalated_on
    if since is None or not due_on < on:
        return False
    return since <= on and (before is None or before.on < since)


def plan_before_due(
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
    """The step that announces to a customer what falls due; items whose day is yet to come are
    left alone.

    Rule: an item is named from the day of its next step before the due date to the due date.
    Given: no item overdue.
    """
    policy = debtor.policy
    reached = []
    for item in items:
        before = asked.get(item[1])
        level = before.level if before else 0
        if level >= policy.steps_before_due or (before and before.times >= policy.most_per_item):
            continue
        step = policy.steps[level]
        day = item[0] + timedelta(days=step.days)
        if day <= on and (not before or before.on + timedelta(days=step.wait_days) <= on):
            reached.append(item)
    steps = plan_customer(
        debtor=debtor,
        currency=currency,
        items=reached,
        credits=credits,
        asked=asked,
        guards=guards,
        on=on,
        quiet=quiet,
    )
    return [step._replace(is_before_due=True) for step in steps]


@dataclass(slots=True)
class _Found:
    """What was found of a customer's items; `best` is the highest step due, -1 for none."""

    lines: list[Line] = field(default_factory=list)
    best: int = -1
    due_sum: int = 0
    last: Asked | None = None
    next_on: date | None = None


def _sort_out(
    items: Sequence[OverdueItem], guards: Protections
) -> tuple[Sequence[OverdueItem], dict[Reason, list[Line]]]:
    """What may be asked for of items, and what may not, by reason."""
    if not (guards.blocked or guards.promised or guards.disputed):
        return items, {}
    free: list[OverdueItem] = []
    left_out: dict[Reason, list[Line]] = {}
    for due_on, item_id, minor in items:
        part = minor
        if item_id in guards.blocked:
            why = guards.blocked[item_id]
        elif item_id in guards.promised:
            why = PROMISED
        elif item_id in guards.disputed:
            why, part = DISPUTED, min(guards.disputed[item_id], minor)
        else:
            free.append((due_on, item_id, minor))
            continue
        left_out.setdefault(why, []).append(Line("item", item_id, part))
        if part < minor:
            free.append((due_on, item_id, minor - part))
    return free, left_out


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
    found: _Found,
    credits: Sequence[Line],
    on: date,
    quiet: Reason | None,
    failed: Mapping[str, Reason],
) -> PlannedStep:
    """The step for what is left of a customer's items, or why there is none."""
    policy = debtor.policy
    total = sum(line.minor for line in found.lines) + sum(line.minor for line in credits)
    why: Reason | None = None
    if found.best < 0:
        why = UNDECIDED if debtor.is_undecided and found.last else _not_due(policy, found)
        level = min(min(line.level for line in found.lines), len(policy.steps) - 1)
    else:
        level = found.best
    step = policy.steps[level] if policy.steps else None
    channel = step.channel if step else "email"
    if step is not None and why is None:
        why = debtor.silence or (UNDECIDED if debtor.is_undecided else None)
        why = why or _too_little(step.minimum, total, found.due_sum, currency)
        if channel == "email":
            why = why or debtor.no_recipient or _too_soon(debtor, on)
        why = why or quiet
    reached = tuple(
        Line(line.kind, line.id, line.minor, line.level + 1 if line.level <= level else line.level)
        for line in found.lines
    )
    key = _key(debtor, currency, step.code if step else "", channel, reached)
    return PlannedStep(
        key,
        debtor.customer_id,
        currency,
        step.code if step else "",
        channel,
        step.template if step else "",
        debtor.recipients if channel == "email" else (),
        (*reached, *credits),
        total,
        why or failed.get(key) or debtor.hold,
        found.next_on,
        step.attachments if step else (),
    )


def _not_due(policy: DunningPolicy, found: _Found) -> Reason:
    if not policy.steps:
        return SILENT_POLICY
    if found.next_on is None:
        return STEPS_DONE
    level = min(line.level for line in found.lines)
    then = f"next: step {level + 1} ({policy.steps[level].code}) on {found.next_on} unless paid"
    if found.last is not None:
        told = f"Step {found.last.level} was taken on {found.last.on}; {then}."
        return Reason("already_sent", told)
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

    Rule: what is overdue goes first; then the first taken e-mail step, by number of items and then
    currency, stays; others wait.
    """
    taken = [step for step in steps if step.why is None and step.channel == "email"]
    if len(taken) < 2:
        return steps
    first = min(taken, key=lambda step: (step.is_before_due, -len(step.lines), step.currency))
    return [
        step._replace(why=ONE_A_DAY) if step in taken and step is not first else step
        for step in steps
    ]
