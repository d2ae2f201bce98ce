"""The review calendar, triggers and states, as tables."""

from datetime import date

import pytest

from duly.credit.rules.reviewing import (
    KINDS,
    Seen,
    Standing,
    Use,
    has_lasted,
    opens_review,
    review_due,
    states_of,
)

SINCE = date(2025, 3, 10)
ON = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("band", "opens_on", "due_on"),
    [
        ("A", date(2026, 3, 10), date(2027, 3, 10)),
        ("B", date(2026, 2, 10), date(2026, 3, 10)),
        ("C", date(2025, 8, 10), date(2025, 9, 10)),
        ("D", date(2025, 5, 10), date(2025, 6, 10)),
        ("", date(2026, 2, 10), date(2026, 3, 10)),
    ],
)
def test_each_class_has_its_cycle(band: str, opens_on: date, due_on: date) -> None:
    due = review_due(Standing(SINCE, band))
    assert due is not None
    assert (due.opens_on, due.due_on) == (opens_on, due_on)


@pytest.mark.parametrize("more", [{"is_insured": True}, {"is_large": True}])
def test_insured_and_large_ones_are_reviewed_yearly(more: dict[str, bool]) -> None:
    due = review_due(Standing(SINCE, "A", **more))
    assert due is not None
    assert due.due_on == date(2026, 3, 10)
    careful = review_due(Standing(SINCE, "D", **more))
    assert careful is not None
    assert careful.due_on == date(2025, 6, 10)  # never later than its class asks


def test_the_day_of_the_limit_itself_counts_and_without_a_day_nothing_is_due() -> None:
    due = review_due(Standing(SINCE, "A", review_on=date(2025, 9, 1)))
    assert due is not None
    assert (due.due_on, due.why) == (date(2025, 9, 1), "as the limit says")
    assert review_due(Standing(None, "D")) is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_trigger_opens_a_review_and_a_warning_none(kind: str) -> None:
    alone = opens_review(kind, ON, [])
    assert alone == (kind not in ("promise_broken", "approaching_limit", "excuse_repeated"))


@pytest.mark.parametrize(
    ("before", "opens"),
    [
        ([], False),
        ([date(2025, 9, 8)], True),  # 183 days before
        ([date(2025, 9, 7)], False),
        ([date(2026, 3, 11)], False),  # a later day is none before
    ],
)
def test_two_broken_promises_in_six_months_open_a_review(before: list[date], opens: bool) -> None:
    seen = [Seen("promise_broken", on) for on in before] + [Seen("adverse_news", ON)]
    assert opens_review("promise_broken", ON, seen) == opens


@pytest.mark.parametrize(
    ("use", "states"),
    [
        (Use(90_00, 100_00), set()),  # 90 % is not more than 90 %
        (Use(90_01, 100_00), {"approaching_limit"}),
        (Use(50_00, None, 31), {"past_due"}),
        (Use(50_00, 0, 30), set()),
        (Use(0, 100_00, 0, date(2025, 3, 9)), {"dormant"}),
        (Use(0, 100_00, 0, date(2025, 3, 10)), set()),
        (Use(0, 100_00), set()),  # never traded: a new customer
        (Use(0, None, is_beyond_extension=True), {"beyond_extension"}),
    ],
)
def test_states(use: Use, states: set[str]) -> None:
    assert states_of(use, ON) == states


def test_use_of_a_limit_is_grave_after_three_months() -> None:
    assert has_lasted(date(2025, 12, 10), ON)
    assert not has_lasted(date(2025, 12, 11), ON)
