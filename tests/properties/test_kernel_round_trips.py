"""What is written is read back, and what differs is never read as the same."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duly.kernel.calendar import (
    add_business_days,
    business_days_between,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from duly.kernel.currencies import EXPONENTS
from duly.kernel.dates import DateReader, add_months, month_end, parse_iso_date
from duly.kernel.errors import InvalidAmount, InvalidDate
from duly.kernel.ids import digest
from duly.kernel.money import (
    MAX_MINOR,
    Money,
    minor_from_text,
    minors_from_texts,
    text_from_minor,
    texts_from_minors,
)

exponents = st.integers(0, 4)


def limit(exponent: int) -> int:
    """The largest minor units that the written form holds."""
    return min(MAX_MINOR, 10 ** (15 + exponent) - 1)


@given(exponents.flatmap(lambda e: st.tuples(st.just(e), st.integers(-limit(e), limit(e)))))
def test_minor_units_come_back_from_their_text(case):
    exponent, minor = case
    text = text_from_minor(minor, exponent)
    assert minor_from_text(text, exponent) == minor
    assert Decimal(text) == Decimal(minor).scaleb(-exponent)
    assert len(text.partition(".")[2]) == exponent


@given(
    exponents.flatmap(
        lambda e: st.tuples(st.just(e), st.lists(st.integers(-limit(e), limit(e)), max_size=30))
    )
)
def test_columns_come_back_too(case):
    exponent, minors = case
    assert minors_from_texts(texts_from_minors(minors, exponent), exponent) == minors


@given(st.sampled_from(sorted(EXPONENTS)), st.integers(-(10**15) + 1, 10**15 - 1))
def test_money_comes_back_in_every_currency(currency, minor):
    money = Money(minor, currency)
    assert Money.parse(money.text(), currency) == money


amount_like = st.text("0123456789.-+, eE\n\t\x00٣", max_size=22) | st.text(max_size=8)


@given(
    st.lists(amount_like | st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,5})?", fullmatch=True)),
    exponents,
)
@example(["1.00\n2.00", ""], 2)
@example(["1\n2"], 0)
@example(["922337203685477.5808"], 4)
def test_a_column_is_read_as_its_values_are_one_by_one(texts, exponent):
    one_by_one = []
    for text in texts:
        try:
            one_by_one.append(minor_from_text(text, exponent))
        except InvalidAmount:
            with pytest.raises(InvalidAmount):
                minors_from_texts(texts, exponent)
            return
    assert minors_from_texts(texts, exponent) == one_by_one


@given(amount_like, exponents)
def test_what_is_read_as_an_amount_is_that_amount(text, exponent):
    refusal = None
    try:
        minor = minor_from_text(text, exponent)
    except InvalidAmount as error:
        refusal = error
    if refusal:
        assert refusal.remedy
        assert refusal.message.encode()
    else:
        assert text.isascii()
        assert Decimal(text).scaleb(exponent) == minor


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_come_back_from_their_text(on):
    assert parse_iso_date(on.isoformat()) == on
    assert DateReader().read(on.isoformat()) == on


@given(st.text("0123456789-W", max_size=11) | st.text(max_size=12))
def test_what_is_read_as_a_day_is_written_so(text):
    refusal = None
    try:
        on = parse_iso_date(text)
    except InvalidDate as error:
        refusal = error
    if refusal:
        assert refusal.remedy
    else:
        assert on.isoformat() == text


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(-600, 600))
def test_months_added_keep_the_day_or_the_end(on, months):
    result = add_months(on, months)
    assert (result.year - on.year) * 12 + result.month - on.month == months
    assert result.day == min(on.day, month_end(result).day)


parts = st.lists(st.text(max_size=5) | st.binary(max_size=5), max_size=5)


@given(parts, parts)
def test_a_digest_is_one_of_its_parts_alone(one, other):
    def plain(parts):
        return [part.encode() if isinstance(part, str) else part for part in parts]

    assert (digest(*one) == digest(*other)) is (plain(one) == plain(other))


places = st.sampled_from([("US", ""), ("DE", "BY"), ("SA", ""), ("JP", ""), ("TARGET", "")])
working_times = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(working_times, st.integers(-60, 60).filter(bool), places)
def test_business_days_added_are_business_days_between(on, days, place):
    result = add_business_days(on, days, *place)
    assert is_business_day(result, *place)
    if is_business_day(on, *place):
        assert business_days_between(on, result, *place) == days
        assert add_business_days(result, -days, *place) == on


@given(working_times, places)
def test_the_neighbours_of_a_day_are_the_nearest_business_days(on, place):
    for neighbour in (next_business_day(on, *place), previous_business_day(on, *place)):
        assert neighbour != on
        assert is_business_day(neighbour, *place)
        step = timedelta(days=1 if neighbour > on else -1)
        between = on + step
        while between != neighbour:
            assert not is_business_day(between, *place)
            between += step
