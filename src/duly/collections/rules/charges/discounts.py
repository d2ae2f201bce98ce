"""What a discount for paying early costs who grants it, and brings who takes it, in a year.

See: docs/sources.md, the table of discounts.
"""

from decimal import Decimal
from typing import NamedTuple


class YearlyCost(NamedTuple):
    """Percent a year, exact to the caller's rounding: simple, and with the proceeds reinvested."""

    nominal: Decimal
    effective: Decimal


def yearly_cost(percent: Decimal, days_early: int, year_days: int = 365) -> YearlyCost:
    """Percent a year of a discount of so many percent for so many days.

    Rule: nominal d / (1 - d) x year / days; effective (1 + d / (1 - d)) ^ (year / days) - 1.

    >>> cost = yearly_cost(Decimal(2), 20)
    >>> round(cost.nominal, 2), round(cost.effective, 2)
    (Decimal('37.24'), Decimal('44.59'))
    """
    share = percent / 100
    gain = share / (1 - share)
    periods = Decimal(year_days) / days_early
    return YearlyCost(gain * periods * 100, ((1 + gain) ** periods - 1) * 100)


def discount_for(yearly_percent: Decimal, days_early: int, year_days: int = 365) -> Decimal:
    """The discount in percent that costs a nominal yearly rate over so many days.

    >>> round(discount_for(Decimal("37.2449"), 20), 4)
    Decimal('2.0000')
    """
    gain = yearly_percent / 100 * days_early / year_days
    return gain / (1 + gain) * 100
