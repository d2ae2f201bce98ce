"""Amounts as people type them, with the decimal mark of where they are.

Rule: what can be meant in one way only is read so, whoever types it: of two marks the last is the
decimal one, and a lone mark before one or two digits is. A lone mark before three digits groups
thousands, unless the currency has three decimals; a lone point does so only for a person whose
browser says that commas mark decimals there.
"""

import re

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from duly.kernel.amounts import minor_from_text
from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.locales import country_of, language_of, locale_of

_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*|\d+")
_AMOUNT = re.compile(r"[\d.,]*\d[.,]?")


def decimal_mark(request: HttpRequest) -> str:
    """The decimal mark of the person's browser language: "." or ","."""
    wanted = request.headers.get("Accept-Language", "")[:200]
    tag = wanted.split(",")[0].split(";")[0].strip()
    mark = locale_of(language_of(tag), country_of(tag)).decimal
    return "," if mark == "," else "."


def read_amount(text: str, currency: str, mark: str = ".") -> int:
    """Minor units of an amount as a person types it. Raises: ValidationError.

    >>> read_amount("12,500.50", "EUR"), read_amount("12.500,50", "EUR"), read_amount("0,5", "EUR")
    (1250050, 1250050, 50)
    >>> read_amount("1.234", "EUR", ","), read_amount("1,234", "EUR"), read_amount("1.234", "KWD")
    (123400, 123400, 1234)
    """
    told = re.sub(r"[\s'\u2019]", "", text)
    decimals = exponent(currency)
    plain = _plain(told, decimals, mark) if _AMOUNT.fullmatch(told) else None
    if plain is None:
        raise ValidationError(f"{text!r} is no amount. Write it as 12,500.00 or 12.500,00.")
    try:
        return minor_from_text(plain, decimals)
    except DulyError as error:
        raise ValidationError(f"{error.message} {error.remedy}".strip()) from None


def _plain(told: str, decimals: int, mark: str) -> str | None:
    """The plain decimal text of an amount with grouping and decimal marks; None where it is none.

    A lone mark that could group or be the decimal one groups, if the person's mark is the other.
    """
    at = max(told.rfind("."), told.rfind(","))
    if at < 0:
        return told
    whole, last, part = told[:at], told[at], told[at + 1 :]
    is_lone = not re.search(r"[.,]", whole)
    groups = len(part) == 3 and (last in whole or (is_lone and _is_group(last, decimals, mark)))
    if groups:
        whole, part = told, ""
    elif last in whole:
        return None
    if whole and not _GROUPS.fullmatch(whole):
        return None
    return re.sub(r"[.,]", "", whole or "0") + (f".{part}" if part else "")


def _is_group(last: str, decimals: int, mark: str) -> bool:
    if decimals >= 3:
        return last == "," and mark == "."
    return last == "," or mark == ","
