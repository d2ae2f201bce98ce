"""Amounts out of text: what is one, what is refused and how that is told."""

import pytest

from duly.kernel.errors import InvalidAmount
from duly.kernel.money import (
    MAX_MINOR,
    minor_from_text,
    minors_from_texts,
    text_from_minor,
    texts_from_minors,
)

GOOD = [
    ("1234.50", 2, 123450),
    ("1234.5", 2, 123450),
    ("1234", 2, 123400),
    ("0", 2, 0),
    ("-0.00", 2, 0),
    ("-0.05", 2, -5),
    ("007.10", 2, 710),
    ("1234", 0, 1234),
    ("-1", 0, -1),
    ("1.234", 3, 1234),
    ("0.001", 3, 1),
    ("1.2345", 4, 12345),
    ("1.5", 4, 15000),
    ("999999999999999.99", 2, 99999999999999999),
    ("999999999999999.999", 3, 999999999999999999),
    ("922337203685477.5807", 4, MAX_MINOR),
    ("-922337203685477.5807", 4, -MAX_MINOR),
]


@pytest.mark.parametrize(("text", "exponent", "minor"), GOOD)
def test_a_plain_decimal_is_read_exactly(text, exponent, minor):
    assert minor_from_text(text, exponent) == minor
    assert minors_from_texts([text, text], exponent) == [minor, minor]


BAD = [
    # text, exponent, part of the message, part of the remedy
    ("", 2, "There is no amount.", "1234.50"),
    ("   ", 2, "There is no amount.", "1234.50"),
    ("1.005", 2, "more decimals than its currency, which has 2", "check the currency"),
    ("1.000", 2, "more decimals", "1234.50"),
    ("1.0", 0, "more decimals than its currency, which has 0", "1234"),
    ("1e3", 2, "with an exponent", "format the column"),
    ("1.5E+06", 2, "with an exponent", "in full"),
    ("NaN", 2, "not a number", "1234.50"),
    ("inf", 2, "not a number", "1234.50"),
    ("-Infinity", 2, "not a number", "1234.50"),
    ("1,234.50", 2, "grouping or a decimal comma", "no grouping"),
    ("1.234,50", 2, "grouping or a decimal comma", "a point"),
    ("12,50", 2, "grouping or a decimal comma", "a point"),
    ("1 234.50", 2, "grouping", "no grouping"),
    ("1\u00a0234.50", 2, "grouping", "no grouping"),
    ("1\u202f234,50", 2, "grouping", "no grouping"),
    ("1'234.50", 2, "grouping", "no grouping"),
    ("12.50\x00", 2, "control character", "Take it out"),
    ("12\t50", 2, "control character", "Take it out"),
    ("1.00\n2.00", 2, "control character", "Take it out"),
    ("12.50\x85", 2, "control character", "Take it out"),
    ("\ud80012", 2, "is not an amount", "1234.50"),
    ("١٢٣٤", 2, "is not an amount", "1234.50"),
    ("１２３", 2, "is not an amount", "1234.50"),
    ("1²", 2, "is not an amount", "1234.50"),
    (" 12.50", 2, "a space around it", "1234.50"),
    ("12.50 ", 2, "a space around it", "1234.50"),
    ("+12.50", 2, "is not an amount", "minus sign"),
    ("12.50-", 2, "is not an amount", "minus sign in front"),
    ("(12.50)", 2, "is not an amount", "minus sign in front"),
    ("−12.50", 2, "is not an amount", "minus sign in front"),
    ("$12.50", 2, "is not an amount", "1234.50"),
    ("12.50 EUR", 2, "is not an amount", "1234.50"),
    (".50", 2, "is not an amount", "1234.50"),
    ("50.", 2, "is not an amount", "1234.50"),
    ("--5", 2, "is not an amount", "1234.50"),
    ("0x10", 2, "is not an amount", "1234.50"),
    ("1_000", 2, "is not an amount", "1234.50"),
    ("=1+1", 2, "is not an amount", "1234.50"),
    ("1234567890123456", 2, "more than 15 digits", "not an account"),
    ("-1234567890123456.78", 2, "more than 15 digits", "not an account"),
    ("9" * 5000, 2, "is not an amount", "1234.50"),
    ("922337203685477.5808", 4, "beyond 922337203685477.5807", "not an account"),
    ("999999999999999", 4, "beyond 922337203685477.5807", "not an account"),
    (None, 2, "is not an amount", "1234.50"),
    (12.5, 2, "is not an amount", "1234.50"),
    (12, 2, "is not an amount", "1234.50"),
    (b"12", 2, "is not an amount", "1234.50"),
]


@pytest.mark.parametrize(("text", "exponent", "message", "remedy"), BAD)
def test_anything_else_is_refused_with_what_is_wrong(text, exponent, message, remedy):
    with pytest.raises(InvalidAmount) as refused:
        minor_from_text(text, exponent)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert len(refused.value.message) < 200
    assert refused.value.facts["decimals"] == exponent
    refused.value.message.encode()


@pytest.mark.parametrize(("text", "exponent", "message", "remedy"), BAD)
@pytest.mark.parametrize("before", [["1"], ["1", "-2"]])
def test_a_column_with_one_bad_value_is_refused_for_it(text, exponent, message, remedy, before):
    with pytest.raises(InvalidAmount) as refused:
        minors_from_texts([*before, text], exponent)
    assert message in refused.value.message


def test_a_limit_is_told_as_a_fact():
    with pytest.raises(InvalidAmount) as refused:
        minor_from_text("999999999999999", 4)
    assert refused.value.facts["limit"] == "922337203685477.5807"
    with pytest.raises(InvalidAmount) as refused:
        minor_from_text("1234567890123456", 2)
    assert refused.value.facts["limit_digits"] == 15


def test_line_breaks_in_one_value_and_a_missing_one_do_not_make_up_for_each_other():
    with pytest.raises(InvalidAmount):
        minors_from_texts(["1.00\n2.00", ""], 2)


def test_columns_of_every_length_and_mixture():
    assert minors_from_texts([], 2) == []
    assert minors_from_texts(["1", "2.5", "-3.25"], 2) == [100, 250, -325]
    assert minors_from_texts(["1", "2"], 0) == [1, 2]
    column = [f"{number}.{number % 100:02d}" for number in range(20_000)]
    assert minors_from_texts(column, 2) == [n * 100 + n % 100 for n in range(20_000)]


def test_the_text_of_minor_units_has_all_decimals():
    cases = [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (50, 2, "0.50"), (-100, 2, "-1.00")]
    cases += [(7, 0, "7"), (-7, 0, "-7"), (1, 3, "0.001"), (12345, 4, "1.2345"), (1, 4, "0.0001")]
    for minor, exponent, text in cases:
        assert text_from_minor(minor, exponent) == text
        assert texts_from_minors([minor], exponent) == [text]
