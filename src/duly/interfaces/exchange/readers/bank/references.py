"""Structured references in free text, taken only where their check digits hold.

See: cash_application/rules/references.py; F-06, F-07, F-10.
"""

import re

from duly.cash_application.rules.references import structured_in

# Most texts have none: looks that cost next to nothing come first.
LONGEST = 27  # digits of the longest reference without a mark
_DIGITS = re.compile(r"[0-9][0-9 ]{26}").search
_LIKELY = re.compile(r"[Rr][Ff]\d\d|\+\+\+|\*\*\*|(?:\d ?){27}")


def has_mark(text: str) -> bool:
    """Tell whether a text may hold a reference with a mark; one without has `LONGEST` digits."""
    return "+++" in text or "***" in text or "RF" in text.upper()


def reference_in(text: str) -> str:
    """The first structured reference of a text, in capitals without spaces; "" where none is.

    >>> reference_in("INV 7 RF18539007547034"), reference_in("RF19539007547034")
    ('RF18539007547034', '')
    >>> reference_in("+++090/9337/55493+++"), reference_in("210000000003139471430009017")
    ('090933755493', '210000000003139471430009017')
    """
    if not has_mark(text) and (len(text) < LONGEST or not _DIGITS(text)):
        return ""
    if not _LIKELY.search(text):
        return ""
    return next((one.reference for one in structured_in(text)), "")
