"""Payment terms out of what people and files write."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from duly.kernel.errors import TermsUnclear
from duly.kernel.quoting import quoted, safe_text
from duly.kernel.terms.agreement import Share, Terms, free_text_terms
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
from duly.kernel.terms.codes import terms_from_code
from duly.kernel.terms.phrases import (
    LATE_CHARGE,
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
MAX_DISCOUNTS = 12
_SKONTO_MARK = "#SKONTO#"
_LIKELY_PERCENT = 20  # "30/60 net 90" without a percent sign is no discount of 30 per cent
_ALL = Decimal(100)


def parse_terms(text: str, *, eom_reading: EomReading | None = None) -> Terms:
    """The terms that a text tells, whole; or the text itself, kept and not understood.

    Rule: "net 30 EOM" and "45 jours fin de mois" have two readings. `eom_reading` names the one
    that the contracts of this house follow: "after" counts from the end of the month (discounts
    too), "within" goes to the end of the month in which the last day falls.
    Given: a canonical code, a phrase in one of six languages, or `#SKONTO#` lines.
    Returns: terms with `written` as given; `is_free_text` where the text is not understood.
    Refuses: TermsUnclear for two readings and for terms that can't be meant (see `clauses`).
    Never: understands a part of a text and drops the rest; words around `#SKONTO#` lines are the
    exception, because those lines mean the same in any prose.

    >>> parse_terms("2/10 net 30").code, parse_terms("30 Tage netto").code
    ('2/10-net30', 'net30')
    >>> parse_terms("net 30 EOM", eom_reading="after").code
    'net30-eom-after'
    >>> parse_terms("as agreed with Karin").is_free_text
    True
    """
    if len(text) <= MAX_CHARACTERS:
        return _remembered(text, eom_reading)
    return _Reader(text, eom_reading).read()


@lru_cache(maxsize=4096)
def _remembered(text: str, eom_reading: EomReading | None) -> Terms:
    return _Reader(text, eom_reading).read()


@dataclass(slots=True)
class _Clauses:
    """The clauses of one text so far."""

    dues: list[DueRule] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    unclear_days: int | None = None  # days with "end of month", reading not told
    cutoff: int | None = None
    starts_at_receipt: bool = False
    is_doubtful: bool = False  # a "2/10" came without a percent sign

    def terms(self, due: DueRule | None, discounts: tuple[Discount, ...]) -> Terms:
        return Terms((Share(_ALL, due, discounts),), self.starts_at_receipt)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One text and the policy under which it is read."""

    written: str
    eom_reading: EomReading | None

    def read(self) -> Terms:
        """The terms of the text, or the text kept."""
        text = self.written.strip()
        if _SKONTO_MARK in text.upper():
            return replace(self._skonto(text), written=self.written)
        if not text or len(text) > MAX_CHARACTERS:
            return free_text_terms(self.written)
        found = terms_from_code(text.lower())
        if found is None:
            plain = _plain(text)
            found = self._instalments(plain) or self._single(plain)
        if found is None:
            return free_text_terms(self.written)
        return replace(found, written=self.written)

    def _skonto(self, text: str) -> Terms:
        """Terms of `#SKONTO#` lines; the due date from the words around, where understood."""
        lines = list(SKONTO.finditer(text))
        if len(lines) != text.upper().count(_SKONTO_MARK) or len(lines) > MAX_DISCOUNTS:
            raise TermsUnclear(
                f"The discount lines in {quoted(text, 120)} can't be read.",
                facts={"text": safe_text(text, 400), "limit_lines": MAX_DISCOUNTS},
                remedy="Each must read like #SKONTO#TAGE=14#PROZENT=2.00#.",
            )
        discounts = tuple(
            Discount(Decimal(line[2]), NetDays(int(line[1])), Decimal(line[3]) if line[3] else None)
            for line in lines
        )
        words = _plain(LATE_CHARGE.sub(" ", SKONTO.sub(" ", text)))
        told = self._single(words) if 0 < len(words) <= MAX_CHARACTERS else None
        due = told.shares[0].due if told else None
        return Terms((Share(_ALL, due, discounts),), told.starts_at_receipt if told else False)

    def _instalments(self, plain: str) -> Terms | None:
        """Terms of several percentages, each with when it is due; None where it is not that."""
        starts = list(SHARE_START.finditer(plain))
        if len(starts) < 2 or starts[0].start() != 0:
            return None
        ends = [start.start() for start in starts[1:]] + [len(plain)]
        shares = []
        left = _ALL
        starts_at_receipt = False
        for start, end in zip(starts, ends, strict=True):
            part = self._share(SHARE_JOIN.sub("", plain[start.end() : end]).strip())
            if part is None or not part.has_due_date or (start["rest"] and end != len(plain)):
                return None
            percent = left if start["rest"] else Decimal(start["p"])
            left -= percent
            starts_at_receipt = starts_at_receipt or part.starts_at_receipt
            shares.append(replace(part.shares[0], percent=percent))
        return Terms(tuple(shares), starts_at_receipt)

    def _share(self, plain: str) -> Terms | None:
        """When one instalment is due: a bare number is days, anything else terms of its own."""
        bare = SHARE_DAYS.fullmatch(plain)
        if bare:
            return Terms((Share(_ALL, _count(int(bare["n"]), bare["unit"])),))
        return self._single(plain)

    def _single(self, plain: str) -> Terms | None:
        """Terms of one share; None where a word is not understood or clauses don't fit."""
        found = _scan(plain)
        if found is None or len(found.dues) + (found.unclear_days is not None) > 1:
            return None
        discounts = tuple(found.discounts)
        due = found.dues[0] if found.dues else None
        if found.unclear_days is not None:
            return self._month_end(found, found.unclear_days)
        if discounts and due == MonthEnd():
            counted = _after_month_end(discounts)
            raise self._two_readings(found.terms(due, discounts), found.terms(None, counted))
        if found.cutoff is not None:
            if not isinstance(due, DayOfMonth):
                return None
            due = replace(due, cutoff=found.cutoff)
        if due is None and (not discounts or found.is_doubtful):
            return None
        if found.is_doubtful and any(each.percent > _LIKELY_PERCENT for each in discounts):
            return None
        return found.terms(due, discounts)

    def _month_end(self, found: _Clauses, days: int) -> Terms | None:
        """Terms like "net 30 EOM", in the reading of the house, or refused.

        After the end of the month, the discount counts from there too ("2/10, n/30, EOM").
        """
        if any(not isinstance(discount.until, NetDays) for discount in found.discounts):
            return None
        discounts = tuple(found.discounts)
        after = found.terms(MonthEnd(days, "after"), _after_month_end(discounts))
        within = found.terms(MonthEnd(days, "within"), discounts)
        if self.eom_reading is None:
            raise self._two_readings(after, within)
        return after if self.eom_reading == "after" else within

    def _two_readings(self, *readings: Terms) -> TermsUnclear:
        """The refusal of a text with two readings, both told with an example."""
        told = []
        for terms in readings:
            example = ""
            if terms.has_due_date and not terms.starts_at_receipt:
                due_on = terms.due_on(date(2026, 1, 20))
                example = f", so that an invoice of 20 January is due {due_on.day} {due_on:%B}"
            told.append(f"{terms.code} ({terms.words}{example})")
        return TermsUnclear(
            f"The terms {quoted(self.written)} have two readings.",
            facts={
                "text": safe_text(self.written, 200),
                "readings": [terms.code for terms in readings],
            },
            remedy=f"Look in the contract, then write {told[0]} or {told[1]}.",
        )


def _plain(text: str) -> str:
    """Small letters, single spaces, decimal points, and no space before a percent sign."""
    plain = re.sub(r"\s*[\r\n]+\s*", ". ", text.lower())
    plain = re.sub(r"\s+", " ", plain).replace("–", "-").replace("’", "'")
    plain = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain)
    plain = re.sub(r" ?(?:%|\bper ?cent\b)", "%", plain)
    return plain.strip(" .,;").removeprefix("100%").strip()


def _scan(plain: str) -> _Clauses | None:
    """The clauses of a text, phrase by phrase; None at the first thing not understood."""
    found = _Clauses()
    place = 0
    while place < len(plain):
        for sort, pattern in PHRASES:
            match = pattern.match(plain, place)
            if match:
                _take(sort, match, found)
                break
        else:
            return None
        place = match.end()
        if separator := SEPARATORS.match(plain, place):
            place = separator.end()
    return found


def _take(sort: str, match: re.Match[str], found: _Clauses) -> None:
    """Add what one phrase tells."""
    told = match.groupdict()
    count = _count(int(told.get("n") or 0), told.get("unit"))
    day = int(told.get("d") or 31)
    if sort == "discount":
        found.discounts.append(Discount(Decimal(told["p"]), count))
        found.is_doubtful = found.is_doubtful or "%" not in match[0]
    elif sort == "net":
        found.dues.append(count)
    elif sort == "at_once":
        found.dues.append(NetDays(0))
    elif sort == "on_receipt_of_goods":
        found.dues.append(NetDays(0))
        found.starts_at_receipt = True
    elif sort == "from_receipt_of_goods":
        found.starts_at_receipt = True
    elif sort == "eom_after":
        found.dues.append(MonthEnd(int(told["n"]), "after"))
    elif sort == "eom_within":
        found.dues.append(MonthEnd(int(told["n"]), "within"))
    elif sort == "eom_unclear":
        found.unclear_days = int(told["n"])
    elif sort == "month_end":
        found.dues.append(MonthEnd())
    elif sort in ("day_next_month", "last_next_month"):
        found.dues.append(DayOfMonth(day))
    elif sort == "day_this_month":
        found.dues.append(DayOfMonth(day, 0))
    elif sort == "cutoff":
        found.cutoff = day
    elif sort in CASH_WORDS:
        found.dues.append(Cash(sort))


def _count(number: int, unit: str | None) -> NetDays | NetMonths:
    """So many days, weeks or months; days where no unit is named."""
    word = (unit or "").removeprefix("calendar ")
    if word.startswith(MONTH_UNITS):
        return NetMonths(number)
    return NetDays(7 * number if word.startswith(WEEK_UNITS) else number)


def _after_month_end(discounts: tuple[Discount, ...]) -> tuple[Discount, ...]:
    """The same discounts, their days counted from the end of the month."""
    return tuple(
        replace(discount, until=MonthEnd(discount.until.days, "after"))
        for discount in discounts
        if isinstance(discount.until, NetDays)
    )
