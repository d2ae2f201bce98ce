"""The measures, to the figure (docs/sources.md: M-15 to M-18)."""

import pytest

from duly.collections.rules.measures import (
    days_outstanding,
    mean_days,
    median_days,
    rate,
)

CLOSED, OPEN = [3, 7, 10, 21, 44], [22, 31, 9, 38]


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [
        (42, 60, "70.00"),  # M-15, by count
        (310_000, 400_000, "77.50"),  # M-15, by value
        (214, 640, "33.44"),  # M-16, contacts
        (118, 640, "18.44"),  # M-16, right party
        (0, 5, "0.00"),
        (1, 3, "33.33"),
    ],
)
def test_shares(part: int, whole: int, value: str) -> None:
    told = rate("x", part, whole, "f")
    assert (told.value, told.numerator, told.denominator) == (value, str(part), str(whole))


def test_m17() -> None:
    assert mean_days("x", CLOSED, "f").value == "17.00"
    assert median_days("x", CLOSED, "f").value == "10.00"
    assert mean_days("x", OPEN, "f").value == "25.00"
    assert median_days("x", OPEN, "f").value == "26.50"


def test_m18() -> None:
    told = days_outstanding("x", 480_000, 1_350_000, 90, "f")
    assert (told.value, told.numerator, told.denominator) == ("32.00", "480000", "1350000 / 90")
    assert days_outstanding("x", 5, 0, 90, "f").value is None


def test_nothing_to_divide_by_is_no_value_and_says_so() -> None:
    for told in (rate("x", 0, 0, "f"), mean_days("x", [], "f"), median_days("x", [], "f")):
        assert (told.value, told.flags) == (None, ("nothing in the window",))
