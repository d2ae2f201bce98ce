"""How well collecting goes: promises kept, people reached, disputes cleared.

Each measure tells numerator, denominator and formula; with nothing to divide by it has no value.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.kernel.rounding import half_up


class Measure(NamedTuple):
    """A measure over a window. `value` is exact decimal text, or None with a flag that says why."""

    id: str
    value: str | None
    unit: str
    numerator: str
    denominator: str
    formula: str
    flags: tuple[str, ...] = ()


def rate(name: str, part: int, whole: int, formula: str) -> Measure:
    """A share in percent, to two decimals.

    >>> rate("promise_kept_rate", 42, 60, "kept / due").value
    '70.00'
    """
    if not whole:
        return Measure(name, None, "percent", str(part), "0", formula, ("nothing in the window",))
    hundredths = half_up(Decimal(part * 10_000) / whole)
    return Measure(
        name, str(Decimal(hundredths).scaleb(-2)), "percent", str(part), str(whole), formula
    )


def mean_days(name: str, days: Sequence[int], formula: str) -> Measure:
    """The mean of some numbers of days, to two decimals.

    >>> mean_days("open_dispute_age", [22, 31, 9, 38], "mean age").value
    '25.00'
    """
    total, count = sum(days), len(days)
    if not count:
        return Measure(name, None, "days", "0", "0", formula, ("nothing in the window",))
    hundredths = half_up(Decimal(total * 100) / count)
    return Measure(
        name, str(Decimal(hundredths).scaleb(-2)), "days", str(total), str(count), formula
    )


def median_days(name: str, days: Sequence[int], formula: str) -> Measure:
    """The median of some numbers of days; of an even number the mean of the middle two.

    >>> median_days("dispute_cycle_median", [3, 7, 10, 21, 44], "median").value
    '10.00'
    """
    rows = sorted(days)
    middle = rows[(len(rows) - 1) // 2 : len(rows) // 2 + 1]
    return mean_days(name, middle, formula)


def days_outstanding(name: str, still_open: int, taken: int, days: int, formula: str) -> Measure:
    """For how many days of what is taken what is open stands, to two decimals; both minor units.

    >>> days_outstanding("ddo", 480_000, 1_350_000, 90, "open / (taken / days)").value
    '32.00'
    """
    told = (str(still_open), f"{taken} / {days}")
    if not taken:
        return Measure(name, None, "days", *told, formula, ("nothing in the window",))
    hundredths = half_up(Decimal(still_open * days * 100) / taken)
    return Measure(name, str(Decimal(hundredths).scaleb(-2)), "days", *told, formula)


PROMISES_KEPT = "promises kept / promises that fell due in the window"
VALUE_KEPT = "value received by the promised day and its grace / value promised"
CONTACTS = "calls that were answered / calls made"
RIGHT_PARTY = "calls that reached a person able to pay or commit / calls made"
CYCLE = "closing day less opening day, of disputes closed in the window"
DEDUCTION_DAYS = "open deductions on the last day / (deductions taken in the window / its days)"
INVALID_RECOVERED = "received since of deductions found invalid in the window / found invalid"
OPEN_AGE = "age of open disputes on the last day of the window"
CASH_PAYMENTS = "payments applied without a person / payments that had to be applied"
CASH_LINES = "lines applied without a person / lines that had to be applied"
CASH_VALUE = "money applied without a person / money that had to be applied"
CASH_REVERSED = "payments applied without a person and taken back later / those applied so"
