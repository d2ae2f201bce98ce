"""How much an amount proves: is there one set of items that explains it, and would chance do it?

Rule: of n items there are so many sets of up to k that one of them adds up to any amount by chance.
A set counts as an explanation, and as a rival to another, only while the sets of its size are few
beside the minor units of the amount. All items, all that is due, and the oldest items in order are
what payers pay by custom: there are few of these, whatever their size.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from math import comb
from statistics import median_low

from duly.cash_application.rules.facts import OpenItem

RIVAL_PPM = 250_000  # a set among so many that one in four would add up by chance is no rival


def chance_ppm(count: int, size: int, scale: int, tries: int = 1) -> int:
    """How probable it is, per million, that up to `size` of `count` amounts fit by chance.

    Input: `scale`, over how many minor units such sums are spread; `tries`, how many amounts would
    have been taken for the payment.

    >>> chance_ppm(20, 1, 150_000), chance_ppm(20, 4, 150_000), chance_ppm(20, 20, 150_000)
    (133, 41300, 6990500)
    """
    sets = sum(comb(count, k) for k in range(1, min(size, count) + 1))
    return sets * tries * 1_000_000 // max(1, scale)


def telling_size(count: int, scale: int, tries: int = 1) -> int:
    """Up to how many items a set may have and still count as an explanation.

    >>> telling_size(6, 20_000), telling_size(20, 150_000), telling_size(400, 150_000)
    (6, 5, 1)
    """
    size, sets = 0, 0
    while size < count:
        sets += comb(count, size + 1)
        if sets * tries * 1_000_000 > RIVAL_PPM * scale:
            break
        size += 1
    return size


def scale_of(target: int, amounts: Sequence[int]) -> int:
    """Over how many minor units sums near an amount are spread."""
    return max(abs(target), abs(median_low(amounts)) if amounts else 0, 1)


def customary(items: Sequence[OpenItem], on: date) -> Iterator[tuple[OpenItem, ...]]:
    """The sets that payers pay by custom: the oldest ones, all due, all; credits with them."""
    credits = tuple(item for item in items if item.open_minor < 0)
    owed = sorted((i for i in items if i.open_minor > 0), key=lambda i: (i.due_on, i.id))
    sets = [*accumulate(((item,) for item in owed), tuple.__add__)]
    sets += [
        *accumulate(((i,) for i in sorted(owed, key=lambda i: (i.issued_on, i.id))), tuple.__add__)
    ]
    sets.append(tuple(item for item in owed if item.due_on <= on))
    seen: set[frozenset[int]] = set()
    for chosen in sets:
        for whole in (chosen, (*chosen, *credits)):
            key = frozenset(item.id for item in whole)
            if whole and key not in seen:
                seen.add(key)
                yield whole
