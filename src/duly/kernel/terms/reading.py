"""Payment terms out of what people and files write."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import cast

from duly.kernel.errors import TermsUnclear
from duly.kernel.quoting import quoted, safe_text
from duly.kernel.terms.agreement import Share, Terms, free_text_terms
from duly.kernel.terms.clauses import (
    CASH_WORDS,
    Cash,
    CashWord,
    DayOfMonth,
    Discount,
    DueRule,
    EomReading,
    MonthEnd,
    NetDays,
    NetMonths,
)
from duly.kernel.terms.codes import terms_from_code
from duly.kernel.terms.phrases import (
    LATE_CHARGE_LINE,
    MONTH_UNITS,
    PHRASES,
    SEPARATORS,
    SHARE_DAYS,
    SHARE_JOIN,
    SHARE_START,
    SKONTO,
    WEEK_UNITS,
)

MAX_CHARACTERS = 500  # longer texts are prose, not terms
_ALL = Decimal(100)
_SHOWN_ISSUED_ON = date(2026, 1, 20)


def parse_terms(text: str, *, eom_reading: EomReading | None = None) -> Terms:
    """The terms that a text tells, whole; or the text itself, kept and not understood.

    Rule: "net 30 EOM" and "45 jours fin de mois" have two readings. `eom_reading` names the one
    that the contracts of this house follow: "after" counts from the end of the month (discounts
    too), "within" goes to the end of the month in which the last day falls.
    Given: a canonical code, a phrase in one of six languages, or `#SKONTO#` lines.
    Returns: terms with `written` as given; `is_free_text` where the text is not understood.
    Refuses: TermsUnclear for two readings and for terms that can't be meant (see `clauses`).
    Never: understands a part of a text and drops the rest.

    >>> parse_terms("2/10 net 30").code, parse_terms("30 Tage netto").code
    ('2/10-net30', 'net30')
    >>> parse_terms("net 30 EOM", eom_reading="after").code
    'net30-eom-after'
    >>> parse_terms("as agreed with Karin").is_free_text
    True
    """
    return _parse(text, eom_reading)


@lru_cache(maxsize=4096)
def _parse(text: str, eom_reading: EomReading | None) -> Terms:
    stripped = text.strip()
    if "#SKONTO#" in stripped.upper():
        return replace(_skonto(stripped, eom_reading), written=text)
    if not stripped or len(stripped) > MAX_CHARACTERS:
        return free_text_terms(text)
    coded = terms_from_code(stripped.lower())
    if coded is not None:
        return replace(coded, written=text)
    plain = _plain(stripped)
    found = _instalments(plain, eom_reading) or _single(plain, eom_reading)
    if found is None:
        return free_text_terms(text)
    return replace(found, written=text)


def _plain(text: str) -> str:
    """Small letters, single spaces, decimal points, and no space before a percent sign."""
    plain = re.sub(r"\s*[\r\n]+\s*", ". ", text.lower())
    plain = re.sub(r"\s+", " ", plain).replace("–", "-").replace("’", "'")
    plain = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain)
    plain = re.sub(r" ?%", "%", plain)
    plain = re.sub(r"\bper ?cent\b", "%", plain).replace(" %", "%")
    return plain.removeprefix("100%").strip(" .,;")


def _skonto(text: str, eom_reading: EomReading | None) -> Terms:
    """Terms of `#SKONTO#` lines, and of the words around them where those are understood."""
    discounts = []
    others = []
    for line in text.splitlines():
        told = line.strip()
        found = SKONTO.fullmatch(told.upper())
        if found:
            base = Decimal(found[3]) if found[3] else None
            discounts.append(Discount(Decimal(found[2]), NetDays(int(found[1])), base))
        elif "#SKONTO#" in told.upper():
            raise TermsUnclear(
                f"The discount line {quoted(told, 80)} can't be read.",
                facts={"line": safe_text(told, 200)},
                remedy="It must read like #SKONTO#TAGE=14#PROZENT=2.00#, on a line of its own.",
            )
        elif told and not LATE_CHARGE_LINE.fullmatch(told):
            others.append(told)
    words = _single(_plain(". ".join(others)), eom_reading) if others else None
    if words is None:
        return Terms((Share(_ALL, None, tuple(discounts)),))
    share = words.shares[0]
    return replace(
        words, shares=(Share(_ALL, share.due, tuple(discounts) + share.discounts),)
    )


def _instalments(plain: str, eom_reading: EomReading | None) -> Terms | None:
    """Terms of several percentages, each with when it is due; None where it is not that."""
    starts = list(SHARE_START.finditer(plain))
    if len(starts) < 2 or starts[0].start() != 0:
        return None
    ends = [start.start() for start in starts[1:]] + [len(plain)]
    shares = []
    left = _ALL
    starts_at_receipt = False
    for start, end in zip(starts, ends, strict=True):
        clause = SHARE_JOIN.sub("", plain[start.end() : end]).strip()
        if start["rest"] and end != len(plain):
            return None
        percent = left if start["rest"] else Decimal(start["p"])
        due = _share_due(clause, eom_reading)
        if due is None:
            return None
        left -= percent
        starts_at_receipt = starts_at_receipt or due.starts_at_receipt
        shares.append(Share(percent, due.shares[0].due, due.shares[0].discounts))
    return Terms(tuple(shares), starts_at_receipt)


def _share_due(clause: str, eom_reading: EomReading | None) -> Terms | None:
    """When one instalment is due: a bare number is days, anything else is terms of its own."""
    bare = SHARE_DAYS.fullmatch(clause)
    if bare:
        return Terms((Share(_ALL, _count(bare["n"], bare["unit"])),))
    found = _single(clause, eom_reading)
    return found if found and found.has_due_date else None


@dataclass(slots=True)
class _Found:
    """The clauses of one text so far."""

    dues: list[DueRule] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    unclear_days: int | None = None  # days with "end of month", reading not told
    cutoff: int | None = None
    starts_at_receipt: bool = False
    is_bare_fraction: bool = False  # "2/10" without a percent sign could be anything


def _single(plain: str, eom_reading: EomReading | None) -> Terms | None:
    """Terms of one share; None where a word is not understood or the clauses don't fit."""
    found = _scan(plain)
    if found is None or len(found.dues) + (found.unclear_days is not None) > 1:
        return None
    if found.unclear_days is not None:
        if eom_reading is None:
            raise _two_readings(plain, found)
        return _terms(found, _with_reading(found, eom_reading))
    if found.discounts and MonthEnd() in found.dues:
        raise _two_discount_readings(plain, found)
    if found.cutoff is not None:
        if not found.dues or not isinstance(found.dues[0], DayOfMonth):
            return None
        found.dues[0] = replace(found.dues[0], cutoff=found.cutoff)
    if not found.dues and (not found.discounts or found.is_bare_fraction):
        return None
    return _terms(found, (found.dues[0] if found.dues else None, tuple(found.discounts)))


def _terms(found: _Found, clauses: tuple[DueRule | None, tuple[Discount, ...]]) -> Terms:
    return Terms((Share(_ALL, *clauses),), found.starts_at_receipt)


def _scan(plain: str) -> _Found | None:
    """The clauses of a text, phrase by phrase; None at the first thing not understood."""
    found = _Found()
    place = 0
    while place < len(plain):
        for sort, pattern in PHRASES:
            match = pattern.match(plain, place)
            if match and match.end() > place:
                _take(sort, match, found)
                break
        else:
            return None
        place = cast(re.Match[str], SEPARATORS.match(plain, match.end())).end()
    return found


def _take(sort: str, match: re.Match[str], found: _Found) -> None:
    """Add what one phrase tells."""
    told = match.groupdict()
    number = int(told.get("n") or told.get("n2") or 0)
    day = int(told.get("d") or told.get("d2") or 31)
    if sort == "discount":
        percent = told.get("p") or told.get("p2") or ""
        until = cast(NetDays | NetMonths, _count(str(number), told.get("unit")))
        found.discounts.append(Discount(Decimal(percent), until))
        found.is_bare_fraction = "%" not in match[0]
    elif sort == "net":
        found.dues.append(_count(str(number), told.get("unit")))
    elif sort == "net0":
        found.dues.append(NetDays(0))
    elif sort == "receipt_net0":
        found.dues.append(NetDays(0))
        found.starts_at_receipt = True
    elif sort == "receipt":
        found.starts_at_receipt = True
    elif sort in ("eom_after", "eom_after_plus"):
        found.dues.append(MonthEnd(number, "after"))
    elif sort == "eom_within":
        found.dues.append(MonthEnd(number, "within"))
    elif sort == "eom_unclear":
        found.unclear_days = number
    elif sort == "month_end":
        found.dues.append(MonthEnd())
    elif sort == "day_next_month":
        found.dues.append(DayOfMonth(day))
    elif sort == "day_this_month":
        found.dues.append(DayOfMonth(day, 0))
    elif sort == "cutoff":
        found.cutoff = day
    elif sort in CASH_WORDS:
        found.dues.append(Cash(cast(CashWord, sort)))


def _count(number: str, unit: str | None) -> NetDays | NetMonths:
    """So many days, weeks or months."""
    word = (unit or "").removeprefix("calendar ")
    if word.startswith(MONTH_UNITS):
        return NetMonths(int(number))
    if word.startswith(WEEK_UNITS):
        return NetDays(7 * int(number))
    return NetDays(int(number))


def _with_reading(found: _Found, reading: EomReading) -> tuple[DueRule, tuple[Discount, ...]]:
    """The due date and discounts of "net 30 EOM" in one reading.

    After the end of the month, the discount counts from there too ("2/10, n/30, EOM").
    """
    days = cast(int, found.unclear_days)
    if reading == "within":
        return MonthEnd(days, "within"), tuple(found.discounts)
    discounts = tuple(
        replace(discount, until=MonthEnd(discount.until.days, "after"))
        for discount in found.discounts
        if isinstance(discount.until, NetDays)
    )
    return MonthEnd(days, "after"), discounts


def _two_readings(plain: str, found: _Found) -> TermsUnclear:
    """The refusal of a text with two readings of the month's end, both told with an example."""
    readings = [_terms(found, _with_reading(found, reading)) for reading in ("after", "within")]
    return _unclear(plain, readings)


def _two_discount_readings(plain: str, found: _Found) -> TermsUnclear:
    """The refusal of "2/10 EOM": is payment due at the month's end, or the discount after it?"""
    counted = replace(found.discounts[0], until=MonthEnd(10, "after"))
    readings = [
        _terms(found, (MonthEnd(), tuple(found.discounts))),
        _terms(found, (None, (counted,))),
    ]
    return _unclear(plain, readings)


def _unclear(plain: str, readings: list[Terms]) -> TermsUnclear:
    told = []
    for terms in readings:
        due = f", so an invoice of 20 January 2026 is due on {terms.due_on(_SHOWN_ISSUED_ON)}"
        told.append(f"{terms.code} ({terms.words}{due if terms.has_due_date else ''})")
    return TermsUnclear(
        f"The terms {quoted(plain)} have two readings.",
        facts={"text": safe_text(plain, 200), "readings": [terms.code for terms in readings]},
        remedy=f"Look in the contract and write {told[0]} or {told[1]}.",
    )
