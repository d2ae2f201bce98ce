"""Starter limits that grow with cycles paid on time and shrink after late ones; dormant ones.

A rule proposes and a person decides: nothing here changes a limit.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.credit.policy import DecisionPolicy
from duly.kernel.dates import add_months

GRADUATE, SHRINK, DORMANT = "graduate", "shrink", "dormant"


class Record(NamedTuple):
    """How a customer paid since its limit began: cycles oldest first, True for one on time."""

    minor: int
    since_on: date
    cycles: Sequence[bool]
    last_invoice_on: date | None


class Change(NamedTuple):
    """A limit that a rule proposes, and what it saw."""

    origin: str
    minor: int
    reason: str
    because: dict[str, object]


def propose_change(
    record: Record, on: date, policy: DecisionPolicy, starter_top_minor: int
) -> Change | None:
    """The change that a rule proposes for a limit, or None.

    Doubles a starter limit after so many cycles in a row on time; halves after so many late in a
    row; lapses when nothing was bought for months. One that is no starter limit (above
    `starter_top_minor`) grows by requests alone.
    """
    last = record.last_invoice_on or record.since_on
    if record.minor and add_months(last, policy.dormant_months) <= on:
        because = {"last_invoice_on": str(record.last_invoice_on), "months": policy.dormant_months}
        return Change(DORMANT, 0, f"Nothing bought for {policy.dormant_months} months.", because)
    streak = _streak(record.cycles)
    if not record.minor or not record.cycles:
        return None
    if not record.cycles[-1] and streak >= policy.shrink_after:
        reason = f"The last {streak} invoices were paid late."
        return Change(SHRINK, record.minor // 2, reason, {"late_in_a_row": streak})
    is_starter = record.minor <= starter_top_minor
    if record.cycles[-1] and streak >= policy.starter_cycles and is_starter:
        reason = f"The last {streak} invoices were paid on time."
        return Change(GRADUATE, record.minor * 2, reason, {"on_time_in_a_row": streak})
    return None


def _streak(cycles: Sequence[bool]) -> int:
    """How many at the end are alike.

    >>> _streak([False, True, True]), _streak([])
    (2, 0)
    """
    found = 0
    for one in reversed(cycles):
        if one != cycles[-1]:
            break
        found += 1
    return found
