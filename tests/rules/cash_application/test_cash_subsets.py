"""Which sets of items add up to an amount, against every set there is."""

import random
import time
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from duly.cash_application.rules.meeting import meeting
from duly.cash_application.rules.subsets import UNKNOWN, sums_of, sums_to

AMOUNTS = st.integers(-40, 60).filter(bool)
CHOICES = st.lists(st.lists(AMOUNTS, min_size=1, max_size=2, unique=True).map(tuple), max_size=7)


def every_set(target: int, choices: list[tuple[int, ...]], most: int) -> set:
    """All sets that add up, one by one."""
    found = set()
    for chosen in product(*[(None, *amounts) for amounts in choices]):
        picked = tuple((n, a) for n, a in enumerate(chosen) if a is not None)
        if 0 < len(picked) <= most and sum(a for _, a in picked) == target:
            found.add(picked)
    return found


@settings(max_examples=80, deadline=None)
@given(CHOICES, st.integers(-60, 150), st.sampled_from([2, 3, 4, 99]))
def test_none_one_or_more_as_every_set_tells(choices, target: int, most: int) -> None:
    found, truth = sums_to(target, choices, most=most), every_set(target, choices, most)
    assert found.is_complete
    assert len(found.sets) == min(2, len(truth))
    assert set(found.sets) <= truth
    assert (found.only is not None) == (len(truth) == 1)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 4_000), min_size=28, max_size=30), st.integers(1, 9_000))
def test_sets_of_up_to_four_where_items_are_many(amounts: list[int], target: int) -> None:
    found = sums_to(target, [(a,) for a in amounts], most=4)
    truth = {
        tuple((n, amounts[n]) for n in chosen)
        for size in (1, 2, 3, 4)
        for chosen in combinations(range(len(amounts)), size)
        if sum(amounts[n] for n in chosen) == target
    }
    assert found.is_complete or len(found.sets) == 2
    assert len(found.sets) == min(2, len(truth))
    assert set(found.sets) <= truth


PLAIN = st.lists(st.integers(1, 60) | st.integers(1, 9_000), max_size=34)


@settings(max_examples=150, deadline=None)
@given(PLAIN, st.integers(1, 9_000), st.sampled_from([2, 3, 4, 6, 99]), st.data())
def test_one_amount_each_the_same_is_found_among_what_meets(amounts, target, most, data) -> None:
    if amounts and data.draw(st.booleans()):
        target = sum(data.draw(st.lists(st.sampled_from(amounts), min_size=1, max_size=4)))
    choices = [(amount,) for amount in amounts]
    found, told = sums_of(target, amounts, most=most), sums_to(target, choices, most=most)
    assert (len(found.sets), found.only) == (len(told.sets), told.only)
    for chosen in found.sets:
        assert sum(amount for _, amount in chosen) == target
        assert {n for n, _ in chosen} <= set(meeting(target, amounts, most))


def test_one_planted_set_among_many_is_found_alone() -> None:
    dice = random.Random(4)
    amounts = [dice.randrange(100_000, 9_000_000) * 1000 for _ in range(400)]
    for size in (1, 2, 3, 4):
        amounts[:size] = [amount + 7 for amount in amounts[:size]]
        target = sum(amounts[:size])
        found = sums_to(target, [(a,) for a in amounts])
        assert found.only == tuple((n, amounts[n]) for n in range(size))
        amounts[:size] = [amount - 7 for amount in amounts[:size]]


def test_it_stops_at_the_second_of_many() -> None:
    found = sums_to(400, [(100,)] * 300)
    assert len(found.sets) == 2


def test_too_many_items_are_said_to_be_too_many_at_once() -> None:
    dice = random.Random(5)
    choices = [(dice.randrange(100, 1_000_000),) for _ in range(5_000)]
    begun = time.process_time()
    assert sums_to(10**7, choices) == UNKNOWN
    assert time.process_time() - begun < 0.1


def test_amounts_beyond_measure_are_not_claimed() -> None:
    assert sums_to(1 << 50, [(1 << 49,), (1 << 49,)]) == UNKNOWN
