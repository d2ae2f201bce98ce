"""How customers pay: segments, days late, days of payment, and what they withhold.

The parameters are assumptions tuned to published figures of real ledgers (docs/sources.md, S-02);
no number here may be quoted as a fact.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from duly.kernel.calendar import TARGET, add_business_days, is_business_day
from duly.kernel.dates import month_end
from duly.world.dice import Dice

EARLIEST_DAYS = 8.0  # nobody on time pays more days before the due date than that
USUAL_EARLY_DAYS = 1.0
CLASS_CARRIES_OVER = 0.70  # how often an invoice is paid like the one before: on time or late
CUSTOMER_SHIFT = -0.6  # of log M: payment runs, disputes and seasons add what is taken off here
CUSTOMER_SPREAD = 0.35  # of log M between customers of one segment
MONTHLY_DECLINE = 1.15  # of M, each of the months before an insolvency
DECLINE_MONTHS = 6
LONGEST_RUN = 33  # days between two payment runs


@dataclass(frozen=True, slots=True)
class Segment:
    """How a kind of customer behaves; shares are probabilities per invoice unless said otherwise.

    `median_late_days` and `sigma` are of the lognormal days late of those who pay late.
    """

    name: str
    on_time: float
    median_late_days: float
    sigma: float
    never_pays: float
    disputes: float
    short_pays: float  # withheld without notice
    pays_in_parts: float
    failure_per_month: float  # insolvency


SEGMENTS: dict[str, Segment] = {
    segment.name: segment
    for segment in (
        Segment("large", 0.55, 7, 0.60, 0.001, 0.06, 0.03, 0.005, 0.0002),
        Segment("mid", 0.60, 9, 0.80, 0.004, 0.05, 0.03, 0.01, 0.0008),
        Segment("small", 0.50, 11, 0.95, 0.012, 0.02, 0.03, 0.04, 0.002),
        Segment("construction", 0.40, 18, 0.95, 0.020, 0.09, 0.04, 0.08, 0.003),
        Segment("transport", 0.45, 13, 0.90, 0.015, 0.05, 0.03, 0.03, 0.002),
        Segment("retail", 0.65, 8, 0.70, 0.005, 0.12, 0.15, 0.005, 0.0008),
        Segment("public", 0.70, 12, 0.90, 0.0, 0.04, 0.01, 0.0, 0.0),
        Segment("start-up", 0.45, 14, 1.05, 0.040, 0.03, 0.03, 0.10, 0.006),
        Segment("export", 0.45, 14, 0.90, 0.010, 0.04, 0.03, 0.01, 0.001),
        Segment("distressed", 0.15, 35, 0.90, 0.150, 0.08, 0.06, 0.35, 0.03),
    )
}


def draw_is_on_time(stream: Dice, segment: Segment, was_on_time: bool | None) -> bool:
    """Whether an invoice that gets paid is paid by its due date, given how the last one was.

    In the long run the share on time is the segment's, however much carries over.
    """
    if was_on_time is not None and stream.random() < CLASS_CARRIES_OVER:
        return was_on_time
    return stream.random() < segment.on_time


def draw_days_late(
    stream: Dice, segment: Segment, *, is_on_time: bool, slowness: float = 1.0
) -> float:
    """Days from the due date to the decision to pay; negative is early.

    `slowness` multiplies the segment's median: the customer's own way, and its troubles.
    """
    if is_on_time:
        return -stream.triangular(0.0, EARLIEST_DAYS, USUAL_EARLY_DAYS)
    return stream.lognormvariate(math.log(segment.median_late_days * slowness), segment.sigma)


def draw_invoice(
    stream: Dice, segment: Segment, *, was_on_time: bool | None = None, slowness: float = 1.0
) -> tuple[bool, float] | None:
    """Whether an invoice is paid on time, and how many days late; None if it never is. (S-02)

    Alone, it is its segment's; `was_on_time` of the invoice before and `slowness` make it one of a
    customer with its own ways.
    """
    if stream.random() < segment.never_pays:
        return None
    is_on_time = draw_is_on_time(stream, segment, was_on_time)
    return is_on_time, draw_days_late(stream, segment, is_on_time=is_on_time, slowness=slowness)


def decline(on: date, failed_on: date | None) -> float:
    """By how much lateness has risen before an insolvency; 1 long before it and without one."""
    if failed_on is None:
        return 1.0
    months = DECLINE_MONTHS - (failed_on - on).days / 30.4
    return MONTHLY_DECLINE ** min(max(months, 0.0), float(DECLINE_MONTHS))


# --- when payers pay ------------------------------------------------------------------------


@cache
def is_working_day(on: date) -> bool:
    """Whether banks book."""
    return is_business_day(on, TARGET)


def working_day_after(on: date, days: int) -> date:
    """That many banking days later."""
    return add_business_days(on, days, TARGET)


def _first_working_day(on: date) -> date:
    return on if is_working_day(on) else working_day_after(on, 1)


def _on_weekday(weekday: int) -> Callable[[date], bool]:
    def is_run(on: date) -> bool:
        return on.weekday() == weekday

    return is_run


def _on_days_of_month(*days: int) -> Callable[[date], bool]:
    """Days of the month, 31 for the last one, moved to the next banking day."""

    def is_run(on: date) -> bool:
        for day in days:
            for month in (on, on.replace(day=1) - timedelta(days=1)):
                last = month_end(month)
                if _first_working_day(last if day > last.day else month.replace(day=day)) == on:
                    return True
        return False

    return is_run


RUNS: dict[str, Callable[[date], bool]] = {
    "daily": lambda on: True,
    "tuesday": _on_weekday(1),
    "thursday": _on_weekday(3),
    "friday": _on_weekday(4),
    "10 and 25": _on_days_of_month(10, 25),
    "15 and last": _on_days_of_month(15, 31),
    "monthly 15": _on_days_of_month(15),
    "monthly last": _on_days_of_month(31),
}


@cache
def is_run_day(run: str, on: date) -> bool:
    """Whether a payment run, by its name in RUNS, is on a day."""
    return is_working_day(on) and RUNS[run](on)


def run_between(after: date, by: date, run: str, *, days_under_way: int) -> date | None:
    """The last day of a payment run after a day whose money arrives by another; None without."""
    for days in range(1, min((by - after).days, LONGEST_RUN)):
        day = by - timedelta(days=days)
        if is_run_day(run, day) and working_day_after(day, days_under_way) <= by:
            return day
    return None


_RUN_WEIGHTS: dict[str, tuple[float, ...]] = {  # in the order of RUNS
    "large": (0.00, 0.20, 0.30, 0.15, 0.15, 0.12, 0.04, 0.04),
    "mid": (0.15, 0.17, 0.22, 0.18, 0.12, 0.10, 0.03, 0.03),
    "retail": (0.05, 0.20, 0.25, 0.15, 0.15, 0.12, 0.04, 0.04),
    "public": (0.20, 0.15, 0.25, 0.15, 0.15, 0.10, 0.00, 0.00),
}
_OTHER_WEIGHTS = (0.62, 0.06, 0.08, 0.12, 0.04, 0.04, 0.02, 0.02)


def draw_run(stream: Dice, segment: Segment) -> str:
    """The payment run of a customer: a name in RUNS."""
    weights = _RUN_WEIGHTS.get(segment.name, _OTHER_WEIGHTS)
    return stream.choices(list(RUNS), weights)[0]


def season_days(stream: Dice, on: date, country: str) -> int:
    """By how many days a payment meant for a day slips over holidays of the season."""
    if (on.month, on.day) >= (12, 20) or (on.month, on.day) <= (1, 5):
        return stream.randint(5, 10)
    if on.month == 8 and country in {"FR", "IT", "ES"}:
        return stream.randint(5, 15)
    return 0


# --- what payers withhold -------------------------------------------------------------------


def draw_disputed_share(stream: Dice) -> float:
    """The share of an invoice that a dispute is about."""
    return stream.betavariate(2, 5)


def draw_days_to_resolve(stream: Dice) -> int:
    """Days from a dispute to its end."""
    return max(1, round(stream.lognormvariate(math.log(14), 0.8)))


def draw_verdict(stream: Dice) -> str:
    """How a dispute ends: valid (for the customer), partly, invalid."""
    return stream.choices(["valid", "partly", "invalid"], [0.55, 0.20, 0.25])[0]
