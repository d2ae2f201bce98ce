"""Promises judged, and what they pause (docs/sources.md, K-01)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from duly.collections.errors import PromiseUnfit
from duly.collections.policy import PROMISES
from duly.collections.rules.promising import (
    Owed,
    Pledge,
    Receipt,
    judge,
    promised,
    refuse_unfit,
)
from duly.kernel.calendar import add_business_days
from duly.kernel.money import Money

MADE, DUE = date(2026, 3, 10), date(2026, 3, 13)  # a Tuesday and its Friday
MOMENT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def pledge(number: int = 1, minor: int = 500000, items=(), due: date = DUE) -> Pledge:
    return Pledge(number, 7, "EUR", minor, MADE, due, MOMENT, frozenset(items))


def came(on: date, free: int = 0, applied=None, at: datetime = MOMENT) -> Receipt:
    return Receipt(on, at, free, dict(applied or {}))


def verdicts(pledges, receipts, on: date) -> list[tuple[str, int]]:
    told = judge(
        pledges,
        receipts,
        on=on,
        last_day=lambda day: add_business_days(day, 1, "DE"),
        policy=PROMISES,
    )
    return [(one.state, one.received_minor) for one in told]


@pytest.mark.parametrize(
    ("received", "on", "state"),
    [
        (496000, "2026-03-13", "kept"),  # K-01: 4,960 of 5,000 is within 1 %
        (495000, "2026-03-13", "kept"),
        (494999, "2026-03-17", "partly_kept"),
        (300000, "2026-03-16", "open"),  # Monday is the day of grace
        (300000, "2026-03-17", "partly_kept"),  # K-01: the remainder is broken
        (0, "2026-03-16", "open"),
        (0, "2026-03-17", "broken"),
        (500000, "2026-03-10", "kept"),
    ],
)
def test_k01(received: int, on: str, state: str) -> None:
    money = [came(DUE, received)] if received else []
    assert verdicts([pledge()], money, date.fromisoformat(on)) == [(state, received)]


def test_money_counts_applied_or_not_and_each_cent_once() -> None:
    money = [came(DUE, 100000, {1: 400000})]
    assert verdicts([pledge(1)], money, DUE) == [("kept", 500000)]
    money = [came(DUE, 500000)]
    both = [pledge(1), pledge(2, due=DUE + timedelta(days=3))]
    assert verdicts(both, money, DUE) == [("kept", 500000), ("open", 0)]


def test_money_for_other_items_is_not_a_named_promise_s() -> None:
    money = [came(DUE, 0, {2: 500000})]
    assert verdicts([pledge(items=[1])], money, DUE) == [("open", 0)]
    assert verdicts([pledge(items=[2])], money, DUE) == [("kept", 500000)]


def test_money_from_before_the_promise_does_not_count() -> None:
    day_before = came(MADE - timedelta(days=1), 500000)
    same_day_known = came(MADE, 500000, at=MOMENT)
    same_day_later = came(MADE, 500000, at=MOMENT + timedelta(hours=3))
    assert verdicts([pledge()], [day_before], DUE) == [("open", 0)]
    assert verdicts([pledge()], [same_day_known], DUE) == [("open", 0)]
    assert verdicts([pledge()], [same_day_later], DUE) == [("kept", 500000)]


@pytest.mark.parametrize(
    ("pledges", "expected"),
    [
        ([(150, frozenset())], {1: 100, 2: 50}),
        ([(150, frozenset({2}))], {2: 100}),
        ([(0, frozenset({2}))], {2: 0}),  # named, and still awaited
        ([(100, frozenset()), (100, frozenset())], {1: 100, 2: 100}),
        ([(60, frozenset({1})), (60, frozenset({1}))], {1: 100}),
    ],
)
def test_what_a_promise_pauses(pledges, expected) -> None:
    assert promised(pledges, [Owed(1, 100), Owed(2, 100), Owed(3, 100)]) == expected


@pytest.mark.parametrize(
    ("minor", "due"), [(0, DUE), (-1, DUE), (1, MADE - timedelta(days=1)), (1, date(2026, 4, 10))]
)
def test_what_is_no_promise(minor: int, due: date) -> None:
    with pytest.raises(PromiseUnfit):
        refuse_unfit(amount=Money(minor, "EUR"), made_on=MADE, due_on=due, policy=PROMISES)
    refuse_unfit(amount=Money(1, "EUR"), made_on=MADE, due_on=date(2026, 4, 9), policy=PROMISES)
