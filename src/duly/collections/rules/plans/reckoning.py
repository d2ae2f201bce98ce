"""What came of a plan's payments: judged by the money that is there, applied or not.

Rule: money counts by its value date, each cent once, to the payment that is due first. Interest of
a period is on the principal that was left then, day by day where something was paid before its
time; a payment that is missed changes neither days nor interest of the others. What is credited
comes off the last payments. A payment is missed once its due date and grace are over; where no
more is missing than is disputed, it waits for the dispute. See: docs/sources.md, K-03.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from duly.collections.rules.plans.schedules import Part, half_up, shift

OPEN, AWAITED, MISSED, PART_PAID, IN_DISPUTE = "open", "awaited", "missed", "part_paid", "disputed"
PAID, LATE, EARLY, PREPAID, CREDITED = "paid", "late", "early", "prepaid", "credited"
COVERED = (PAID, LATE, EARLY, PREPAID, CREDITED)
FAILING = (MISSED, PART_PAID)


class Came(NamedTuple):
    """Money that came in for a plan."""

    on: date
    minor: int


class Agreed(NamedTuple):
    """A plan as it was agreed: its payments, and how interest runs."""

    parts: Sequence[Part]
    from_on: date
    period: str
    interest_percent: Decimal
    acceleration_days: int


class Result(NamedTuple):
    """What came of one payment; `asked_minor` is what it comes to as things went."""

    number: int
    due_on: date
    asked_minor: int
    received_minor: int
    covered_on: date | None
    state: str

    @property
    def missing_minor(self) -> int:
        """What has not come."""
        return self.asked_minor - self.received_minor


class Reckoning(NamedTuple):
    """A plan on a day."""

    results: tuple[Result, ...]
    credited_minor: int
    surplus_minor: int  # came beyond what the plan asks for

    @property
    def left_minor(self) -> int:
        """What is still to come."""
        return sum(one.missing_minor for one in self.results)

    @property
    def is_whole(self) -> bool:
        """Tell whether every payment is there."""
        return all(one.state in COVERED for one in self.results)

    @property
    def failing(self) -> Result | None:
        """The earliest payment that is missed, in whole or in part."""
        return next((one for one in self.results if one.state in FAILING), None)


def reckon(
    agreed: Agreed,
    came: Sequence[Came],
    *,
    credited_minor: int = 0,
    disputed_minor: int = 0,
    on: date,
    last_day: Callable[[date], date],
) -> Reckoning:
    """Hold a plan against what came until a day.

    Given: `last_day` the last day of grace of a due date.
    """
    money = sorted(one for one in came if one.on <= on)
    asked = _asked(agreed, money, credited_minor)
    results, before, objected = [], 0, max(disputed_minor, 0)
    total = sum(one.minor for one in money)
    starts = _starts(agreed)
    for part, minor, start in zip(agreed.parts, asked, starts, strict=True):
        received = min(max(total - before, 0), minor)
        before += minor
        covered_on = _day_of(money, before) if received == minor else None
        state = _state(part, minor, received, covered_on, start, on, last_day(part.due_on))
        if state in FAILING and minor - received <= objected:
            objected -= minor - received
            state = IN_DISPUTE
        results.append(Result(part.number, part.due_on, minor, received, covered_on, state))
    return Reckoning(tuple(results), credited_minor, max(total - before, 0))


def accelerates_on(result: Result, agreed: Agreed) -> date:
    """The last day on which a payment that is missed can still be made good."""
    return date.fromordinal(result.due_on.toordinal() + agreed.acceleration_days)


def _state(
    part: Part,
    minor: int,
    received: int,
    covered_on: date | None,
    start: date,
    on: date,
    last_day: date,
) -> str:
    if minor == 0:
        return CREDITED
    if received == minor and covered_on is not None:
        if covered_on > part.due_on:
            return LATE
        if covered_on == part.due_on or part.number == 0:
            return PAID
        return PREPAID if covered_on <= start else EARLY
    if on <= part.due_on:
        return OPEN
    if on <= last_day:
        return AWAITED
    return PART_PAID if received else MISSED


def _asked(agreed: Agreed, money: Sequence[Came], credited_minor: int) -> list[int]:
    """What each payment comes to, less what was credited and interest that did not run."""
    principals = [part.principal_minor for part in agreed.parts]
    left = credited_minor
    for place in reversed(range(len(principals))):
        taken = min(left, principals[place])
        principals[place] -= taken
        left -= taken
    rate = Fraction(agreed.interest_percent) / 100
    asked: list[int] = []
    balance = sum(principals)
    for part, principal, start in zip(agreed.parts, principals, _starts(agreed), strict=True):
        interest = 0
        if part.number and rate and balance:
            ran = _ran(balance, money, sum(asked), start, part.due_on)
            interest = half_up(ran * rate)
        asked.append(principal + interest)
        balance -= principal
    return asked


def _ran(balance: int, money: Sequence[Came], due_before: int, start: date, end: date) -> Fraction:
    """The principal on which interest runs in a period, on the average of its days."""
    days = (end - start).days
    bounds = sorted({start, end, *(one.on for one in money if start < one.on < end)})
    ran = 0
    for first, last in pairwise(bounds):
        paid = sum(one.minor for one in money if one.on <= first)
        ran += (last - first).days * max(balance - max(paid - due_before, 0), 0)
    return Fraction(ran, days)


def _starts(agreed: Agreed) -> list[date]:
    """The day on which the period of each payment begins."""
    found = []
    first = next((part.due_on for part in agreed.parts if part.number), agreed.from_on)
    before = shift(first, agreed.period, -1)
    for part in agreed.parts:
        found.append(before if part.number else agreed.from_on)
        if part.number:
            before = part.due_on
    return found


def _day_of(money: Sequence[Came], minor: int) -> date | None:
    """The day on which an amount had come together."""
    total = 0
    for one in money:
        total += one.minor
        if total >= minor:
            return one.on
    return None
