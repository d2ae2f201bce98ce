"""Promises judged, and what they pause (docs/sources.md, K-01)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from duly.collections.errors import PromiseUnfit
from duly.collections.policy import PROMISES
from duly.collections.rules.promising import (
    Owed,
    Pledge,
    Receipt,
    judge,
    kept_rate,
    promised,
    refuse_above_debt,
    refuse_unfit,
    strikes,
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


@pytest.mark.parametrize(
    ("days", "is_approved", "is_fit"),
    [(10, False, True), (11, False, False), (11, True, True), (30, True, True), (31, True, False)],
)
def test_how_far_away_a_promise_may_be(days: int, is_approved: bool, is_fit: bool) -> None:
    """Ten days, thirty with approval (collections facts, section 4)."""
    told = {
        "amount": Money(1, "EUR"),
        "made_on": MADE,
        "due_on": MADE + timedelta(days=days),
        "policy": PROMISES,
        "is_approved": is_approved,
    }
    if is_fit:
        refuse_unfit(**told)
    else:
        with pytest.raises(PromiseUnfit):
            refuse_unfit(**told)


@pytest.mark.parametrize(
    ("minor", "owed", "awaited", "told"),
    [
        (100, 100, 0, ""),
        (101, 100, 0, "more than the EUR 1.00 open"),
        (61, 100, 40, "neither promised already nor paid"),
        (60, 100, 40, ""),
        (1, 0, 0, "Nothing is open in EUR"),
    ],
)
def test_nobody_promises_more_than_is_owed(minor: int, owed: int, awaited: int, told: str) -> None:
    def refuse() -> None:
        refuse_above_debt(
            amount=Money(minor, "EUR"), owed_minor=owed, awaited_minor=awaited, is_of_items=False
        )

    if told:
        with pytest.raises(PromiseUnfit, match=told) as refused:
            refuse()
        assert refused.value.remedy
    else:
        refuse()


@pytest.mark.parametrize(
    ("waits", "unlocked_on", "on", "state"),
    [
        (True, None, date(2026, 4, 20), "open"),  # we did not do our part yet
        (False, date(2026, 3, 20), date(2026, 3, 23), "open"),  # Friday done, Monday of grace
        (False, date(2026, 3, 20), date(2026, 3, 24), "broken"),
        (False, date(2026, 3, 11), date(2026, 3, 17), "broken"),  # in time: its own day counts
    ],
)
def test_a_condition_of_ours_is_met_before_a_promise_is_broken(
    waits: bool, unlocked_on: date | None, on: date, state: str
) -> None:
    one = pledge()._replace(waits_for_us=waits, unlocked_on=unlocked_on)
    assert verdicts([one], [], on) == [(state, 0)]
    assert verdicts([one], [came(DUE, 500000)], on) == [("kept", 500000)]


@pytest.mark.parametrize(
    ("kept", "due", "percent"), [(4, 5, "73.3"), (0, 5, "46.7"), (0, 0, "70.0"), (50, 50, "95.0")]
)
def test_s05(kept: int, due: int, percent: str) -> None:
    """S-05: 4 of 5 kept -> 11/15 = 73.3 %; 0 of 5 -> 7/15 = 46.7 %; nothing yet: the prior."""
    assert round(kept_rate(kept, due) * 100, 1) == Decimal(percent)


def test_broken_promises_of_half_a_year_count() -> None:
    days = [date(2025, 9, 16), date(2025, 9, 17), date(2026, 3, 17), date(2026, 3, 18)]
    assert strikes(days, date(2026, 3, 17), PROMISES) == 2
