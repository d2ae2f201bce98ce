"""Amounts and days as six languages write them."""

from datetime import date

import pytest

from duly.kernel.languages import LANGUAGES, language_of, spell_amount, spell_day


@pytest.mark.parametrize(
    ("language", "small", "large"),
    [
        ("en", "1,234.50", "-12,345,678.90"),
        ("de", "1.234,50", "-12.345.678,90"),
        ("fr", "1\u202f234,50", "-12\u202f345\u202f678,90"),
        ("es", "1234,50", "-12.345.678,90"),
        ("nl", "1.234,50", "-12.345.678,90"),
        ("pt", "1.234,50", "-12.345.678,90"),
    ],
)
def test_amounts(language: str, small: str, large: str) -> None:
    assert spell_amount(123450, "EUR", language) == small
    assert spell_amount(-1234567890, "EUR", language) == large


def test_decimals_are_the_currency_s() -> None:
    assert spell_amount(1234, "JPY", "en") == "1,234"
    assert spell_amount(1234567, "KWD", "de") == "1.234,567"
    assert spell_amount(5, "EUR", "fr") == "0,05"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1 August 2026"),
        ("de", "1. August 2026"),
        ("fr", "1 août 2026"),
        ("es", "1 de agosto de 2026"),
        ("nl", "1 augustus 2026"),
        ("pt", "1 de agosto de 2026"),
    ],
)
def test_days(language: str, told: str) -> None:
    assert spell_day(date(2026, 8, 1), language) == told
    assert len({spell_day(date(2026, month, 1), language) for month in range(1, 13)}) == 12


def test_a_tag_is_read_by_its_language() -> None:
    assert [language_of(tag) for tag in ("de_CH", "PT-br", "xx", "")] == ["de", "pt", "en", "en"]
    assert set(LANGUAGES) == {"en", "de", "fr", "es", "nl", "pt"}
