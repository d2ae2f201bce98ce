"""Exchange rates: a walk about the parities, a rate each banking day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from duly.world.behaviour import is_working_day
from duly.world.company import CURRENCY, PARITIES
from duly.world.dice import dice

DAILY_SPREAD = 0.004
PULL = 0.01  # back to the parity, a day
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of the company's currency costs in another."""

    on: date
    currency: str
    per_unit: Decimal


def rates(seed: int, start: date, until: date) -> Iterator[Rate]:
    """The rates of all banking days, by day and currency."""
    streams = {code: dice(seed, "rates", code) for code in PARITIES if code != CURRENCY}
    drift = dict.fromkeys(streams, 0.0)
    for days in range((until - start).days + 1):
        on = start + timedelta(days=days)
        if not is_working_day(on):
            continue
        for code, stream in streams.items():
            drift[code] += stream.gauss(-PULL * drift[code], DAILY_SPREAD)
            yield Rate(on, code, _rounded(PARITIES[code] * (1 + drift[code])))


def _rounded(rate: float) -> Decimal:
    """Six digits, as a central bank writes them."""
    return Decimal(f"{rate:.{DIGITS}g}")
