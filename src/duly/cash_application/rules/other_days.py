"""The same money that two formats book on different days: what can be said of it safely.

Rule: lines of one account and amount, booked at most a few days apart by files of two formats, are
the same money where the bank's reference says so; where the end-to-end id does and the other format
tells of the day in question without such a line; or, where nothing contradicts, if each of the two
tells of the other's day without such a line, and there is just one such line on either side. A line
that may be any of several stays a line of its own.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.rules.lines import StatementFacts, reference_of
from duly.cash_application.rules.statements import STATEMENT

APART = 5  # days that banks may book a line apart from its value day, over a weekend
IsTold = Callable[[date], bool]


class Booked(NamedTuple):
    """A booked line, by what tells it from others."""

    on: date
    minor: int
    bank_reference: str
    end_to_end: str


def told_otherwise(
    fresh: Sequence[Booked], told: Sequence[Booked], *, by_others: IsTold, by_this: IsTold
) -> list[int]:
    """Places in `fresh` of lines that another format `told` on another day.

    Input: `told` lines that no line of this file is already; whether the others, and this file,
    tell of a whole day.
    """
    left = list(told)
    found: list[int] = []
    for same in (_by_reference, _by_end_to_end, _by_exclusion):
        for at, one in enumerate(fresh):
            if at in found:
                continue
            near = [other for other in left if _is_near(one, other)]
            rivals = [
                other for n, other in enumerate(fresh) if n not in (at, *found)
                and other.minor == one.minor and abs((other.on - one.on).days) <= APART
            ]  # fmt: skip
            meant = same(one, near, rivals, by_others, by_this)
            if meant is not None:
                left.remove(meant)
                found.append(at)
    return sorted(found)


def _is_near(one: Booked, other: Booked) -> bool:
    return one.minor == other.minor and 0 < abs((one.on - other.on).days) <= APART


def _by_reference(
    one: Booked,
    near: Sequence[Booked],
    rivals: Sequence[Booked],
    by_others: IsTold,
    by_this: IsTold,
) -> Booked | None:
    reference = reference_of(one.bank_reference)
    return _only([x for x in near if reference and reference_of(x.bank_reference) == reference])


def _by_end_to_end(
    one: Booked,
    near: Sequence[Booked],
    rivals: Sequence[Booked],
    by_others: IsTold,
    by_this: IsTold,
) -> Booked | None:
    id_ = reference_of(one.end_to_end)
    if not id_ or not by_others(one.on):
        return None
    return _only([x for x in near if reference_of(x.end_to_end) == id_])


def _by_exclusion(
    one: Booked,
    near: Sequence[Booked],
    rivals: Sequence[Booked],
    by_others: IsTold,
    by_this: IsTold,
) -> Booked | None:
    meant = _only(near)
    if meant is None or rivals or not (by_others(one.on) and by_this(meant.on)):
        return None
    ids = {reference_of(one.end_to_end), reference_of(meant.end_to_end)} - {""}
    return meant if len(ids) < 2 else None


def _only(found: Sequence[Booked]) -> Booked | None:
    return found[0] if len(found) == 1 else None


def spans_of(statements: Sequence[StatementFacts]) -> list[tuple[date, date]]:
    """From when to when statements that follow each other tell of an account.

    >>> from datetime import date as d
    >>> one = StatementFacts("statement", "1", d(2026, 3, 1), 100, d(2026, 3, 2), 150)
    >>> two = StatementFacts("statement", "2", d(2026, 3, 2), 150, d(2026, 3, 5), 90)
    >>> spans_of([two, one]) == [(d(2026, 3, 1), d(2026, 3, 5))]
    True
    """
    days = sorted(
        (one.opened_on, one.closed_on, one.opening_minor, one.closing_minor)
        for one in statements
        if one.kind == STATEMENT
        and one.opened_on is not None
        and one.closed_on is not None
        and one.opening_minor is not None
        and one.closing_minor is not None
    )
    found: list[tuple[date, date]] = []
    last = None
    for opened, closed, opening, closing in days:
        if found and (opened < found[-1][1] or opening == last):
            found[-1] = (found[-1][0], max(found[-1][1], closed))
        else:
            found.append((opened, closed))
        last = closing
    return found


def is_within(day: date, spans: Sequence[tuple[date, date]]) -> bool:
    """Tell whether a day lies wholly within one of some spans, which begin and end amid a day."""
    return any(first < day < last for first, last in spans)
