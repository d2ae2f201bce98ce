"""How the world's customers pay, against published shares (docs/sources.md, S-02)."""

from bisect import bisect_right
from datetime import date, timedelta

import pytest

from duly.world.behaviour import (
    DECLINE_MONTHS,
    RUNS,
    SEGMENTS,
    decline,
    draw_invoice,
    draw_is_on_time,
    is_run_day,
    is_working_day,
    run_between,
)
from duly.world.dice import dice

DRAWS = 400_000
# Segment: paid by due, mean days late, over 30, over 60, over 90 days late (never paid included).
IMPLIED = {
    "large": (54.8, 2.1, 0.5, 0.1, 0.1),
    "mid": (60.0, 3.1, 3.0, 0.8, 0.5),
    "small": (49.7, 7.1, 8.4, 3.0, 1.9),
    "construction": (39.2, 15.8, 19.3, 8.0, 4.7),
    "transport": (44.4, 9.4, 11.1, 3.9, 2.3),
    "retail": (64.8, 1.6, 1.5, 0.6, 0.5),
    "public": (70.0, 3.3, 4.6, 1.1, 0.4),
    "start-up": (43.5, 12.0, 16.3, 8.3, 6.0),
    "export": (44.6, 10.2, 11.7, 3.9, 2.1),
    "distressed": (12.8, 44.1, 56.0, 34.9, 25.7),
}


@pytest.mark.parametrize("name", IMPLIED)
def test_s02_draws_imply_the_published_shares(name: str) -> None:
    stream, segment = dice(2, "S-02", name), SEGMENTS[name]
    drawn = [draw_invoice(stream, segment) for _ in range(DRAWS)]
    days = sorted(one[1] for one in drawn if one is not None)
    never = DRAWS - len(days)

    def over(limit: int) -> float:
        return 100 * (len(days) - bisect_right(days, limit) + never) / DRAWS

    by_due, mean, *late = IMPLIED[name]
    assert 100 - over(0) == pytest.approx(by_due, abs=0.5)
    assert sum(days) / len(days) == pytest.approx(mean, abs=0.3)
    assert [over(30), over(60), over(90)] == [pytest.approx(one, abs=0.5) for one in late]


def test_every_segment_is_held_to_its_shares() -> None:
    assert set(IMPLIED) == set(SEGMENTS)


def test_lateness_carries_over_without_moving_the_share() -> None:
    stream, segment = dice(1, "carry"), SEGMENTS["mid"]
    classes = [draw_is_on_time(stream, segment, None)]
    while len(classes) < 60_000:
        classes.append(draw_is_on_time(stream, segment, classes[-1]))
    same = sum(one == other for one, other in zip(classes, classes[1:], strict=False))
    assert sum(classes) / len(classes) == pytest.approx(segment.on_time, abs=0.02)
    # 70 % carry over; of the others so many fall on the same side by chance.
    chance = segment.on_time**2 + (1 - segment.on_time) ** 2
    assert same / len(classes) == pytest.approx(0.7 + 0.3 * chance, abs=0.02)


def test_a_failing_customer_pays_later_month_by_month() -> None:
    failed_on = date(2026, 7, 1)
    months = [decline(failed_on - timedelta(days=30 * n), failed_on) for n in range(9)]
    assert months == sorted(months, reverse=True)
    assert months[0] == pytest.approx(1.15**DECLINE_MONTHS)
    assert months[-1] == 1.0 == decline(failed_on, None)


@pytest.mark.parametrize("run", RUNS)
def test_a_run_that_is_in_time_is_before_the_due_date(run: str) -> None:
    issued_on = date(2026, 1, 1)
    for days in range(20, 75):
        due_on = issued_on + timedelta(days=days)
        found = run_between(issued_on, due_on, run, days_under_way=1)
        if found is not None:
            assert issued_on < found < due_on
            assert is_run_day(run, found)
            assert is_working_day(found)
    assert run_between(issued_on, issued_on + timedelta(days=40), run, days_under_way=1)
