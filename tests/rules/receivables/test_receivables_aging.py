"""Which bucket an item stands in, by due date and by invoice date, at every edge."""

from datetime import date, timedelta

import pytest

from duly.receivables.rules.aging import DUE, INVOICE, BucketsUnclear, buckets

DAYS = (-400, -1, 0, 1, 29, 30, 31, 59, 60, 61, 89, 90, 91, 400, 4000)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-400, "current"),
        (-1, "current"),
        (0, "current"),  # the due date itself is not late
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "over-90"),
        (4000, "over-90"),
    ],
)
def test_by_due_date(days: int, name: str) -> None:
    assert DUE.names[DUE.index_of(days)] == name


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (0, "0-30"),
        (30, "0-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "over-90"),
    ],
)
def test_by_invoice_date(days: int, name: str) -> None:
    assert INVOICE.names[INVOICE.index_of(days)] == name


@pytest.mark.parametrize(
    ("basis", "last_days", "names"),
    [
        ("due", None, ("current", "1-30", "31-60", "61-90", "over-90")),
        ("invoice", None, ("0-30", "31-60", "61-90", "over-90")),
        ("due", (30, 60, 90), ("current", "1-30", "31-60", "61-90", "over-90")),
        ("due", (0, 30), ("current", "1-30", "over-30")),
        ("due", (7,), ("current", "1-7", "over-7")),
        ("due", (1, 2), ("current", "1-1", "2-2", "over-2")),
        (
            "due",
            (30, 60, 90, 120, 180, 365),
            ("current", "1-30", "31-60", "61-90", "91-120", "121-180", "181-365", "over-365"),
        ),
        ("invoice", (15, 45), ("0-15", "16-45", "over-45")),
        ("invoice", (0, 10), ("0-0", "1-10", "over-10")),
    ],
)
def test_any_bounds(basis: str, last_days: tuple[int, ...] | None, names: tuple[str, ...]) -> None:
    assert buckets(basis, last_days).names == names


@pytest.mark.parametrize(
    ("basis", "last_days"),
    [
        ("posting", None),
        ("", None),
        ("due", (30, 30)),
        ("due", (60, 30)),
        ("due", (-1, 30)),
        ("due", (0, 0)),
        ("invoice", ()),
        ("invoice", (-5,)),
    ],
)
def test_bounds_that_do_not_rise_are_refused(basis: str, last_days: tuple[int, ...] | None) -> None:
    with pytest.raises(BucketsUnclear):
        buckets(basis, last_days)


@pytest.mark.parametrize("chosen", [DUE, INVOICE, buckets("due", (1, 2, 3)), buckets("due", (7,))])
def test_first_dates_say_the_same_as_days(chosen) -> None:  # type: ignore[no-untyped-def]
    """The database compares dates, people count days: both must find one bucket."""
    on = date(2026, 3, 31)
    firsts = chosen.first_dates(on)
    for days in DAYS:
        day = on - timedelta(days=days)
        by_date = next((i for i, first in enumerate(firsts) if day >= first), len(firsts))
        assert by_date == chosen.index_of(days), days
