"""Until when a debt can be sued for, and what a debtor's insolvency may claim back. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.collections.rules.laws.rule import Rule
from duly.kernel.dates import add_months

ALERT_MONTHS = (12, 6, 3)  # before the end


class Limitation(NamedTuple):
    """The last day on which a claim can safely be brought, and the rule that says so."""

    last_on: date
    rule: Rule
    is_one_of_several: bool  # the place is not known to its part: the earliest was taken


def last_safe_day(rule: Rule, due_on: date) -> date:
    """The last day by one rule. Neither suspension nor an acknowledgment is looked at.

    Rule: a period from the day after the due date ends with the due date's day of the year; one
    from the end of the year in which it fell due ends with a year.
    See: docs/sources.md, L-11, L-12.
    """
    years: int = rule.params["years"]
    if rule.params["start"] == "year_end":
        return date(due_on.year + years, 12, 31)
    return add_months(due_on, 12 * years)


def limitation_of(rules: Iterable[Rule], due_on: date) -> Limitation | None:
    """The earliest last day of the rules that may hold."""
    days = sorted(
        ((last_safe_day(rule, due_on), rule) for rule in rules),
        key=lambda found: (found[0], found[1].id),
    )
    return Limitation(*days[0], len(days) > 1) if days else None


def alert_on(last_on: date) -> date:
    """The day of the first alert."""
    return add_months(last_on, -ALERT_MONTHS[0])


class Moved(NamedTuple):
    """Money that came (`is_paid`) or goods that went on a day."""

    on: date
    minor: int
    is_paid: bool
    is_open: bool = True  # goods: not paid yet


class Preference(NamedTuple):
    """What may be claimed back after a filing, and what has priority."""

    window_from: date
    paid_minor: int
    new_value_minor: int
    net_minor: int
    priority_from: date
    priority_minor: int
    reclaim_from: date
    is_below_least: bool


def preference(
    rule: Rule,
    filed_on: date,
    moved: Sequence[Moved],
    *,
    least_minor: int,
    is_insider: bool = False,
) -> Preference:
    """What was paid in the window, less new goods that came after and are not paid.

    Rule: goods unpaid are new value against the payments before them; what is left of them covers
    nothing. Goods of the last days have priority in the proceedings; courts differ on counting the
    same goods twice.
    See: docs/sources.md, L-01.
    """
    days = rule.params["insider_days" if is_insider else "days"]
    window_from = filed_on - timedelta(days=days)
    priority_from = filed_on - timedelta(days=rule.params["priority_days"])
    exposed = paid = value = priority = 0
    for one in sorted(moved, key=lambda one: (one.on, not one.is_paid)):
        if not window_from <= one.on <= filed_on:
            continue
        if one.is_paid:
            paid += one.minor
            exposed += one.minor
        elif one.is_open:
            covered = min(exposed, one.minor)
            exposed -= covered
            value += covered
            if one.on >= priority_from:
                priority += one.minor
    return Preference(
        window_from,
        paid,
        value,
        exposed,
        priority_from,
        priority,
        filed_on - timedelta(days=rule.params["reclaim_days"]),
        paid < least_minor,
    )
