"""Instalment plans, pure: schedules, what came of them, how they move."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.errors import PlanNotEven, PlanStateUnfit, PlanUnfit
from duly.collections.policy import PLANS
from duly.collections.rules.plans import moving, reckoning
from duly.collections.rules.plans.reckoning import Agreed, Came, reckon
from duly.collections.rules.plans.schedules import (
    PERIODS,
    Part,
    Wanted,
    beyond_policy,
    schedule,
)
from duly.kernel.money import Money

ON, FIRST = date(2026, 3, 2), date(2026, 4, 1)


def wanted(minor: int = 2_400_000, **given: object) -> Wanted:
    told = {"debt": Money(minor, "EUR"), "on": ON, "first_on": FIRST, **given}
    return Wanted(**told)  # type: ignore[arg-type]


def of(minor: int = 2_400_000, **given: object) -> list[Part]:
    return schedule(wanted(minor, **given), PLANS)


def test_k02_without_interest() -> None:
    """K-02: 24,000 with 20 % down, the rest in 6; 10,000 in 3, the residue on the last."""
    parts = of(down_minor=480_000, instalments=6)
    assert [part.minor for part in parts] == [480_000, *[320_000] * 6]
    assert [part.minor for part in of(1_000_000, instalments=3)] == [333_333, 333_333, 333_334]
    assert parts[-1].due_on == date(2026, 9, 1)


def test_k03_with_interest() -> None:
    """K-03: 1 % a month on 19,200, 6 level payments, row by row."""
    parts = of(1_920_000, instalments=6, interest_percent=Decimal(1))
    assert [(p.interest_minor, p.principal_minor) for p in parts] == [
        (19_200, 312_093),
        (16_079, 315_214),
        (12_927, 318_366),
        (9_743, 321_550),
        (6_528, 324_765),
        (3_280, 328_012),
    ]
    assert [part.minor for part in parts] == [*[331_293] * 5, 331_292]
    assert sum(part.interest_minor for part in parts) == 67_757


def test_from_what_the_customer_can_bear() -> None:
    assert [part.minor for part in of(1_920_000, bearable_minor=320_000)] == [320_000] * 6
    assert max(part.minor for part in of(1_000_000, bearable_minor=333_333)) <= 333_333
    with pytest.raises(PlanNotEven) as refused:
        of(2_400_000, bearable_minor=100_000)
    assert refused.value.facts["difference"] == "12000.00"


@pytest.mark.parametrize(
    ("amounts", "left"), [((50_000, 49_999), "0.01"), ((50_000, 50_001), "-0.01")]
)
def test_a_plan_that_does_not_add_up_tells_the_difference(
    amounts: tuple[int, ...], left: str
) -> None:
    with pytest.raises(PlanNotEven) as refused:
        of(100_000, amounts=amounts)
    assert refused.value.facts["difference"] == left


@pytest.mark.parametrize(
    "asked",
    [
        {"minor": 0},
        {"down_minor": 2_400_000},
        {"down_minor": -1},
        {"first_on": ON},
        {"first_on": ON - timedelta(days=1)},
        {"first_on": ON + timedelta(days=46)},
        {"down_on": ON - timedelta(days=1), "down_minor": 100},
        {"down_on": FIRST + timedelta(days=1), "down_minor": 100},
        {"instalments": 0},
        {"instalments": 13},
        {"amounts": (1,) * 13},
        {"amounts": (2_400_001, -1)},
        {"interest_percent": Decimal(-1)},
        {"interest_percent": Decimal(100)},
        {"period": "year"},
        {"bearable_minor": 0},
        {"minor": 3, "instalments": 4},
    ],
)
def test_what_can_be_no_plan_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(PlanUnfit):
        of(**asked)  # type: ignore[arg-type]


@given(
    minor=st.integers(1_000, 10**12),
    count=st.integers(1, 12),
    percent=st.decimals(0, 9, places=2),
    down=st.integers(0, 900),
    period=st.sampled_from(PERIODS),
)
def test_instalments_are_the_debt_and_its_interest(
    minor: int, count: int, percent: Decimal, down: int, period: str
) -> None:
    parts = of(minor, instalments=count, interest_percent=percent, down_minor=down, period=period)
    assert sum(part.principal_minor for part in parts) == minor
    assert all(part.principal_minor > 0 <= part.interest_minor for part in parts)
    days = [part.due_on for part in parts]
    assert days == sorted(set(days))
    # paid to the day, nothing is left, nothing is over, and the interest is the agreed one
    came = [Came(part.due_on, part.minor) for part in parts]
    told = reckon(agreed(parts, percent, period), came, on=days[-1], last_day=lambda day: day)
    assert told.is_whole
    assert told.surplus_minor == told.left_minor == 0


@given(
    cuts=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
    down=st.integers(0, 100),
)
def test_any_split_that_adds_up_is_taken_as_it_is(cuts: list[int], down: int) -> None:
    parts = of(sum(cuts) + down, amounts=tuple(cuts), down_minor=down)
    assert [part.minor for part in parts if part.number] == cuts


def test_terms_beyond_policy_are_named() -> None:
    usual = wanted(down_minor=480_000, instalments=6)
    assert beyond_policy(usual, schedule(usual, PLANS), PLANS) == []
    long = wanted(down_minor=479_999, instalments=7)
    assert len(beyond_policy(long, schedule(long, PLANS), PLANS)) == 2


def agreed(parts: list[Part], percent: Decimal = Decimal(0), period: str = "month") -> Agreed:
    return Agreed(parts, ON, period, percent, PLANS.acceleration_days)


def states(
    came: list[Came],
    on: date,
    *,
    parts: list[Part] | None = None,
    credited: int = 0,
    disputed: int = 0,
) -> list[str]:
    told = reckon(
        agreed(parts or of(100_000, down_minor=10_000, instalments=3)),
        came,
        credited_minor=credited,
        disputed_minor=disputed,
        on=on,
        last_day=lambda day: day + timedelta(days=1),
    )
    return [one.state for one in told.results]


MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
WHOLE = [Came(ON, 10_000)]


@pytest.mark.parametrize(
    ("came", "on", "expected"),
    [
        ([], ON, ["open"] * 4),
        (WHOLE, ON, ["paid", "open", "open", "open"]),
        ([], date(2026, 3, 3), ["awaited", "open", "open", "open"]),
        ([], date(2026, 3, 4), ["missed", "open", "open", "open"]),
        ([Came(ON, 9_999)], date(2026, 3, 4), ["part_paid", "open", "open", "open"]),
        ([*WHOLE, Came(date(2026, 3, 30), 30_000)], FIRST, ["paid", "early", "open", "open"]),
        ([*WHOLE, Came(date(2026, 3, 30), 60_000)], FIRST, ["paid", "early", "prepaid", "open"]),
        ([*WHOLE, Came(date(2026, 4, 5), 30_000)], MAY, ["paid", "late", "open", "open"]),
        ([*WHOLE, Came(FIRST, 30_000)], date(2026, 5, 3), ["paid", "paid", "missed", "open"]),
        ([Came(date(2026, 6, 9), 10_000)], ON, ["open"] * 4),  # of a later day
    ],
)
def test_each_payment_has_its_state(came: list[Came], on: date, expected: list[str]) -> None:
    assert states(came, on) == expected


def test_what_is_credited_comes_off_the_last() -> None:
    assert states(WHOLE, FIRST, credited=30_000) == ["paid", "open", "open", "credited"]
    told = reckon(
        agreed(of(100_000, down_minor=10_000, instalments=3)),
        [],
        credited_minor=40_000,
        on=ON,
        last_day=lambda day: day,
    )
    assert [one.asked_minor for one in told.results] == [10_000, 30_000, 20_000, 0]


def test_what_is_disputed_while_on_the_plan_makes_no_default() -> None:
    late = date(2026, 4, 20)
    assert states(WHOLE, late, disputed=30_000) == ["paid", "disputed", "open", "open"]
    assert states(WHOLE, late, disputed=29_999) == ["paid", "missed", "open", "open"]


def test_interest_stops_on_what_is_paid_early() -> None:
    """Paid off with the first instalment: no interest runs afterwards, and that much is left."""
    parts = of(1_920_000, instalments=6, interest_percent=Decimal(1))
    came = [Came(FIRST, 1_939_200)]
    told = reckon(agreed(parts, Decimal(1)), came, on=FIRST, last_day=lambda day: day)
    assert told.is_whole
    asked = [one.asked_minor for one in told.results]
    assert sum(asked) == 1_939_200
    assert asked[1:] == [part.principal_minor for part in parts[1:]]


def test_a_missed_instalment_moves_no_day_and_no_interest() -> None:
    parts = of(1_920_000, instalments=6, interest_percent=Decimal(1))
    told = reckon(agreed(parts, Decimal(1)), [], on=JUNE, last_day=lambda day: day)
    assert [one.asked_minor for one in told.results] == [part.minor for part in parts]
    assert [one.due_on for one in told.results] == [part.due_on for part in parts]


def judged(state: str, came: list[Came], on: date, *, due_at_once: bool = False) -> moving.Verdict:
    plan = agreed(of(100_000, down_minor=10_000, instalments=3))
    told = reckon(plan, came, on=on, last_day=lambda day: day + timedelta(days=1))
    return moving.verdict(state, due_at_once, told, plan, on)


@pytest.mark.parametrize(
    ("state", "came", "on", "expected"),
    [
        ("signed", [], ON, ("signed", False)),
        ("signed", WHOLE, ON, ("active", False)),
        ("signed", [], date(2026, 3, 4), ("defaulted", False)),
        ("active", WHOLE, date(2026, 4, 2), ("active", False)),
        ("active", WHOLE, date(2026, 4, 3), ("defaulted", False)),
        ("defaulted", WHOLE, date(2026, 4, 6), ("defaulted", False)),
        ("defaulted", WHOLE, date(2026, 4, 7), ("defaulted", True)),
        ("defaulted", [*WHOLE, Came(date(2026, 4, 6), 30_000)], date(2026, 4, 6), ("cured", False)),
        ("cured", [*WHOLE, Came(FIRST, 30_000)], MAY, ("cured", False)),
        ("active", [Came(ON, 100_000)], ON, ("completed", False)),
    ],
)
def test_a_day_moves_a_plan(
    state: str, came: list[Came], on: date, expected: tuple[str, bool]
) -> None:
    assert judged(state, came, on) == expected


def test_an_accelerated_plan_stays_so_until_all_is_paid() -> None:
    late = [*WHOLE, Came(date(2026, 4, 9), 30_000)]
    assert judged("defaulted", late, date(2026, 4, 9), due_at_once=True) == ("defaulted", True)
    whole = [Came(date(2026, 4, 9), 100_000)]
    assert judged("defaulted", whole, date(2026, 4, 9), due_at_once=True).state == "completed"


def test_only_the_moves_of_the_table_are_made() -> None:
    for state, then in moving.MOVES.items():
        for to in moving.MOVES:
            if to in then:
                moving.refuse_move(1, state, to)
            else:
                with pytest.raises(PlanStateUnfit):
                    moving.refuse_move(1, state, to)
    assert set(moving.ENDED) == {state for state, then in moving.MOVES.items() if not then}


def test_every_state_is_one_that_is_told() -> None:
    assert not set(reckoning.COVERED) & set(reckoning.FAILING)
