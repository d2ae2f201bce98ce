"""The value of a day's work, and reasons that add up to it; who is written to."""

import math
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.policy import MOVING, PRIORS, STAGES
from duly.collections.rules.addressing import address, is_address
from duly.collections.rules.moving import Chances, Tally, chances_of, tallies
from duly.collections.rules.ranking import (
    Late,
    in_entity_currency,
    less_cost,
    value_of,
)
from duly.world.behaviour import SEGMENTS, Segment

LATE = st.builds(
    Late,
    st.integers(1, 2000),
    st.integers(1, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
)


NOBODY = (Tally(),) * len(STAGES)
MID = chances_of(PRIORS["mid"], NOBODY, Tally(), MOVING)
SHARES = st.tuples(*[st.integers(0, 999)] * 5)
PPM = st.tuples(*[st.integers(1, 1_000_000)] * 5)
CHANCES = st.builds(Chances, SHARES, PPM)


def normal(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2


def open_after(days: float, segment: Segment) -> float:
    """The share of a segment's invoices that is open so many days past due."""
    late = 1 - normal(math.log(days / segment.median_late_days) / segment.sigma)
    return segment.never_pays + (1 - segment.never_pays) * (1 - segment.on_time) * late


@pytest.mark.parametrize("name", PRIORS)
def test_what_is_taken_for_granted_follows_from_the_model_of_lateness(name: str) -> None:
    """S-02 and the effects of a call (segment facts, 6 and 7), from the middle of each stage."""
    segment = SEGMENTS[name]
    middles = (8, 23, 45.5, 75.5, 120.5)
    effects = (1.6, 1.5, 1.4, 1.3, 1.15)
    for middle, effect, by_itself, moved in zip(
        middles, effects, PRIORS[name].by_itself, PRIORS[name].moved_ppm, strict=True
    ):
        left = open_after(middle + 30, segment) / open_after(middle, segment)
        assert by_itself == round(1000 * (1 - left))
        more = sum(
            (effect - 1)
            * 2 ** (-(day + 0.5) / 5)
            * -math.log(open_after(middle + day + 1, segment) / open_after(middle + day, segment))
            for day in range(30)
        )
        assert moved == round(1_000_000 * (1 - math.exp(-more)))


def test_who_pays_anyway_is_not_worth_a_call_however_much_it_is() -> None:
    """Never an amount for its size: they pay by themselves, as their own items tell."""
    paid = {0: 60, 1: 2}
    pays = chances_of(PRIORS["mid"], tallies(paid, [5]), Tally(), MOVING)
    slow = chances_of(PRIORS["mid"], tallies({5: 6}, [40] * 9), Tally(), MOVING)
    much, _ = value_of([Late(5, 1_000_000, 0, 0)], 0, pays)
    little, _ = value_of([Late(20, 300_000, 0, 0)], 0, slow)
    assert much < little
    hopeless, _ = value_of([Late(900, 1_000_000, 0, 0)], 0, MID)
    assert hopeless < little  # nor one for its lateness: calls do not move it


def test_calls_that_reach_nobody_lower_what_a_call_moves() -> None:
    unheard = chances_of(PRIORS["mid"], NOBODY, Tally(80, 0), MOVING)
    heard = chances_of(PRIORS["mid"], NOBODY, Tally(80, 60), MOVING)
    for stage in range(3):
        assert unheard.moved_ppm[stage] < MID.moved_ppm[stage] < heard.moved_ppm[stage]


def test_a_call_that_costs_more_than_it_moves_keeps_the_last_place() -> None:
    _, because = value_of([Late(5, 2_000, 0, 0)], 0, MID)
    assert sum(one.minor for one in less_cost(because, 300)) == 1
    covered, because = value_of([Late(5, 2_000, 0, 2_000)], 0, MID)
    assert (covered, sum(one.minor for one in less_cost(because, 300))) == (0, 0)


@given(st.lists(LATE, min_size=1, max_size=20), st.integers(-(10**12), 0), CHANCES)
def test_reasons_add_up_and_the_value_is_never_negative(items, credits, chances) -> None:
    value, because = value_of(items, credits, chances)
    assert value == sum(reason.minor for reason in because)
    assert 0 <= value <= sum(item.open_minor for item in items)
    assert all(reason.code and reason.text for reason in because)


@given(st.lists(LATE, min_size=1, max_size=5), st.decimals("0.001", "1000", places=4))
def test_reasons_add_up_in_the_entity_s_currency_too(items, rate) -> None:
    _, because = value_of(items, 0, MID)
    told = in_entity_currency(because, "JPY", "EUR", Decimal(rate))
    assert len(told) == len(because)


def test_a_promise_lowers_the_value() -> None:
    free, because = value_of([Late(20, 10000, 0, 0)], 0, MID)
    assert {reason.code: reason.minor for reason in because} == {
        "overdue": 10000,
        "by_itself": -8210,  # 82.1 % come within 30 days
        "not_moved": -1702,  # 4.9 % of the rest: 22.3 % of those whom a call reaches, 22 %
    }
    waiting, because = value_of([Late(20, 10000, 0, 10000)], 0, MID)
    assert (free, waiting) == (88, 0)
    assert {reason.code: reason.minor for reason in because} == {
        "overdue": 10000,
        "promised": -10000,
    }


class Customer(NamedTuple):
    email: str = "own@c.example"
    language: str = "de"


class Contact(NamedTuple):
    role: str
    email: str
    language: str = ""
    do_not_contact: bool = False


AP = Contact("accounts_payable", "AP@c.example", "fr")


@pytest.mark.parametrize(
    ("customer", "contacts", "suppressed", "expected"),
    [
        (Customer(), [], set(), ("own@c.example",)),
        (Customer(), [AP], set(), ("AP@c.example",)),
        (Customer(), [Contact("owner", "boss@c.example")], set(), ("own@c.example",)),
        (Customer(), [AP, AP._replace(email="ap@c.example")], set(), ("AP@c.example",)),
        (Customer(), [AP], {"ap@c.example"}, ("own@c.example",)),
        (Customer(), [AP._replace(do_not_contact=True)], set(), ("own@c.example",)),
        (Customer(email=""), [], set(), "no_address"),
        (Customer(email="nonsense"), [], set(), "bad_address"),
        (Customer(), [], {"own@c.example"}, "suppressed"),
        (
            Customer(),
            [Contact("other", "own@c.example", do_not_contact=True)],
            set(),
            "do_not_contact",
        ),
    ],
)
def test_who_is_written_to(customer, contacts, suppressed, expected) -> None:
    told = address(customer, contacts, suppressed, "en")
    assert expected in (told.recipients, told.why_none.code if told.why_none else None)


def test_the_language_is_the_contact_s_then_the_customer_s_then_ours() -> None:
    """Pain A25."""
    assert address(Customer(), [AP], set(), "en").language == "fr"
    assert address(Customer(), [], set(), "en").language == "de"
    assert address(Customer(language=""), [], set(), "nl").language == "nl"
    assert address(Customer(language="ja"), [], set(), "").language == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.de",
        "a@b c",
        "a@b,c@d",
        "a@b\n",
        "<a@b>",
        "a@b..c",
        "a@@b",
        "a@straße.de",  # strasse.de by one standard, another's domain by the other
        "a@" + "ü" * 64 + ".de",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)
