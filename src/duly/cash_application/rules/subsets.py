"""Which sets of open items add up to an amount: none, one, or more than one.

Rule: each item is paid by one of its amounts (whole, or less an earned discount) or not at all.
Few items: sets of every size are compared, the sums of one half of the items with those of the
other. Many items: sets of up to four, as sums of pairs. More than that: nothing is claimed. The
search stops at the second set, for then the amount proves nothing.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from math import prod
from typing import NamedTuple

import numpy as np

from duly.cash_application.rules.meeting import SHORT, meeting, met

Chosen = tuple[tuple[int, int], ...]  # (position of an item, one of its amounts)
_Items = list[tuple[int, tuple[int, ...]]]

_HALF = 1 << 13  # sums of a half of the items that are compared whole: 26 items of one amount
_WHOLE = 26  # items of one amount each of which all sets are compared
_FEW = 64  # sums of a half up to which lists are faster than arrays
_PAIRED = 420  # amounts whose pairs are compared
_LARGEST = 1 << 44  # beyond it a sum and its index don't fit one number
_AT_ONCE = 4_096  # pairs looked at before it is asked whether two sets were found
_COMPARISONS = 20_000  # of equal sums that turn out to use an item twice


class Sums(NamedTuple):
    """What was found: at most two sets; whether all sets of the sizes told were compared.

    `most`: up to how many items a set may have, None for any. `near`: sets per million that would
    add up to such an amount by chance, were amounts spread evenly around it.
    """

    sets: tuple[Chosen, ...]
    is_complete: bool
    most: int | None = None
    near_ppm: int = 0

    @property
    def only(self) -> Chosen | None:
        """The set, where it is known to be the only one."""
        return self.sets[0] if len(self.sets) == 1 and self.is_complete else None


UNKNOWN = Sums((), False)


def sums_to(target: int, choices: Sequence[tuple[int, ...]], *, most: int = 99) -> Sums:
    """The sets of up to `most` items that add up to `target`; an empty set is none.

    Input: for each item the amounts that may be paid on it, credits negative, none of them zero.
    Returns: up to two sets, in no order of merit; `most` falls to 4 where there are many items, and
    where there are too many the search is incomplete.

    >>> sums_to(50, [(20,), (30,), (80, 79)]).only, sums_to(9, [(5,), (3,)]).sets
    (((0, 20), (1, 30)), ())
    """
    useful = _useful(target, choices)
    if not useful:
        return Sums((), True, most)
    if max(abs(a) for _, amounts in useful for a in amounts) > _LARGEST or abs(target) > _LARGEST:
        return UNKNOWN
    halves = _halves(useful)
    if halves is not None:
        return _by_few(target, *halves, most) or _by_halves(target, *halves, most)
    if most <= 2:
        return _by_two(target, useful)
    if sum(len(amounts) for _, amounts in useful) <= _PAIRED:
        return _by_pairs(target, useful, min(most, 4))
    return UNKNOWN


def sums_of(target: int, amounts: Sequence[int], *, most: int = 99) -> Sums:
    """The same of items that have one amount each and are no credits: what meets is sought first.

    >>> sums_of(50, [20, 80, 30, 7]).only
    ((0, 20), (2, 30))
    """
    useful = [n for n, amount in enumerate(amounts) if amount <= target]
    if target > _LARGEST:
        return UNKNOWN
    if len(useful) > _WHOLE:
        if most > 2 and len(useful) > _PAIRED:
            return UNKNOWN
        most = min(most, 4)
    elif most > 4 or len(useful) <= SHORT:
        return _of_all(target, amounts, useful, most)
    found = meeting(target, [amounts[n] for n in useful], most)
    places = [useful[n] for n in found]
    if not places:
        return Sums((), True, most)
    if len(places) <= SHORT:
        return _of_all(target, amounts, places, most)
    sums = sums_to(target, [(amounts[n],) for n in places], most=most)
    if not sums.sets:
        return sums
    sets = [tuple([(places[n], amount) for n, amount in chosen]) for chosen in sums.sets]
    return sums._replace(sets=tuple(sets))


def _of_all(target: int, amounts: Sequence[int], places: Sequence[int], most: int) -> Sums:
    """Of few items with one amount each: all sets of one half of them with those of the other."""
    half = len(places) // 2
    halves = [amounts[n] for n in places[:half]], [amounts[n] for n in places[half:]]
    found: list[Chosen] = []
    for left, right in (_meeting_halves if len(places) > SHORT else _meeting_few)(target, *halves):
        mask = left | right << half
        if 0 < mask.bit_count() <= most:
            chosen = [n for place, n in enumerate(places) if mask >> place & 1]
            found.append(tuple([(n, amounts[n]) for n in chosen]))
            if len(found) > 1:
                break
    return Sums(tuple(found), True, most)


def _meeting_few(target: int, left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    """Which sets of two lists of amounts make an amount together, each as a number of bits."""
    sums, others = [0], [0]
    for amount in left:
        sums += [one + amount for one in sums]
    for amount in right:
        others += [one + amount for one in others]
    wanted = {target - one for one in sums}
    if wanted.isdisjoint(others):
        return
    for other, amount in enumerate(others):
        if amount in wanted:
            rest = target - amount
            yield from ((place, other) for place, one in enumerate(sums) if one == rest)


def _meeting_halves(target: int, left: list[int], right: list[int]) -> Iterator[tuple[int, int]]:
    """The same, in arrays."""
    sums, others = (
        _combined([(n, (amount,)) for n, amount in enumerate(half)]) for half in (left, right)
    )
    hits, _ = met(sums, target - others)
    for other in hits.tolist():
        for place in np.flatnonzero(sums == target - int(others[other])).tolist():
            yield place, other


def _useful(target: int, choices: Sequence[tuple[int, ...]]) -> _Items:
    """Items without those too large for any set, whatever credits are netted against them."""
    room = target
    for amounts in choices:
        least = min(amounts, default=0)
        if least < 0:
            room -= least
    return [
        (n, amounts if max(amounts) <= room else tuple(a for a in amounts if a <= room))
        for n, amounts in enumerate(choices)
        if amounts and min(amounts) <= room
    ]


def _halves(useful: _Items) -> tuple[_Items, _Items] | None:
    """Two parts with about as many combinations each, or nothing where there are too many."""
    parts: tuple[_Items, _Items] = ([], [])
    sizes = [1, 1]
    for item in useful:
        smaller = sizes[0] > sizes[1]
        sizes[smaller] *= 1 + len(item[1])
        parts[smaller].append(item)
        if max(sizes) > _HALF:
            return None
    return parts


def _combined(items: _Items) -> np.ndarray:
    """The sums of all combinations; the index of one, read by digits, tells the choices."""
    sums = np.zeros(prod(1 + len(amounts) for _, amounts in items), np.int64)
    size = 1
    for _, amounts in items:
        for n, amount in enumerate(amounts, 1):
            np.add(sums[:size], amount, out=sums[n * size : (n + 1) * size])
        size *= 1 + len(amounts)
    return sums


def _chosen(items: _Items, index: int) -> Chosen:
    found = []
    for position, amounts in items:
        index, choice = divmod(index, 1 + len(amounts))
        if choice:
            found.append((position, amounts[choice - 1]))
    return tuple(found)


def _sizes(items: _Items) -> np.ndarray:
    """How many items each combination has."""
    sizes = np.zeros(1, np.int64)
    for _, amounts in items:
        sizes = np.concatenate([sizes, *(sizes + 1 for _ in amounts)])
    return sizes


def _by_few(target: int, left: _Items, right: _Items, most: int) -> Sums | None:
    """The same as by halves, where they are so small that arrays don't pay; else nothing."""
    sums, others = _few_sums(left), _few_sums(right)
    if sums is None or others is None:
        return None
    places: dict[int, list[int]] = {}
    for place, amount in enumerate(sums):
        places.setdefault(amount, []).append(place)
    found: list[Chosen] = []
    for other, amount in enumerate(others):
        for place in places.get(target - amount, ()):
            chosen = _chosen(left, place) + _chosen(right, other)
            if 0 < len(chosen) <= most:
                found.append(tuple(sorted(chosen)))
                if len(found) > 1:
                    return Sums(tuple(found), True, most)
    return Sums(tuple(found), True, most)


def _few_sums(items: _Items) -> list[int] | None:
    """The sums of all combinations, in the order of `_combined`."""
    sums = [0]
    for _, amounts in items:
        if len(sums) > _FEW:
            return None
        known = sums
        for amount in amounts:
            sums = sums + [one + amount for one in known]
    return sums


def _by_two(target: int, useful: _Items) -> Sums:
    """Sets of one or two, of however many items."""
    places: dict[int, list[int]] = {}
    found: dict[Chosen, None] = {}
    for position, amounts in useful:
        for amount in amounts:
            if amount == target:
                found[((position, amount),)] = None
            for other in places.get(target - amount, ())[:2]:
                found[((other, target - amount), (position, amount))] = None
            if len(found) > 1:
                return Sums(tuple(found)[:2], True, 2)
        for amount in amounts:
            places.setdefault(amount, []).append(position)
    return Sums(tuple(found), True, 2)


def _by_halves(target: int, left: _Items, right: _Items, most: int) -> Sums:
    sums, others = _combined(left), _combined(right)
    wanted = target - others
    hits, order = met(sums, wanted)
    ordered, firsts = sums[order], []
    if len(hits):
        firsts = np.searchsorted(ordered, wanted[hits]).tolist()
    is_any = most >= len(left) + len(right)
    sizes, more = (None, None) if is_any else (_sizes(left), _sizes(right))
    found: list[Chosen] = []
    for other, place in zip(hits.tolist(), firsts, strict=True):
        while place < len(ordered) and ordered[place] == wanted[other] and len(found) < 2:
            index = int(order[place])
            place += 1
            if sizes is None or more is None or sizes[index] + more[other] <= most:
                chosen = _chosen(left, index) + _chosen(right, other)
                found += [tuple(sorted(chosen))] if chosen else []
        if len(found) > 1:
            break
    return Sums(tuple(found), True, most)


@lru_cache(maxsize=8)
def _pairs_of(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second of all pairs of so many things."""
    one, two = np.triu_indices(count, 1)
    return one.astype(np.int32), two.astype(np.int32)


def _by_pairs(target: int, useful: _Items, most: int) -> Sums:
    positions = np.array([n for n, amounts in useful for _ in amounts], np.int64)
    values = np.array([a for _, amounts in useful for a in amounts], np.int64)
    one, two = _pairs_of(len(values))
    sums = values[one] + values[two]
    is_useful = sums <= target - int(values[values < 0].sum())
    if len(values) > len(useful):
        is_useful &= positions[one] != positions[two]
    one, two, sums = one[is_useful], two[is_useful], sums[is_useful]
    bits = max(1, len(one).bit_length())
    keys = np.sort(sums << bits | np.arange(len(one)))
    order = keys & ((1 << bits) - 1)
    hits = _Hits(target, values, positions, keys >> bits, one[order], two[order], most)
    found = list(islice(hits.distinct(), 2))
    return Sums(tuple(found), hits.left > 0 or len(found) > 1, most)


class _Hits:
    """Sets of one to four amounts that add up, made of sorted sums of pairs."""

    def __init__(
        self,
        target: int,
        values: np.ndarray,
        positions: np.ndarray,
        pairs: np.ndarray,
        one: np.ndarray,
        two: np.ndarray,
        most: int,
    ) -> None:
        self.target, self.values, self.positions = target, values, positions
        self.pairs, self.one, self.two = pairs, one, two
        self.most, self.left = most, _COMPARISONS

    def distinct(self) -> Iterator[Chosen]:
        """Each set once."""
        seen: set[Chosen] = set()
        for amounts in self._all():
            chosen = tuple(sorted((int(self.positions[n]), int(self.values[n])) for n in amounts))
            self.left -= 1
            if self.left <= 0:
                return
            if len({position for position, _ in chosen}) == len(chosen) and chosen not in seen:
                seen.add(chosen)
                yield chosen

    def _all(self) -> Iterator[tuple[int, ...]]:
        for n in np.flatnonzero(self.values == self.target).tolist():
            yield (n,)
        if not len(self.pairs) or self.most < 2:
            return
        for _, place in self._meeting(np.array([self.target])):
            yield self._pair(place)
        if self.most > 2:
            for n, place in self._meeting(self.target - self.values):
                yield (n, *self._pair(place))
        if self.most > 3:
            yield from self._pairs()

    def _pairs(self) -> Iterator[tuple[int, ...]]:
        # Of the two pairs of a set one is at most half of the amount.
        half = int(np.searchsorted(self.pairs, self.target // 2, "right"))
        for start in range(0, half, _AT_ONCE):
            wanted = self.target - self.pairs[start : min(half, start + _AT_ONCE)]
            for n, place in self._meeting(wanted):
                yield (*self._pair(start + n), *self._pair(place))

    def _pair(self, n: int) -> tuple[int, int]:
        return int(self.one[n]), int(self.two[n])

    def _meeting(self, wanted: np.ndarray) -> Iterator[tuple[int, int]]:
        """(which of the wanted, which pair) wherever a pair makes a wanted sum."""
        first = np.searchsorted(self.pairs, wanted)
        inside = np.minimum(first, len(self.pairs) - 1)
        meets = (first < len(self.pairs)) & (self.pairs[inside] == wanted)
        for n in np.flatnonzero(meets).tolist():
            place = int(first[n])
            while place < len(self.pairs) and self.pairs[place] == wanted[n]:
                yield n, place
                place += 1
