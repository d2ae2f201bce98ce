"""Amounts and days as banks write them, to minor units and dates; None for what can't be meant."""

import re
from datetime import date
from functools import lru_cache

from duly.kernel.amounts import MAX_MINOR

_PLAIN = re.compile(r"([-+]?)([0-9]{0,15})(?:[.,]([0-9]*))?")
_GROUPED = re.compile(
    r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?"
    r"|([-+]?)([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+))?"
    r"|([-+]?)([0-9]{1,3}(?:['\u2019\u00a0 ][0-9]{3})+)(?:[.,]([0-9]+))?"
)


def minor_of(text: str, decimals: int) -> int | None:
    """The minor units of "1234.50", "-1234,5", "1,234.50", "1.234,50" or "1'234.50".

    None where it is no amount, has more decimals than the currency (zeros behind do not count),
    or can mean two: "1,234" is one or a thousand, "1.234" stands by the point as it is written.

    >>> minor_of("-1234.5", 2), minor_of("1.234,50", 2), minor_of("1,234", 2), minor_of("7.0", 0)
    (-123450, 123450, None, 7)
    """
    found = _PLAIN.fullmatch(text)
    if found:
        sign, whole, part = found.groups()
        if "," in text and part is not None and len(part) == 3:
            return None
    else:
        found = _GROUPED.fullmatch(text)
        if not found:
            return None
        at = 1 + 3 * next(k for k in range(3) if found[3 * k + 2])
        sign, whole, part = found[at], re.sub(r"[^0-9]", "", found[at + 1]), found[at + 2]
        if part is None and found[at + 1].count(",") == 1:
            return None
    part = (part or "").rstrip("0")
    if len(part) > decimals or not (whole or part or found[0].endswith("0")) or len(whole) > 15:
        return None
    minor = int((whole or "0") + part.ljust(decimals, "0"))
    if minor > MAX_MINOR:
        return None
    return -minor if sign == "-" else minor


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """The day of "YYYYMMDD" or "YYMMDD" (of this century); None where there is no such day.

    >>> day_of("260331"), day_of("20260331"), day_of("20260231")
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), None)
    """
    if len(text) == 6:
        text = "20" + text
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
