"""What a call today moves: money that would not come by itself, and that the call brings.

Rule: chances begin with what is taken for granted of a segment and give way to what the firm's own
log tells (Beta-binomial): how often items of this customer that got as late came within 30 days,
and how often calls to such customers reached somebody who can decide. By how much a talk moves is
taken for granted still; what is learned of it comes with the measures.
See: docs/sources.md, S-02; segment facts, sections 6 and 7.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from duly.collections.policy import STAGES, MovingPolicy, Priors

SPAN = 15  # days that are counted together
SPANS = 9  # the last one has no end
_WITHIN = 2  # spans: what came within 30 days came by itself


class Tally(NamedTuple):
    """How often something was tried, and how often it came about."""

    tried: int = 0
    came: int = 0


class Chances(NamedTuple):
    """Of a customer, by stage: a debt comes by itself (per mille); a call moves one that would not
    (per million). `items` and `calls` are how many of the firm's own were counted."""

    by_itself: tuple[int, ...]
    moved_ppm: tuple[int, ...]
    items: int = 0
    calls: int = 0


def stage_of(days: int) -> int:
    """Which stage a debt is in that is so many days past due.

    >>> stage_of(1), stage_of(15), stage_of(16), stage_of(400)
    (0, 0, 1, 4)
    """
    return max(bisect_right(STAGES, days) - 1, 0)


def learned(taken_for_granted: int, weight: int, own: Tally) -> int:
    """A share in per mille: the mean of a Beta distribution after what was counted.

    >>> learned(500, 10, Tally(0, 0)), learned(500, 10, Tally(10, 10)), learned(500, 10, Tally(90))
    (500, 750, 50)
    """
    return (taken_for_granted * weight + 1000 * own.came) // (weight + own.tried)


def tallies(paid: Mapping[int, int], still_open: Iterable[int]) -> tuple[Tally, ...]:
    """By stage: how many items got so late, and how many of them came within 30 days of it.

    Input: `paid` {span of days past due, the first 0: items paid in it}; `still_open` days past
    due of items that are not paid: they count once they had their 30 days.

    >>> [tuple(one) for one in tallies({0: 3, 2: 1}, [40])][:3]
    [(5, 3), (1, 1), (1, 1)]
    """
    spans = [paid.get(span, 0) for span in range(SPANS)]
    late = sorted(still_open)
    found = []
    for start in STAGES:
        first = start // SPAN
        came = sum(spans[first : first + _WITHIN])
        unpaid = len(late) - bisect_right(late, start + _WITHIN * SPAN - 1)
        found.append(Tally(sum(spans[first:]) + unpaid, came))
    return tuple(found)


def chances_of(priors: Priors, own: Sequence[Tally], calls: Tally, policy: MovingPolicy) -> Chances:
    """The chances of a customer by what is taken for granted and what was counted."""
    reached = learned(priors.reached, policy.calls, calls)
    return Chances(
        tuple(
            learned(share, policy.items, tally)
            for share, tally in zip(priors.by_itself, own, strict=True)
        ),
        tuple(max(share * reached // 1000, 1) for share in priors.moved_ppm),
        max((tally.tried for tally in own), default=0),
        calls.tried,
    )
