"""Statements add up or are not made; pairs that cancel are left out."""

from datetime import date

import pytest

from duly.receivables.rules.statements import (
    ACTIVITY,
    OPEN_ITEM,
    Account,
    DoesNotAddUp,
    Line,
    Movement,
    part_of,
    without_voided_pairs,
)

ON = date(2026, 3, 2)


def line(minor: int, due: date, kind: str = "invoice", number: str = "I1") -> Line:
    return Line(1, kind, number, 0, "", due, due, minor, minor)


def movement(kind: str, minor: int, number: str = "I1") -> Movement:
    return Movement(1, ON, kind, number, "", minor)


def test_an_activity_that_does_not_close_is_a_defect() -> None:
    account = Account([line(500, ON)], 100, [movement("invoice", 300)])
    with pytest.raises(DoesNotAddUp):
        part_of([account], currency="EUR", kind=ACTIVITY, on=ON)
    account.opening_minor = 200
    assert part_of([account], currency="EUR", kind=ACTIVITY, on=ON).balance_minor == 500


@pytest.mark.parametrize(("days", "bucket"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (91, 4)])
def test_ages_count_from_the_due_date(days: int, bucket: int) -> None:
    due = date.fromordinal(ON.toordinal() - days)
    part = part_of([Account([line(700, due)])], currency="EUR", kind=OPEN_ITEM, on=ON)
    assert part.ages_minor == tuple(700 if n == bucket else 0 for n in range(5))
    assert part.overdue_minor == (0 if bucket == 0 else 700)


def test_credits_stand_apart_from_ages() -> None:
    lines = [line(700, date(2026, 1, 1)), line(-200, date(2025, 1, 1), "credit_note")]
    part = part_of([Account(lines)], currency="EUR", kind=OPEN_ITEM, on=ON)
    assert (part.overdue_minor, part.unapplied_minor, part.balance_minor) == (700, -200, 500)
    assert part.asked_minor == 500


def test_only_a_pair_that_cancels_is_left_out() -> None:
    told = [
        ("d1", movement("invoice", 100)),
        ("d1", movement("void", -100)),
        ("d2", movement("invoice", 100, "I2")),
        ("d3", movement("void", -50, "I3")),
        ("", movement("void", -1, "I4")),
        ("p1", movement("payment", -30, "P1")),
        ("p1", movement("void", 30, "P1")),
    ]
    assert [one.number for one in without_voided_pairs(told)] == ["I2", "I3", "I4"]
