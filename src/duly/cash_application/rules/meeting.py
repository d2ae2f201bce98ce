"""Which items may be in a set that makes an amount: all others need not be looked at.

Rule: where a set adds up, what it has in one part of all sums and what it has in another meet at
the amount. Items of no such part are in no set. The parts are single items and sums of two; where
sets may have more than four, or items are few, nothing is left out.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

SHORT = 12  # items of which all sets are as soon compared
_MOST_BITS, _MORE_BITS = 18, 3  # of numbers, by which most that aren't there are told


def meeting(target: int, amounts: Sequence[int], most: int) -> list[int]:
    """The places of the positive amounts of which up to `most` may add up to `target`.

    >>> meeting(50, [20, 47, 30, 7, 6], 2)
    [0, 2]
    """
    if not amounts or sum(amounts) < target:
        return []
    if most <= 2:
        known = {0, *amounts}
        return [n for n, amount in enumerate(amounts) if target - amount in known]
    if most > 4 or len(amounts) <= SHORT:
        return list(range(len(amounts)))
    return _of_pairs(target, amounts, is_three=most == 3)


@lru_cache(maxsize=512)
def _pairs_of(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second of all pairs of so many things, each alone, and of none at all.

    The number of things stands for none of them.
    """
    one, two = (np.append(part, count) for part in np.triu_indices(count + 1, 1))
    return one.astype(np.int32), two.astype(np.int32)


def _of_pairs(target: int, amounts: Sequence[int], *, is_three: bool) -> list[int]:
    values = np.array([*amounts, 0], np.int64)
    one, two = _pairs_of(len(amounts))
    sums = values[one] + values[two]
    hits, _ = met(values if is_three else sums, target - sums)
    if not len(hits):
        return []
    found = {*one[hits].tolist(), *two[hits].tolist()}
    if is_three:
        rest = target - sums[hits]
        found |= set(np.flatnonzero(np.isin(values, rest)).tolist())
    found.discard(len(amounts))
    return sorted(found)


def met(sums: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of the wanted numbers that are among some sums, and of sums they may meet.

    The latter in order of the sums. The last bits of a number tell most that aren't there.
    """
    size = 1 << min(_MOST_BITS, len(sums).bit_length() + _MORE_BITS)
    hits = np.flatnonzero(_ends(sums, size)[wanted & (size - 1)])
    if not len(hits):
        return hits, hits
    near = np.flatnonzero(_ends(wanted[hits], size)[sums & (size - 1)])
    near = near[np.argsort(sums[near], kind="stable")]
    ordered, asked = sums[near], wanted[hits]
    places = np.searchsorted(ordered, asked)
    places[places == len(ordered)] = 0
    return hits[ordered[places] == asked], near


def _ends(numbers: np.ndarray, size: int) -> np.ndarray:
    """Which last bits some number has."""
    found = np.zeros(size, np.bool_)
    found[numbers & (size - 1)] = True
    return found
