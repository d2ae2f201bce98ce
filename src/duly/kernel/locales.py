"""How a reader writes amounts and days: language, grouping, decimal mark, order of a date.

All that goes to a customer is written by these: statements, and subject and text of messages.
Source: Unicode CLDR, through Babel. Amounts are put together from whole minor units, so that none
of them passes through a rounding.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale as Cldr
from babel import localedata
from babel.dates import format_date

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt")
MINUS = "\u2212"
# The country whose way of writing a language stands for it where none is known.
_HOME = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "nl": "NL", "pt": "PT"}


@dataclass(frozen=True, slots=True)
class Locale:
    """One reader's way of writing, such as German in Switzerland."""

    language: str
    country: str
    group: str
    decimal: str
    first_group: int  # digits in the group before the decimal mark
    other_groups: int
    ungrouped_digits: int  # so many whole digits stand without a mark

    def amount(self, minor: int, decimals: int) -> tuple[str, str]:
        """An amount in two parts: sign and whole units; decimal mark and decimals.

        >>> locale_of("de", "DE").amount(-123456789, 2)
        ('−1.234.567', ',89')
        >>> locale_of("en", "IN").amount(1234567890, 2), locale_of("es", "ES").amount(123456, 2)
        (('1,23,45,678', '.90'), ('1234', ',56'))
        """
        digits = str(abs(minor)).rjust(decimals + 1, "0")
        whole, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
        sign = MINUS if minor < 0 else ""
        return sign + self._grouped(whole), self.decimal + rest if rest else ""

    def _grouped(self, whole: str) -> str:
        if len(whole) <= self.ungrouped_digits:
            return whole
        parts, size = [], self.first_group
        while len(whole) > size:
            parts.append(whole[-size:])
            whole, size = whole[:-size], self.other_groups
        return self.group.join([whole, *reversed(parts)])

    def money(self, minor: int, decimals: int) -> str:
        """An amount in one piece.

        >>> locale_of("fr", "FR").money(123456, 2)
        '1\\u202f234,56'
        """
        return "".join(self.amount(minor, decimals))

    def day(self, on: date) -> str:
        """A day for tables: 2 Mar 2026, 02.03.2026."""
        return _day(f"{self.language}_{self.country}", on, "medium")

    def long_day(self, on: date) -> str:
        """A day for sentences: 2 March 2026, 2. März 2026."""
        return _day(f"{self.language}_{self.country}", on, "long")


@cache
def locale_of(language: str, country: str) -> Locale:
    """The way of writing a language in a country; for pairs that CLDR lacks, of its home country.

    Given: one of LANGUAGES, and an ISO 3166 code or nothing.

    >>> locale_of("de", "CH").country, locale_of("de", "JP").country, locale_of("pt", "").country
    ('CH', 'DE', 'PT')
    """
    known = bool(country) and localedata.exists(f"{language}_{country}")
    cldr = Cldr.parse(f"{language}_{country if known else _HOME[language]}")
    symbols = cldr.number_symbols["latn"]
    pattern = cldr.decimal_formats[None]
    return Locale(
        language=language,
        country=cldr.territory or _HOME[language],
        group=symbols["group"],
        decimal=symbols["decimal"],
        first_group=pattern.grouping[0],
        other_groups=pattern.grouping[1],
        # Spanish and European Portuguese leave four digits alone.
        ungrouped_digits=4 if (language, cldr.territory) in _FOUR_ALONE else 3,
    )


def reader(language: str, *, tag: str, country: str) -> Locale:
    """How a customer is written to in a language.

    Rule: as in the country that the customer's own language tag names, or else where it is. So an
    amount has the same marks in every letter, whoever of the customer reads it in which language.

    >>> reader("en", tag="de-AT", country="DE").money(50000, 2)
    '500,00'
    >>> reader("en", tag="", country="US").money(50000, 2)
    '500.00'
    """
    return locale_of(language, country_of(tag) or country)


_FOUR_ALONE = {("es", "ES"), ("pt", "PT")}


def language_of(*tags: str) -> str:
    """The first of some language tags that we write letters in; English where none is.

    >>> language_of("", "pl", "pt-BR", "de"), language_of("ja")
    ('pt', 'en')
    """
    for tag in tags:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def country_of(tag: str) -> str:
    """The country that a language tag names, or nothing.

    >>> country_of("pt-BR"), country_of("de"), country_of("zh-Hant-TW")
    ('BR', '', 'TW')
    """
    parts = tag.replace("_", "-").split("-")[1:]
    return next((part.upper() for part in parts if len(part) == 2), "")


def country_name(country: str, language: str) -> str:
    """A country as a language calls it; its code where CLDR has no name.

    >>> country_name("DE", "fr"), country_name("QQ", "en")
    ('Allemagne', 'QQ')
    """
    return Cldr.parse(language).territories.get(country, country)


@cache
def _day(tag: str, on: date, style: str) -> str:
    return format_date(on, style, locale=tag)
