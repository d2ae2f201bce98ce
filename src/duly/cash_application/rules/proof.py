"""How much an amount proves: is there one set of items that explains it, and would chance do it?

Rule: of n items there are so many sets of up to k that one of them adds up to any amount by chance.
A set counts as an explanation, and as a rival to another, only while the sets of its size are few
beside the minor units of the amount. All items, all that is due, and the oldest items in order are
what payers pay by custom: there are few of these, whatever their size.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from math import comb
from operator import attrgetter

from duly.cash_application.rules.facts import OpenItem

UNSAID_PPM = 1_000  # chances up to which nothing is said of them
_MOST_GRAIN = 10_000
RIVAL_PPM = 250_000  # a set among so many that one in four would add up by chance is no rival


@lru_cache(maxsize=1 << 14)
def _sets(count: int, size: int) -> int:
    """How many sets of one to `size` of `count` things there are."""
    return sum(comb(count, k) for k in range(1, min(size, count) + 1))


def chance_ppm(count: int, size: int, scale: int, tries: int = 1) -> int:
    """How probable it is, per million, that up to `size` of `count` amounts fit by chance.

    Input: `scale`, over how many minor units such sums are spread; `tries`, how many amounts would
    have been taken for the payment.

    >>> chance_ppm(20, 1, 150_000), chance_ppm(20, 4, 150_000), chance_ppm(20, 20, 150_000)
    (133, 41300, 6990500)
    """
    return _sets(count, size) * tries * 1_000_000 // max(1, scale)


def telling_size(count: int, scale: int, tries: int = 1) -> int:
    """Up to how many items a set may have and still count as an explanation.

    >>> telling_size(6, 20_000), telling_size(20, 150_000), telling_size(400, 150_000)
    (6, 5, 1)
    """
    few = RIVAL_PPM * scale // (tries * 1_000_000)
    size = 0
    while size < count and _sets(count, size + 1) <= few:
        size += 1
    return size


def scale_of(target: int, amounts: Sequence[int]) -> int:
    """Over how many minor units sums near an amount are spread."""
    middle = sorted(amounts)[(len(amounts) - 1) // 2] if amounts else 0
    return max(abs(target), abs(middle), 1)


def grain_of(target: int, amounts: Sequence[int]) -> int:
    """In what steps amounts go: in whole tens, hundreds and so on where most of them are round.

    Round amounts add up to other round ones far more often by chance.

    >>> grain_of(119_000, [120_000, 5_000]), grain_of(119_037, [120_000, 5_000])
    (1000, 1)
    """
    grain = 1
    while target % (grain * 10) == 0 and grain < _MOST_GRAIN:
        round_ones = sum(amount % (grain * 10) == 0 for amount in amounts)
        if 2 * round_ones < len(amounts):
            break
        grain *= 10
    return grain


def customary(
    items: Sequence[OpenItem], least: int, most: int
) -> tuple[list[tuple[OpenItem, ...]], int]:
    """The sets that payers pay by custom: the oldest ones, all due, all; credits with them.

    Input: the items, the oldest first.
    Returns: those that add up to something between two amounts; how many were looked at.
    """
    credits = tuple([item for item in items if item.open_minor < 0])
    owed = [item for item in items if item.open_minor > 0] if credits else items
    orders = [owed]
    issued = sorted(owed, key=_by_issue)
    if issued != owed:
        orders.append(issued)
    off = sum([item.open_minor for item in credits])
    found = []
    for order in orders:
        totals = list(accumulate([item.open_minor for item in order]))
        first, last = bisect_left(totals, least), bisect_right(totals, most - off)
        for count in range(first + 1, last + 1):
            total = totals[count - 1]
            if total <= most:
                found.append(tuple(order[:count]))
            if off and least <= total + off:
                found.append((*order[:count], *credits))
    return found, len(orders) * len(owed) * (2 if off else 1)


_by_issue = attrgetter("issued_on", "id")
