"""Nothing is lost or made when an amount is split or scheduled, whatever the figures."""

from datetime import date
from decimal import Decimal

from hypothesis import given, reject
from hypothesis import strategies as st

from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import TermsUnclear
from duly.kernel.money import MAX_MINOR, Money, split_minor
from duly.kernel.rounding import ROUNDINGS
from duly.kernel.terms import (
    Cash,
    DayOfMonth,
    Discount,
    MonthEnd,
    NetDays,
    NetMonths,
    Share,
    Terms,
    parse_terms,
)

minors = st.integers(-MAX_MINOR, MAX_MINOR)
weight = st.integers(0, 10**6) | st.decimals(0, 1000, places=4, allow_nan=False)
weights = st.lists(weight, min_size=1, max_size=40).filter(any)
monies = st.builds(Money, minors, st.sampled_from(sorted(EXPONENTS)))
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))

untils = st.one_of(
    st.builds(NetDays, st.integers(0, 400)),
    st.builds(NetMonths, st.integers(1, 24)),
    st.builds(MonthEnd, st.integers(0, 180), st.sampled_from(["after", "within"])),
    st.builds(DayOfMonth, st.integers(1, 31), st.just(1), st.none() | st.integers(1, 31)),
    st.builds(DayOfMonth, st.integers(1, 31), st.just(0)),
)
dues = untils | st.builds(Cash, st.sampled_from(["cia", "cbd", "cwo", "pia", "cod"]))
discounts = st.builds(
    Discount,
    st.decimals("0.01", "99.99", places=2),
    untils,
    st.none() | st.decimals("0.01", "99999.99", places=2),
)


@st.composite
def percentages(draw):
    """Percentages with two decimals that add up to 100."""
    count = draw(st.integers(1, 8))
    cuts = draw(st.sets(st.integers(1, 9999), min_size=count - 1, max_size=count - 1))
    edges = [0, *sorted(cuts), 10_000]
    return [Decimal(after - before) / 100 for before, after in zip(edges, edges[1:], strict=False)]


@st.composite
def agreements(draw, with_base=True):
    """Terms of one to eight shares, each with discounts that fit its due date."""
    shares = []
    parts = draw(percentages())
    most = 3 if len(parts) == 1 else 1
    for percent in parts:
        due = draw(dues)
        fitting = [
            each
            for each in draw(st.lists(discounts, max_size=most))
            if (with_base or each.base is None)
            and not (
                isinstance(due, NetDays)
                and isinstance(each.until, NetDays)
                and each.until.days > due.days
            )
        ]
        shares.append(Share(percent, due, tuple(fitting)))
    try:
        return Terms(tuple(shares), starts_at_receipt=draw(st.booleans()))
    except TermsUnclear:  # as many clauses as no code can hold
        reject()


@given(minors, weights)
def test_a_split_conserves_the_sum(minor, weights):
    parts = split_minor(minor, weights)
    assert sum(parts) == minor
    assert len(parts) == len(weights)


@given(minors, weights)
def test_no_part_is_further_than_one_unit_from_its_exact_share(minor, weights):
    total = sum(Decimal(weight) for weight in weights)
    for part, weight in zip(split_minor(minor, weights), weights, strict=True):
        exact = abs(minor) * weight.as_integer_ratio()[0] * total.as_integer_ratio()[1]
        unit = weight.as_integer_ratio()[1] * total.as_integer_ratio()[0]
        assert abs(abs(part) * unit - exact) < unit
        assert part * minor >= 0
        if weight == 0:
            assert part == 0


@given(minors, weights)
def test_a_split_mirrors_and_repeats(minor, weights):
    parts = split_minor(minor, weights)
    assert parts == split_minor(minor, weights)
    assert [-part for part in parts] == split_minor(-minor, weights)


@given(minors, weights, st.integers(1, 1000))
def test_only_the_proportion_of_weights_counts(minor, weights, factor):
    scaled = [weight * factor for weight in weights]
    assert split_minor(minor, weights) == split_minor(minor, scaled)


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 50), min_size=1).filter(any))
def test_a_heavier_weight_never_gets_less(minor, weights):
    by_weight = sorted(zip(weights, map(abs, split_minor(minor, weights)), strict=True))
    for (light, less), (heavy, more) in zip(by_weight, by_weight[1:], strict=False):
        assert more >= less or light == heavy


@given(monies, agreements(with_base=False), days, days)
def test_a_schedule_adds_up_to_the_amount(amount, terms, issued_on, received_on):
    parts = terms.schedule(issued_on, amount, received_on=received_on)
    assert sum((part.amount for part in parts), Money.zero(amount.currency)) == amount
    assert [part.number for part in parts] == list(range(1, len(terms.shares) + 1))
    last = max(part.due_on for part in parts)
    assert last == terms.due_on(issued_on, received_on=received_on)
    for part in parts:
        assert abs(part.amount) <= abs(amount)
        untils = [step.until for step in part.discounts]
        assert untils == sorted(untils)
        for step in part.discounts:
            assert abs(step.amount) <= abs(part.amount)
            assert step.amount.minor * part.amount.minor >= 0


@given(agreements(), days)
def test_nothing_falls_due_before_its_clock_starts(terms, started_on):
    amount = Money(10**15, "EUR")
    for part in terms.schedule(started_on, amount, received_on=started_on):
        assert part.due_on >= started_on
        assert all(step.until >= started_on for step in part.discounts)


@given(agreements())
def test_a_code_reads_back_to_the_same_terms(terms):
    again = parse_terms(terms.code)
    assert again == terms
    assert again.code == terms.code
    assert parse_terms(terms.code.upper()) == terms
    assert again.words == terms.words


@given(st.text(max_size=200) | st.text("0123456789%/ ,.-+@net eomday", max_size=40))
def test_any_text_is_terms_free_text_or_a_refusal(text):
    refusal = None
    try:
        terms = parse_terms(text)
    except TermsUnclear as error:
        refusal = error
    if refusal:
        assert refusal.message
        assert refusal.remedy
    else:
        assert terms.written == text
        assert parse_terms(terms.code) == terms


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    )
)
def test_roundings_stay_within_one_and_agree_on_whole_numbers(value):
    for name, rounding in ROUNDINGS.items():
        rounded = rounding(value)
        assert abs(rounded - value) < 1, name
        assert rounding(Decimal(rounded)) == rounded
    floor, ceiling = ROUNDINGS["floor"](value), ROUNDINGS["ceiling"](value)
    assert all(floor <= rounding(value) <= ceiling for rounding in ROUNDINGS.values())
