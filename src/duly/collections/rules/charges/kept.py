"""How a charge keeps what it was worked out from, and what that makes when it is read again."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from duly.collections.rules.charges.interest import RateSpan, Run, curve_of, rounded


def written_runs(runs: Iterable[Run]) -> str:
    """Balances as they are kept.

    >>> written_runs([Run(739000, 739002, 1250)])
    '2024-04-24 2024-04-26 1250'
    """
    return ";".join(f"{iso(first)} {iso(last)} {minor}" for first, last, minor in runs)


def read_runs(text: str) -> list[Run]:
    """Balances as they were kept."""
    told = (part.split(" ") for part in text.split(";"))
    return [Run(_ordinal(first), _ordinal(last), int(minor)) for first, last, minor in told]


def read_rates(text: str) -> list[RateSpan]:
    """Rates as they were kept."""
    told = (part.split(" ") for part in text.split(";"))
    return [
        RateSpan(date.fromisoformat(first), date.fromisoformat(last), Decimal(percent))
        for first, last, percent in told
    ]


def made_again(balances: Iterable[Run], rates: str, day_count: str) -> int:
    """The interest that balances make at rates as they were kept, in minor units."""
    return rounded(curve_of(read_rates(rates), day_count), balances)


def without_before(runs: Iterable[Run], minor: int, day: int) -> list[Run]:
    """Runs less a part of each balance before a day: what a charge had been without that part."""
    kept = []
    for one in runs:
        left = one.balance_minor - (minor if one.last < day else 0)
        if left > 0:
            kept.append(Run(one.first, one.last, left))
    return kept


@lru_cache(maxsize=4096)
def iso(ordinal: int) -> str:
    """A day as ISO text."""
    return date.fromordinal(ordinal).isoformat()


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()
