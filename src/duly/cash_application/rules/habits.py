"""How early a customer pays: what tells items apart that are open to the same amount.

Rule: the earliest day, counted from the due date, on which any of their items was paid; two days
earlier while few items were paid, and nothing is said of very few.
"""

from collections.abc import Sequence

_FEW, _MANY, _MARGIN = 6, 15, 2


def earliest_days(days: Sequence[int]) -> int | None:
    """The earliest that is to be reckoned with, in days after due dates, negative before.

    >>> earliest_days([3, 9, 4, 12, 5, 6]), earliest_days([3, 9]), earliest_days([5] * 20)
    (1, None, 5)
    """
    if len(days) < _FEW:
        return None
    return min(days) - (_MARGIN if len(days) < _MANY else 0)
