"""How early a customer pays: what tells items apart that are open to the same amount.

Rule: the earliest day, counted from the due date, on which any of their items was paid; two days
earlier while few items were paid, and nothing is said of very few.
"""

from collections.abc import Sequence

_FEW, _MANY, _MARGIN = 6, 15, 2


def earliest_of(count: int, least: int) -> int | None:
    """The same of so many items, the earliest of which was paid on a day.

    >>> earliest_of(6, 3), earliest_of(2, 3), earliest_of(20, 5)
    (1, None, 5)
    """
    if count < _FEW:
        return None
    return least - (_MARGIN if count < _MANY else 0)


def earliest_days(days: Sequence[int]) -> int | None:
    """The earliest that is to be reckoned with, in days after due dates, negative before.

    >>> earliest_days([3, 9, 4, 12, 5, 6]), earliest_days([3, 9]), earliest_days([5] * 20)
    (1, None, 5)
    """
    return earliest_of(len(days), min(days)) if days else None
