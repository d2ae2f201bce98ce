"""Who stands above whom."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", int, str)


def on_circles(parent_of: Mapping[K, K | None], members: Iterable[K]) -> set[K]:
    """Those of some members whose chain of parents comes back to themselves.

    >>> sorted(on_circles({"A": "B", "B": "A", "C": "A"}, ["A", "B", "C"]))
    ['A', 'B']
    """
    wanted = set(members)
    followed: set[K] = set()
    found: set[K] = set()
    for start in wanted:
        place: dict[K, int] = {}
        at: K | None = start
        while at is not None and at not in followed and at not in place:
            place[at] = len(place)
            at = parent_of.get(at)
        if at is not None and at in place:
            found.update(list(place)[place[at] :])
        followed.update(place)
    return found & wanted
