"""Simple interest on a daily balance, over any run of rate periods.

Rule: each day bears balance x yearly rate / days of the year, on what was open when it began: the
day of a payment still bears interest on what it paid. The days run from the day after the due
date. Nothing is rounded but the sum of a charge period, once, half up; until then it is an exact
fraction, so that the parts of a period make the whole.
Never: interest on charges; a rate of a day that no table has.
See: docs/sources.md, K-04, L-03 to L-10, L-13.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from duly.collections.errors import ChargingUnfit
from duly.collections.rules.charges.rates import RateTable, periods_within, rate_on
from duly.kernel.rounding import half_up_ratio

DAY_COUNTS = ("365", "actual", "360")
_MONTHS = 12


class Pricing(NamedTuple):
    """How a yearly rate is found: `times` x the table's rate + `margin` points, at most `cap`.

    Without a table `margin` is the rate. `is_fixed`: as it was when interest began to run.
    """

    margin: Decimal
    table: RateTable | None = None
    times: Decimal = Decimal(1)
    is_fixed: bool = False
    day_count: str = "365"
    cap: Decimal | None = None


class RateSpan(NamedTuple):
    """Days with one yearly rate in percent, and the reference rate that it was made of."""

    first_on: date
    last_on: date
    percent: Decimal
    reference: Decimal | None = None
    is_verified: bool = True


class Run(NamedTuple):
    """Days, as ordinals, with one balance in minor units."""

    first: int
    last: int
    balance_minor: int


class Curve(NamedTuple):
    """What a minor unit bears from one day to another: sums of days' weights, in `1 / unit`."""

    first: int
    sums: Sequence[int]
    unit: int
    spans: tuple[RateSpan, ...]

    def bears(self, run: Run) -> int:
        """What a run bears, in `1 / unit` minor units."""
        sums, first = self.sums, self.first
        return run.balance_minor * (sums[run.last - first + 1] - sums[run.first - first])


def curve(pricing: Pricing, first: date, last: date, started_on: date) -> Curve:
    """What days from one to another bear, of a debt whose interest started on a day.

    Refuses: RateMissing, and ChargingUnfit where a rate would be below zero.

    >>> first = date(2026, 1, 1)
    >>> year = curve(Pricing(Decimal(18)), first, date(2026, 12, 31), first)
    >>> interest(year, [Run(first.toordinal(), first.toordinal() + 46, 12_500_00)])
    Fraction(2115000, 73)
    """
    return curve_of(spans(pricing, first, last, started_on), pricing.day_count)


def curve_of(found: Sequence[RateSpan], day_count: str) -> Curve:
    """What days bear whose rates follow each other."""
    decimals = max(-int(one.percent.as_tuple().exponent) for one in found)
    scale = 10 ** max(decimals, 0)
    sums, total = [0], 0
    for one in found:
        percent = int(one.percent * scale)
        for ordinal in range(one.first_on.toordinal(), one.last_on.toordinal() + 1):
            total += percent * _day_weight(day_count, ordinal)
            sums.append(total)
    unit = 100 * scale * _YEAR_UNITS[day_count]
    return Curve(found[0].first_on.toordinal(), sums, unit, tuple(found))


class Curves:
    """The curves of one pricing, each made once: months have thousands of debts."""

    def __init__(self, pricing: Pricing) -> None:
        self.pricing = pricing
        self._made: dict[tuple[int, int, int], tuple[Curve, str, str]] = {}

    def between(self, first: int, last: int, started: int) -> tuple[Curve, str, str]:
        """The curve of some days (ordinals), its rates as they are kept, the table if a rate is not
        verified.

        Refuses: RateMissing, ChargingUnfit.
        """
        if not self.pricing.is_fixed:
            started = first
        key = (first, last, started)
        found = self._made.get(key)
        if found is None:
            made = curve(self.pricing, *map(date.fromordinal, key))
            told = ";".join(f"{one.first_on} {one.last_on} {one.percent}" for one in made.spans)
            is_sure = all(one.is_verified for one in made.spans)
            table = "" if is_sure or self.pricing.table is None else self.pricing.table.id
            found = self._made[key] = (made, told, table)
        return found


def interest(of: Curve, runs: Iterable[Run]) -> Fraction:
    """Exact interest in minor units."""
    return Fraction(sum(map(of.bears, runs)), of.unit)


def rounded(of: Curve, runs: Iterable[Run]) -> int:
    """Interest of a charge period in minor units, rounded once, half up."""
    return half_up_ratio(sum(map(of.bears, runs)), of.unit)


def compounded(minor: int, percent: Decimal, months: int) -> Fraction:
    """Exact interest with monthly rests over whole months: see fact L-10."""
    grown = (1 + Fraction(percent) / 100 / _MONTHS) ** months
    return minor * (grown - 1)


def spans(pricing: Pricing, first: date, last: date, started_on: date) -> list[RateSpan]:
    """The yearly rates from one day to another. Refuses: RateMissing, ChargingUnfit."""
    table = pricing.table
    if table is None:
        found = [RateSpan(first, last, _percent(pricing, None))]
    elif pricing.is_fixed:
        period = rate_on(table, started_on)
        percent = _percent(pricing, period.percent)
        found = [RateSpan(first, last, percent, period.percent, period.is_verified)]
    else:
        found = [
            RateSpan(
                max(first, one.from_on),
                min(last, one.to_on),
                _percent(pricing, one.percent),
                one.percent,
                one.is_verified,
            )
            for one in periods_within(table, first, last)
        ]
    for one in found:
        if one.percent < 0:
            raise ChargingUnfit(
                f"The yearly rate would be {one.percent} percent on {one.first_on}.",
                facts={"percent": one.percent, "day": one.first_on},
                remedy="Look at the margin and at the table of rates: no rate is below zero.",
            )
    return found


def balance_runs(
    first: int,
    last: int,
    balance_minor: int,
    moves: Iterable[tuple[int, int]] = (),
    kept_out: Sequence[tuple[int, int, int]] = (),
) -> list[Run]:
    """The runs of equal balance from one day to another, those without any left out.

    Given: `balance_minor` when the first day begins; `moves` (day, change): it counts from the
    day after; `kept_out` (first day, last day, minor): what of the balance bears nothing then.
    """
    changes: dict[int, int] = {}
    for day, change in moves:
        if first <= day:
            changes[day + 1] = changes.get(day + 1, 0) + change
    edges = {first, last + 1, *(day for day in changes if day <= last)}
    for start, end, _ in kept_out:
        edges.update(day for day in (start, end + 1) if first < day <= last)
    runs: list[Run] = []
    for start, end in pairwise(sorted(edges)):
        balance_minor += changes.get(start, 0)
        out = sum(minor for day, until, minor in kept_out if day <= start <= until)
        left = balance_minor - out
        if left > 0:
            _join(runs, Run(start, end - 1, left))
    return runs


def at_most(minor: int, runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs with no balance above an amount.

    >>> at_most(700, [Run(1, 9, 1000), Run(10, 12, 900), Run(13, 20, 100)])
    (Run(first=1, last=12, balance_minor=700), Run(first=13, last=20, balance_minor=100))
    """
    kept: list[Run] = []
    for one in runs:
        _join(kept, Run(one.first, one.last, min(minor, one.balance_minor)))
    return tuple(kept)


def _join(runs: list[Run], one: Run) -> None:
    """Add a run, as part of the one before where that has the same balance."""
    if runs and runs[-1].last + 1 == one.first and runs[-1].balance_minor == one.balance_minor:
        one = Run(runs.pop().first, one.last, one.balance_minor)
    runs.append(one)


_YEAR_UNITS = {"365": 365, "360": 360, "actual": 365 * 366}


@lru_cache(maxsize=4096)
def _day_weight(day_count: str, ordinal: int) -> int:
    """What a day counts in the unit of its day count: of a leap year, one of 366."""
    if day_count != "actual":
        return 1
    year = date.fromordinal(ordinal).year
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 365 if is_leap else 366


def _percent(pricing: Pricing, reference: Decimal | None) -> Decimal:
    percent = pricing.margin
    if reference is not None:
        percent += pricing.times * reference
    return percent if pricing.cap is None else min(percent, pricing.cap)
