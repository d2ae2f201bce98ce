"""When a committee has decided: above the highest authority several persons vote.

What happens when votes differ is policy (`committee_rule`):
`same`: so many persons as the committee has must vote for the same; further ones may join until
they do. `majority`: what more than half as many persons as the committee has are for is
carried, nobody else need be heard. `third_person`: once so many voted and differ, the next
person decides for one of what was voted for, and for nothing else.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from duly.credit.errors import DecisionUnfit

RULES = {
    "same": "so many must vote for the same",
    "majority": "more than half of them",
    "third_person": "a further person decides between them",
}


class Vote(NamedTuple):
    """Who voted, and for what: equal values are votes for the same."""

    person: str
    wanted: Hashable


def is_carried(votes: Sequence[Vote], size: int, rule: str) -> bool:
    """Tell whether what the last vote is for is decided. Given: votes in order, each person once.

    Refuses: DecisionUnfit where a further person votes for what nobody voted for.
    """
    last = votes[-1].wanted
    alike = Counter(vote.wanted for vote in votes)
    if rule == "majority":
        return alike[last] * 2 > size
    if rule == "third_person" and len(votes) > size:
        if last not in {vote.wanted for vote in votes[:-1]}:
            raise DecisionUnfit(
                "The committee differs: decide for one of what was voted for.",
                facts={"votes": len(votes) - 1},
                remedy="Vote for the amount, terms and conditions of one of the votes, or decline.",
            )
        return True
    return alike[last] >= size


def differ(votes: Sequence[Vote], size: int) -> bool:
    """Tell whether a committee voted in full and differs.

    >>> differ([Vote("a", 1), Vote("b", 2)], 2), differ([Vote("a", 1)], 2)
    (True, False)
    """
    return len(votes) >= size and len({vote.wanted for vote in votes}) > 1
