"""Text that no spreadsheet takes for a formula."""

import re

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# What ends a cell, in the reading of one spreadsheet or another: it may split our cell in two.
_ENDS = r"\t\n\v\f\r\x85\u2028\u2029,;|"
# What may be passed over before a formula: spaces of any kind, marks without width, quotes.
_SKIPPED = r'(?:[^\S\t\n\v\f\r\x85\u2028\u2029]|[\x00-\x08\x0e-\x1b\xad\u200b-\u200f\u2060\ufeff"])'
_FORMULA = re.compile(rf"(^|[{_ENDS}])(?={_SKIPPED}*+[=+\-@＝＋－＠])")
_LAID_OUT = re.compile(rf"{_SKIPPED}*+[\t\r\n]")


def is_number(text: str) -> bool:
    """Tell whether a text is a plain decimal number: digits, a point, a minus sign.

    >>> is_number("-12.50"), is_number("-12.50+1"), is_number("007")
    (True, False, True)
    """
    return bool(_NUMBER.fullmatch(text))


def neutral(text: str) -> str:
    """A text for a CSV cell: what a spreadsheet would run gets an apostrophe in front.

    That holds inside a cell too: who opens the file with another separator gets other cells.

    >>> neutral("=HYPERLINK()"), neutral("-5.00"), neutral("Acme"), neutral("Acme; =1+1")
    ("'=HYPERLINK()", '-5.00', 'Acme', "Acme;' =1+1")
    """
    if is_number(text):
        return text
    if _LAID_OUT.match(text):
        text = "'" + text
    return _FORMULA.sub(r"\1'", text)
