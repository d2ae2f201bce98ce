"""Amounts and days as each reader writes them; digits are never changed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.kernel.locales import LANGUAGES, country_of, language_of, locale_of, reader

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("language", "country", "amount", "day", "long_day"),
    [
        ("en", "GB", "1,234,567.89", "2 Mar 2026", "2 March 2026"),
        ("en", "US", "1,234,567.89", "Mar 2, 2026", "March 2, 2026"),
        ("en", "IN", "12,34,567.89", "2 Mar 2026", "2 March 2026"),
        ("de", "DE", "1.234.567,89", "02.03.2026", "2. März 2026"),
        ("fr", "FR", "1\u202f234\u202f567,89", "2 mars 2026", "2 mars 2026"),
        ("es", "ES", "1.234.567,89", "2 mar 2026", "2 de marzo de 2026"),
        ("es", "MX", "1,234,567.89", "2 mar 2026", "2 de marzo de 2026"),
        ("nl", "NL", "1.234.567,89", "2 mrt 2026", "2 maart 2026"),
        ("pt", "PT", "1\u00a0234\u00a0567,89", "02/03/2026", "2 de março de 2026"),
        ("pt", "BR", "1.234.567,89", "2 de mar. de 2026", "2 de março de 2026"),
    ],
)
def test_readers(language: str, country: str, amount: str, day: str, long_day: str) -> None:
    locale = locale_of(language, country)
    assert locale.money(123_456_789, 2) == amount
    assert locale.day(DAY) == day
    assert locale.long_day(DAY) == long_day


def test_four_digits_stand_together_where_the_language_has_it_so() -> None:
    assert locale_of("es", "ES").money(123_456, 2) == "1234,56"
    assert locale_of("es", "ES").money(1_234_567, 2) == "12.345,67"
    assert locale_of("es", "MX").money(123_456, 2) == "1,234.56"


@pytest.mark.parametrize(
    ("minor", "decimals", "text"), [(-5, 3, "−0.005"), (0, 2, "0.00"), (1234, 0, "1,234")]
)
def test_decimals_of_the_currency(minor: int, decimals: int, text: str) -> None:
    assert locale_of("en", "GB").money(minor, decimals) == text


@pytest.mark.parametrize(
    ("language", "tag", "country", "amount"),
    [
        ("en", "", "DE", "500,00"),
        ("en", "en", "DE", "500,00"),
        ("en", "en-US", "DE", "500.00"),
        ("de", "de-CH", "", "500.00"),
        ("fr", "", "", "500,00"),
        ("de", "", "JP", "500,00"),
    ],
)
def test_a_letter_writes_as_the_reader_s_country(
    language: str, tag: str, country: str, amount: str
) -> None:
    assert reader(language, tag=tag, country=country).money(50_000, 2) == amount


@given(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.sampled_from([0, 2, 3, 4]),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["", "US", "DE", "CH", "IN", "ES", "PT", "JP"]),
)
def test_no_digit_is_lost(minor: int, decimals: int, language: str, country: str) -> None:
    written = locale_of(language, country).money(minor, decimals)
    digits = "".join(character for character in written if character.isdecimal())
    assert int(digits) == abs(minor)
    assert written.startswith("−") is (minor < 0)


def test_tags() -> None:
    assert language_of("", "ja", "de_AT") == "de"
    assert language_of("") == "en"
    assert (country_of("de-AT"), country_of("de"), country_of("")) == ("AT", "", "")
    assert locale_of("nl", "JP").country == "NL"
