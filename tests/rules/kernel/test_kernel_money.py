"""Money: exact sums, no mixing, splits that conserve, named roundings."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from duly.kernel import rounding
from duly.kernel.errors import (
    Defect,
    InvalidAmount,
    InvalidSplit,
    MixedCurrencies,
    UnknownCurrency,
)
from duly.kernel.money import MAX_MINOR, Money, split_minor
from duly.kernel.rounding import ROUNDINGS, half_even, half_up


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.50", "USD", 123450),
        ("1234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("-1", "CLF", -10000),
    ],
)
def test_money_is_read_and_written_in_the_decimals_of_its_currency(text, currency, minor):
    money = Money.parse(text, currency)
    assert money == Money(minor, currency)
    assert Money.parse(money.text(), currency) == money


def test_money_shows_its_currency_first():
    assert str(Money(-123450, "USD")) == "USD -1234.50"


def test_money_can_not_be_changed():
    with pytest.raises(FrozenInstanceError):
        usd(1).minor = 2
    assert not hasattr(usd(1), "__dict__")


def test_sums_and_comparisons():
    assert usd(1) + usd(2) == usd(3)
    assert usd(1) - usd(2) == -usd(1) == usd(-1)
    assert abs(usd(-3)) == usd(3)
    assert sum([usd(1), usd(2)], Money.zero("USD")) == usd(3)
    assert usd(1) < usd(2) <= usd(2)
    assert usd(2) > usd(1) >= usd(1)
    assert [bool(usd(minor)) for minor in (-1, 0, 1)] == [True, False, True]
    assert len({usd(1), usd(1), Money(1, "EUR")}) == 2
    assert usd(1) != Money(1, "EUR")


@pytest.mark.parametrize(
    "mix",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_two_currencies_never_mix(mix):
    with pytest.raises(MixedCurrencies) as refused:
        mix(usd(100), Money(100, "JPY"))
    assert refused.value.facts == {"currencies": ["USD", "JPY"]}
    assert "USD 1.00 and JPY 100" in refused.value.message
    for other in (1, Decimal(1), "1", None):
        with pytest.raises(TypeError):
            mix(usd(100), other)


@pytest.mark.parametrize("minor", [1.0, True, "1", None, Decimal(1), MAX_MINOR + 1, -MAX_MINOR - 1])
def test_minor_units_are_whole_and_fit_64_bits(minor):
    with pytest.raises(InvalidAmount) as refused:
        Money(minor, "USD")
    assert refused.value.facts["limit_minor"] == MAX_MINOR


def test_a_sum_beyond_64_bits_is_refused_not_wrapped():
    with pytest.raises(InvalidAmount):
        usd(MAX_MINOR) + usd(1)
    assert -usd(MAX_MINOR) == usd(-MAX_MINOR)


@pytest.mark.parametrize("code", ["XAU", "usd", "", None, []])
def test_the_currency_is_known(code):
    with pytest.raises(UnknownCurrency):
        Money(1, code)


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (-10000, [1, 1, 1], [-3334, -3333, -3333]),
        (100, [30, 70], [30, 70]),
        (101, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")], [34, 33, 34]),
        (1, [1, 1], [1, 0]),
        (1, [1, 2], [0, 1]),
        (2, [0, 1, 1, 1], [0, 1, 1, 0]),
        (5, [0, 1], [0, 5]),
        (0, [1, 2, 3], [0, 0, 0]),
        (7, [1], [7]),
        (10, [Decimal("0.5"), 1], [3, 7]),
        (MAX_MINOR, [1, 1], [2**62, 2**62 - 1]),
    ],
)
def test_a_split_conserves_and_places_the_rest_by_largest_remainder(minor, weights, parts):
    assert split_minor(minor, weights) == parts
    assert [part.minor for part in usd(minor).split(weights)] == parts
    assert sum(parts) == minor


@pytest.mark.parametrize(
    "weights",
    [[], [0], [0, 0], [1, -1], [Decimal("NaN")], [Decimal("Infinity"), 1], [1.0], [True], ["1"]],
)
def test_a_split_without_meaning_is_refused(weights):
    with pytest.raises(InvalidSplit):
        usd(100).split(weights)


@pytest.mark.parametrize(
    ("minor", "rate", "how", "result"),
    [
        (12345, "0.02", half_up, 247),
        (12350, "0.01", half_up, 124),
        (12350, "0.01", half_even, 124),
        (12250, "0.01", half_even, 122),
        (-12350, "0.01", half_up, -124),
        (1, "0", half_up, 0),
        (MAX_MINOR, "1", half_up, MAX_MINOR),
        (MAX_MINOR, "0.0000000000000000000000000000001", half_up, 0),
        (9007199254740993, "1.00", half_up, 9007199254740993),
        (10**18 + 1, "0.5", half_up, 5 * 10**17 + 1),
    ],
)
def test_a_product_is_exact_and_rounded_once_as_named(minor, rate, how, result):
    assert usd(minor).times(Decimal(rate), how) == usd(result)


@pytest.mark.parametrize("rate", ["NaN", "Infinity", "1e30", "sNaN"])
def test_a_product_that_is_no_amount_is_refused(rate):
    with pytest.raises(InvalidAmount):
        usd(100).times(Decimal(rate), half_up)


@pytest.mark.parametrize("rate", [0.1, 1, "1"])
def test_a_rate_that_is_no_decimal_is_our_bug(rate):
    with pytest.raises(Defect):
        usd(100).times(rate, half_up)


ROUNDED = {
    #             -2.5  -2.1  -1.5  -0.5  0.5  1.5  2.1  2.5  2.9
    "half_up": (-3, -2, -2, -1, 1, 2, 2, 3, 3),
    "half_even": (-2, -2, -2, 0, 0, 2, 2, 2, 3),
    "half_down": (-2, -2, -1, 0, 0, 1, 2, 2, 3),
    "up": (-3, -3, -2, -1, 1, 2, 3, 3, 3),
    "down": (-2, -2, -1, 0, 0, 1, 2, 2, 2),
    "ceiling": (-2, -2, -1, 0, 1, 2, 3, 3, 3),
    "floor": (-3, -3, -2, -1, 0, 1, 2, 2, 2),
}


@pytest.mark.parametrize("name", sorted(ROUNDED))
def test_named_roundings(name):
    values = map(Decimal, ["-2.5", "-2.1", "-1.5", "-0.5", "0.5", "1.5", "2.1", "2.5", "2.9"])
    assert tuple(getattr(rounding, name)(value) for value in values) == ROUNDED[name]


def test_every_rounding_is_named_and_tried():
    assert set(ROUNDINGS) == set(ROUNDED)
