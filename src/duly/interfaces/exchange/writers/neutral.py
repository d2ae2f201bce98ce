"""Text that no spreadsheet takes for a formula."""

import re

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_number(text: str) -> bool:
    """Tell whether a text is a plain decimal number: digits, a point, a minus sign.

    >>> is_number("-12.50"), is_number("-12.50+1"), is_number("007")
    (True, False, True)
    """
    return bool(_NUMBER.fullmatch(text))


def neutral(text: str) -> str:
    """A text for a CSV cell: one that a spreadsheet would run gets an apostrophe in front.

    >>> neutral("=HYPERLINK()"), neutral("-5.00"), neutral("Acme")
    ("'=HYPERLINK()", '-5.00', 'Acme')
    """
    if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) and not is_number(text):
        return "'" + text
    return text
