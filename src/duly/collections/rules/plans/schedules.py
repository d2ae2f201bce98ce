"""Schedules of instalment plans: from what a customer can bear, with interest or without.

Rule: without interest every instalment is the same, cut to the minor unit, the rest on the last.
With interest instalments are level, each first pays the interest of its period on the principal
that is left, and the last one pays what remains. Interest is in percent a period. A schedule that
does not come out at zero is none. See: docs/sources.md, K-02, K-03.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from duly.collections.errors import PlanNotEven, PlanUnfit
from duly.collections.policy import PlanPolicy
from duly.kernel.dates import add_months
from duly.kernel.money import Money

WEEK, FORTNIGHT, MONTH = "week", "fortnight", "month"
PERIODS = (WEEK, FORTNIGHT, MONTH)
_DAYS = {WEEK: 7, FORTNIGHT: 14}
DOWN = 0  # the number of a down payment


class Part(NamedTuple):
    """One payment of a plan: number 0 is the down payment."""

    number: int
    due_on: date
    principal_minor: int
    interest_minor: int = 0

    @property
    def minor(self) -> int:
        """What is to be paid."""
        return self.principal_minor + self.interest_minor


class Wanted(NamedTuple):
    """A plan as it is asked for: by the number of `instalments`, by what the customer can
    bear, or by its amounts."""

    debt: Money
    on: date
    first_on: date
    down_minor: int = 0
    down_on: date | None = None  # default: the day it is made
    period: str = MONTH
    interest_percent: Decimal = Decimal(0)
    instalments: int | None = None
    bearable_minor: int | None = None
    amounts: tuple[int, ...] = ()


def schedule(wanted: Wanted, policy: PlanPolicy) -> list[Part]:
    """The payments that a plan asks for.

    Refuses: PlanUnfit, PlanNotEven with the difference.
    """
    refuse_unfit(wanted, policy)
    rest, rate = wanted.debt.minor - wanted.down_minor, _rate(wanted)
    if wanted.amounts:
        payments: Sequence[int] = wanted.amounts
    elif wanted.bearable_minor is not None:
        payments = _bearable(wanted, rest, rate, policy)
    else:
        payments = level(rest, wanted.instalments or policy.usual_instalments, rate)
    parts = []
    if wanted.down_minor:
        parts.append(Part(DOWN, wanted.down_on or wanted.on, wanted.down_minor))
    for place, (minor, interest) in enumerate(_walk(rest, payments, rate)):
        if minor <= interest:
            raise _unfit(
                wanted,
                f"Instalment {place + 1} pays nothing of the debt.",
                "Take fewer, or larger, instalments.",
            )
        due_on = shift(wanted.first_on, wanted.period, place)
        parts.append(Part(place + 1, due_on, minor - interest, interest))
    left = wanted.debt.minor - sum(part.principal_minor for part in parts)
    if left:
        raise _not_even(wanted, left)
    return parts


def level(balance: int, count: int, rate: Fraction) -> list[int]:
    """The payments of a balance in equal parts; the last one takes the rest.

    >>> level(1_000_000, 3, Fraction(0))
    [333333, 333333, 333334]
    >>> level(1_920_000, 6, Fraction(1, 100))[-2:]
    [331293, 331292]
    """
    if not rate:
        each = balance // count
    else:
        growth = (1 + rate) ** count
        each = half_up(balance * rate * growth / (growth - 1))
    first = [each] * (count - 1)
    left = balance
    for minor, interest in _walk(balance, first, rate):
        left -= minor - interest
    return [*first, left + half_up(left * rate)]


def shift(on: date, period: str, times: int) -> date:
    """A day some periods later; a month's last day where it is shorter.

    >>> shift(date(2026, 1, 31), "month", 1), shift(date(2026, 1, 31), "fortnight", 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    if period == MONTH:
        return add_months(on, times)
    return on + timedelta(days=_DAYS[period] * times)


def half_up(value: Fraction) -> int:
    """To the nearest whole, a half up; exact, where a Decimal would be cut first.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(7, 3))
    (3, 2)
    """
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def beyond_policy(wanted: Wanted, parts: Sequence[Part], policy: PlanPolicy) -> list[str]:
    """What of a plan is beyond policy, in words; a manager may approve it."""
    found = []
    # Rounded as a down payment in percent is: else a fraction of a cent would put it beyond.
    least = half_up(Fraction(wanted.debt.minor * policy.least_down_percent, 100))
    if wanted.down_minor < least:
        asked = Money(least, wanted.debt.currency)
        found.append(
            f"The down payment is below {policy.least_down_percent} % of the debt ({asked})."
        )
    count = sum(part.number != DOWN for part in parts)
    if count > policy.usual_instalments:
        found.append(f"{count} instalments; {policy.usual_instalments} are usual.")
    return found


def refuse_unfit(wanted: Wanted, policy: PlanPolicy) -> None:
    """Refuse what can be no plan, whatever its schedule. Refuses: PlanUnfit."""
    count = len(wanted.amounts) or wanted.instalments
    first_by = wanted.on + timedelta(days=policy.first_days)
    down_on = wanted.down_on or wanted.on
    if wanted.debt.minor <= 0:
        told, remedy = "Nothing is owed that could be paid in instalments.", "Name open items."
    elif not 0 <= wanted.down_minor < wanted.debt.minor:
        told, remedy = "The down payment is the whole debt, or below zero.", "Take a part of it."
    elif wanted.period not in PERIODS:
        told, remedy = f"{wanted.period!r} is no period.", f"Take one of {', '.join(PERIODS)}."
    elif down_on < wanted.on or wanted.first_on < down_on or wanted.first_on <= wanted.on:
        told = (
            f"Payments are asked for on {min(down_on, wanted.first_on)}, in the past or too soon."
        )
        remedy = "The down payment is due today or later, the first instalment after it."
    elif wanted.first_on > first_by:
        told = f"The first instalment is due on {wanted.first_on}, after {first_by}."
        remedy = "Ask for an earlier first day."
    elif count is not None and not 1 <= count <= policy.most_instalments:
        told = f"A plan has at most {policy.most_instalments} instalments, and at least one."
        remedy = "Ask for a larger down payment, or larger instalments."
    elif not 0 <= wanted.interest_percent < 100:
        told, remedy = "The interest is below zero, or 100 % and more.", "Give percent a period."
    elif any(minor <= 0 for minor in wanted.amounts) or wanted.bearable_minor == 0:
        told, remedy = "An instalment of nothing is none.", "Give amounts above zero."
    else:
        return
    raise _unfit(wanted, told, remedy)


def _bearable(wanted: Wanted, rest: int, rate: Fraction, policy: PlanPolicy) -> Sequence[int]:
    """The shortest level plan none of whose instalments is more than the customer can bear."""
    bearable = wanted.bearable_minor or 0
    for count in range(1, policy.most_instalments + 1):
        payments = level(rest, count, rate)
        if max(payments) <= bearable:
            return payments
    most = [bearable] * policy.most_instalments
    left = rest
    for minor, interest in _walk(rest, most, rate):
        left -= minor - interest
    raise _not_even(wanted, max(left, max(payments) - bearable))


def _walk(balance: int, payments: Sequence[int], rate: Fraction) -> list[tuple[int, int]]:
    """(payment, interest in it) of payments in their order."""
    found = []
    for minor in payments:
        interest = half_up(max(balance, 0) * rate)
        found.append((minor, interest))
        balance -= minor - interest
    return found


def _rate(wanted: Wanted) -> Fraction:
    return Fraction(wanted.interest_percent) / 100


def _not_even(wanted: Wanted, left: int) -> PlanNotEven:
    difference = Money(abs(left), wanted.debt.currency)
    what = f"leaves {difference} unpaid" if left > 0 else f"asks for {difference} too much"
    return PlanNotEven(
        f"The plan {what}: {wanted.debt} is owed.",
        facts={
            "debt": wanted.debt.text(),
            "difference": Money(left, wanted.debt.currency).text(),
            "currency": wanted.debt.currency,
        },
        remedy="Change an instalment or the down payment by the difference.",
    )


def _unfit(wanted: Wanted, told: str, remedy: str) -> PlanUnfit:
    facts = {"debt": wanted.debt, "on": wanted.on, "first_on": wanted.first_on}
    return PlanUnfit(told, facts=facts, remedy=remedy)
