"""The canonical code of terms, read back strictly.

terms    = share ("+" share)* ["-rog"]
share    = [percent "%-"] (discount "-")* due          (percent where there are several shares)
due      = net30 | net2m | net30-eom-after | net30-eom-within | eom | day15 | day10-prox
         | day10-prox-cutoff25 | cia | cbd | cwo | pia | cod | due-stated
discount = percent "/" (due without its "net") ["@" base]             2/10, 3/10-eom-after
"""

import re
from decimal import Decimal
from typing import cast

from duly.kernel.terms.agreement import Share, Terms
from duly.kernel.terms.clauses import (
    CASH_WORDS,
    Cash,
    DayOfMonth,
    Discount,
    DueRule,
    EomReading,
    MonthEnd,
    NetDays,
    NetMonths,
)

_PERCENT = r"[0-9]{1,3}(?:\.[0-9]{1,6})?"
_BASE = r"-?[0-9]{1,15}(?:\.[0-9]{1,4})?"
_COUNT = r"[0-9]{1,4}"
_DAYS = rf"{_COUNT}(?:m|-eom-after|-eom-within)?"
_DAY_OF_MONTH = r"day[0-9]{1,2}(?:-prox)?(?:-cutoff[0-9]{1,2})?"
_UNTIL = rf"(?:{_DAYS}|eom|{_DAY_OF_MONTH})"
_DUE = rf"(?:net{_DAYS}|eom|{_DAY_OF_MONTH}|{'|'.join(CASH_WORDS)}|due-stated)"
_DISCOUNT = rf"{_PERCENT}/{_UNTIL}(?:@{_BASE})?"

_SHARE = re.compile(rf"(?:({_PERCENT})%-)?((?:{_DISCOUNT}-)*)({_DUE})")
_EACH_DISCOUNT = re.compile(rf"({_PERCENT})/({_UNTIL})(?:@({_BASE}))?-")
_DAYS_PARTS = re.compile(rf"({_COUNT})(m|-eom-after|-eom-within)?")
_DAY_OF_MONTH_PARTS = re.compile(r"day([0-9]{1,2})(-prox)?(?:-cutoff([0-9]{1,2}))?")


def terms_from_code(text: str) -> Terms | None:
    """The terms of a canonical code; None when the text is not one.

    Refuses: TermsUnclear for a code that can't be meant, such as shares that miss 100 per cent.

    >>> terms_from_code("2/10-net30").words
    '2% off if paid within 10 days, otherwise within 30 days'
    >>> terms_from_code("Net 30") is None
    True
    """
    body = text.removesuffix("-rog")
    shares = []
    parts = body.split("+")
    for part in parts:
        found = _SHARE.fullmatch(part)
        if found is None or (found[1] is None) != (len(parts) == 1):
            return None
        percent = Decimal(found[1] or 100)
        discounts = tuple(
            Discount(Decimal(each[1]), _until(each[2]), Decimal(each[3]) if each[3] else None)
            for each in _EACH_DISCOUNT.finditer(found[2])
        )
        shares.append(Share(percent, _due(found[3]), discounts))
    return Terms(tuple(shares), starts_at_receipt=body != text, written=text)


def _due(code: str) -> DueRule | None:
    if code == "due-stated":
        return None
    if code in CASH_WORDS:
        return Cash(code)
    return _until(code.removeprefix("net"))


def _until(code: str) -> NetDays | NetMonths | MonthEnd | DayOfMonth:
    if code == "eom":
        return MonthEnd()
    if day := _DAY_OF_MONTH_PARTS.fullmatch(code):
        return DayOfMonth(int(day[1]), int(bool(day[2])), int(day[3]) if day[3] else None)
    days = _DAYS_PARTS.fullmatch(code)
    assert days is not None, "matched before"  # noqa: S101
    count = int(days[1])
    if days[2] is None:
        return NetDays(count)
    if days[2] == "m":
        return NetMonths(count)
    return MonthEnd(count, cast(EomReading, days[2].removeprefix("-eom-")))
