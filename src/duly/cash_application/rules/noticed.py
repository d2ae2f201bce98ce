"""Which batch entry of a statement a notice (camt.054) tells the payments of.

Rule: account, currency and amount are equal, and so is the bank's reference where both tell one;
where one of them tells none, the day. Where that leaves two, none is taken: a person would have to
say which.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.rules.lines import reference_of


class BatchFacts(NamedTuple):
    """A batch entry, of a statement or of a notice: minor units, the day it was booked on."""

    id: int
    account_id: int
    currency: str
    minor: int
    on: date | None
    reference: str


def pair(told: Sequence[BatchFacts], noticed: Sequence[BatchFacts]) -> dict[int, int]:
    """{entry of a statement: the notice's that opens it}, where there is one and no other.

    >>> entry = BatchFacts(1, 7, "EUR", 300, date(2026, 3, 9), "B1")
    >>> pair([entry], [entry._replace(id=5), entry._replace(id=6, reference="B2")])
    {1: 5}
    >>> pair([entry], [entry._replace(id=5, reference=""), entry._replace(id=6, reference="")])
    {}
    """
    found = _joined(told, noticed, lambda one: _sum(one, reference_of(one.reference)))
    left = [one for one in told if one.id not in found]
    free = [one for one in noticed if one.id not in found.values()]
    silent = [one for one in left if not reference_of(one.reference)]
    found |= _joined(silent, free, lambda one: _sum(one, one.on))
    left = [one for one in left if one.id not in found]
    free = [one for one in free if one.id not in found.values() and not reference_of(one.reference)]
    return found | _joined(left, free, lambda one: _sum(one, one.on))


def _sum(one: BatchFacts, by: Hashable) -> Hashable:
    return (one.account_id, one.currency, one.minor, by) if by else None


def _joined(
    told: Sequence[BatchFacts],
    noticed: Sequence[BatchFacts],
    key: Callable[[BatchFacts], Hashable],
) -> dict[int, int]:
    """Pairs of one key, where each side has one of it."""
    sides: dict[Hashable, tuple[list[int], list[int]]] = {}
    for side, some in enumerate((told, noticed)):
        for one in some:
            by = key(one)
            if by is not None:
                sides.setdefault(by, ([], []))[side].append(one.id)
    return {one[0]: two[0] for one, two in sides.values() if len(one) == len(two) == 1}
