"""How early and how late a customer pays: what tells items apart that make the same amount.

Rule: the earliest and the latest day, counted from the due date, on which any of their items was
paid; two days earlier, and later, while few items were paid, and nothing is said of very few.
Of what customers keep back, the percentages that come again and again are usual.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_FEW, _MANY, _MARGIN = 6, 15, 2
_TELLING_MINOR, _MOST_PERCENT = 10_000, 50  # of less any difference is some percentage
_ENOUGH, _TIMES, _ONE_IN = 40, 5, 30


def earliest_of(count: int, least: int) -> int | None:
    """The same of so many items, the earliest of which was paid on a day.

    >>> earliest_of(6, 3), earliest_of(2, 3), earliest_of(20, 5)
    (1, None, 5)
    """
    if count < _FEW:
        return None
    return least - (_MARGIN if count < _MANY else 0)


def latest_of(count: int, most: int) -> int | None:
    """The latest that is to be reckoned with of so many items.

    >>> latest_of(6, 30), latest_of(2, 30), latest_of(20, 30)
    (32, None, 30)
    """
    if count < _FEW:
        return None
    return most + (_MARGIN if count < _MANY else 0)


def habit_of(count: int, least: int, most: int) -> tuple[int | None, int | None]:
    """Both of so many items."""
    return earliest_of(count, least), latest_of(count, most)


def earliest_days(days: Sequence[int]) -> int | None:
    """The earliest that is to be reckoned with, in days after due dates, negative before.

    >>> earliest_days([3, 9, 4, 12, 5, 6]), earliest_days([3, 9]), earliest_days([5] * 20)
    (1, None, 5)
    """
    return earliest_of(len(days), min(days)) if days else None


class Deductions(NamedTuple):
    """What is usually kept back: percentages, and how many per million are none of them."""

    percents: tuple[int, ...]
    others_ppm: int


def usual_deductions(kept: Iterable[tuple[int, int]]) -> Deductions | None:
    """The usual percentages among what was kept back: (what was open, what of it was kept).

    Returns: nothing where too little is known.

    >>> usual_deductions([(50_000, 1_000)] * 45 + [(70_001, 1_401)] * 15 + [(80_000, 333)] * 3)
    Deductions(percents=(2,), others_ppm=47619)
    >>> usual_deductions([(50_000, 1_000)] * 9) is None
    True
    """
    told = [percent_of(*one) for one in kept if one[0] >= _TELLING_MINOR]
    if len(told) < _ENOUGH:
        return None
    counts = Counter(percent for percent in told if percent is not None)
    usual = {p: n for p, n in counts.items() if n >= _TIMES and n * _ONE_IN >= len(told)}
    others = len(told) - sum(usual.values())
    return Deductions(tuple(sorted(usual)), others * 1_000_000 // len(told))


def percent_of(minor: int, part: int) -> int | None:
    """Of what whole percentage a part is, rounded either way; nothing of what is none.

    >>> percent_of(70_033, 1_401), percent_of(70_033, 1_400), percent_of(70_033, 1_500)
    (2, 2, None)
    """
    percent = (part * 100 + minor // 2) // minor
    is_one = minor * percent // 100 <= part <= -(-minor * percent // 100)
    return percent if is_one and 0 < percent <= _MOST_PERCENT else None
