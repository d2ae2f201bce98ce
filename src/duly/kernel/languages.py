"""How amounts and days are written in the six languages that customers are written to.

A tag such as "de-AT" is read by its language; a language that is not here is written as English.
Grouping and marks follow CLDR; a test holds them against written-out cases. Spaces inside a number
do not break.
"""

from datetime import date

from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt")

# grouping mark, decimal mark, how many digits must stand before the first mark
_MARKS = {
    "en": (",", ".", 1),
    "de": (".", ",", 1),
    "fr": ("\u202f", ",", 1),
    "es": (".", ",", 2),
    "nl": (".", ",", 1),
    "pt": (".", ",", 1),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}
_DAYS = {"en": "{} {} {}", "de": "{}. {} {}", "fr": "{} {} {}", "nl": "{} {} {}"}


def language_of(*tags: str) -> str:
    """The first of some language tags that we can write in; English when none is.

    >>> language_of("", "de-AT", "fr"), language_of("ja")
    ('de', 'en')
    """
    for tag in tags:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def spell_amount(minor: int, currency: str, language: str) -> str:
    """An amount as a language writes it, without its currency.

    >>> spell_amount(123450, "EUR", "de"), spell_amount(-123450, "EUR", "en")
    ('1.234,50', '-1,234.50')
    """
    whole, _, decimals = text_from_minor(abs(minor), exponent(currency)).partition(".")
    group, mark, least = _MARKS[language]
    if len(whole) >= 3 + least:
        whole = f"{int(whole):,}".replace(",", group)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}{mark}{decimals}" if decimals else f"{sign}{whole}"


def spell_day(on: date, language: str) -> str:
    """A day as a language writes it, its month in words.

    >>> spell_day(date(2026, 3, 2), "de"), spell_day(date(2026, 3, 2), "pt")
    ('2. März 2026', '2 de março de 2026')
    """
    month = _MONTHS[language].split()[on.month - 1]
    return _DAYS.get(language, "{} de {} de {}").format(on.day, month, on.year)
