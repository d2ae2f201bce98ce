"""What is left of an amount from day to day, against counting every day by itself."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duly.receivables.rules.course import Course

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]

moves = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(-50, 50)), max_size=8)


def left_on(course: Course, on: date) -> int:
    """What is left when a day ends: the end, with back what was used after it."""
    return course.left_minor + sum(used for day, used in course.moves if day > on)


@given(st.integers(0, 100), moves, st.sampled_from(DAYS))
def test_the_least_from_a_day_on(left: int, moves: list[tuple[date, int]], on: date) -> None:
    course = Course(left, moves)
    assert course.least_from(on) == min(left_on(course, day) for day in DAYS if day >= on)


@given(st.integers(0, 100), moves, st.sampled_from(DAYS), st.integers(1, 60))
def test_the_first_day_for_an_amount(
    left: int, moves: list[tuple[date, int]], since: date, minor: int
) -> None:
    course = Course(left, moves)
    fitting = [day for day in DAYS if day >= since and course.least_from(day) >= minor]
    assert course.first_day(minor, since=since) == (fitting[0] if fitting else None)


@given(st.integers(0, 100), moves, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_moves_before_the_day_asked_for_need_not_be_known(
    left: int, moves: list[tuple[date, int]], first: date, later: date
) -> None:
    on = max(first, later)
    known = Course(left, [move for move in moves if move[0] > first])
    assert known.least_from(on) == Course(left, moves).least_from(on)


@given(st.integers(0, 100), st.lists(st.tuples(st.sampled_from(DAYS), st.integers(1, 50))))
def test_where_nothing_was_given_back_the_end_is_the_least(
    left: int, moves: list[tuple[date, int]]
) -> None:
    for day in DAYS:
        assert Course(left, moves).least_from(day) == Course(left).least_from(day) == left


def test_use_takes_it_from_that_day_on() -> None:
    course = Course(100, [(DAYS[2], 80), (DAYS[9], -80)])
    course.use(DAYS[4], 20)
    assert [course.least_from(day) for day in (DAYS[0], DAYS[4], DAYS[9])] == [0, 0, 80]
