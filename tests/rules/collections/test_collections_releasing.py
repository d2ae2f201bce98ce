"""What was looked at, held against what would leave: less of it passes, anything else does not."""

import pytest

from duly.collections.rules.planning import Line, PlannedStep
from duly.collections.rules.releasing import Difference, Seen, difference

SEEN = Seen(1, "EUR", "friendly", "k", 300, ("a@b.example",), frozenset({7, 8}))


def step(*lines: tuple[int, int], **more: object) -> PlannedStep:
    """The e-mail of customer 1 with some items and what they ask for."""
    told = {
        "key": "k",
        "customer_id": 1,
        "currency": "EUR",
        "step": "friendly",
        "channel": "email",
        "template": "",
        "recipients": ("a@b.example",),
        "lines": tuple(Line("item", *line) for line in lines),
        "amount_minor": sum(minor for _, minor in lines),
        "why": None,
    }
    return PlannedStep(**told | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "came", "changed", "went"),
    [
        ([step((7, 100), (8, 200))], 0, 0, 0),
        ([step((7, 60), (8, 200))], 0, 0, 0),  # paid in part: it asks for less
        ([step((8, 200), key="other")], 0, 0, 0),  # one of two is paid: another key, and less
        ([], 0, 0, 1),  # all is paid
        ([step((7, 100), (8, 201))], 0, 1, 0),  # more money
        ([step((8, 100), (9, 50))], 0, 1, 0),  # another item, though for less
        ([step((7, 100), step="final")], 0, 1, 0),
        ([step((7, 100), recipients=("new@b.example",))], 0, 1, 0),
        ([step((7, 100), customer_id=2)], 1, 0, 1),
        ([step((7, 100), currency="USD")], 1, 0, 1),
    ],
)
def test_only_less_of_what_was_seen_passes(
    now: list[PlannedStep], came: int, changed: int, went: int
) -> None:
    found = difference([SEEN], now)
    assert (len(found.came), len(found.changed), len(found.went)) == (came, changed, went)
    assert found.is_unseen is bool(came or changed)


def test_nothing_is_seen_where_nobody_looked() -> None:
    assert difference([], [step((7, 100))]) == Difference(came=[step((7, 100))])
