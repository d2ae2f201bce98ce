"""What carries when a committee's votes differ, by each rule."""

import pytest

from duly.credit.errors import CreditKnobUnfit, DecisionUnfit
from duly.credit.policy import DECISIONS
from duly.credit.rules.committees import Vote, is_carried
from duly.credit.rules.knobs import applied


def votes(wanted: str) -> list[Vote]:
    return [Vote(f"person {place}", one) for place, one in enumerate(wanted)]


@pytest.mark.parametrize(
    ("cast", "size", "rule", "carried"),
    [
        ("a", 2, "same", False),
        ("aa", 2, "same", True),
        ("ab", 2, "same", False),
        ("aba", 2, "same", True),
        ("aab", 3, "same", False),
        ("aaba", 3, "same", True),
        ("a", 3, "majority", False),
        ("aa", 3, "majority", True),  # the third can't change it
        ("aba", 3, "majority", True),
        ("abca", 3, "majority", True),
        ("ab", 2, "majority", False),
        ("abb", 2, "majority", True),
        ("abc", 3, "majority", False),
        ("aa", 2, "third_person", True),
        ("ab", 2, "third_person", False),
        ("aba", 2, "third_person", True),
        ("abca", 3, "third_person", True),
    ],
)
def test_what_carries(cast: str, size: int, rule: str, carried: bool) -> None:
    assert is_carried(votes(cast), size, rule) is carried


def test_the_third_person_decides_between_what_was_voted_for() -> None:
    with pytest.raises(DecisionUnfit):
        is_carried(votes("abc"), 2, "third_person")


def test_the_rule_is_data() -> None:
    assert applied(DECISIONS, {"committee_rule": "majority"}).committee_rule == "majority"
    with pytest.raises(CreditKnobUnfit):
        applied(DECISIONS, {"committee_rule": "dice"})
