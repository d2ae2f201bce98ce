"""Payment terms as people write them into an e-invoice (BT-20): days, percentages, dates.

`parse_terms` of the kernel reads phrases and `#SKONTO#` lines; what it does not know is a calendar
date ("zahlbar bis 04.07.2018, 3% Skonto bis 15.06.2018"), which is read here. A text that says two
things is refused; a text that is not understood gives nothing.
See: XRechnung on BT-20: a discount is of BT-115 unless the line has its own base.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, InvalidDate, TermsUnclear
from duly.kernel.money import Money
from duly.kernel.quoting import quoted, safe_text
from duly.kernel.rounding import half_up
from duly.kernel.terms import Terms, parse_terms

# Days with a point or as ISO; 04/07/2018 has two readings and is left alone.
_DATE = (
    r"(?P<d>[0-9]{1,2})\.\s?(?P<m>[0-9]{1,2})\.\s?(?P<y>[0-9]{4})"
    r"|(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)
_UNTIL = re.compile(
    r"\b(?:(?:bis )?spätestens(?: (?:am|bis(?: zum)?|zum))?|bis(?: spätestens)?(?: zum)?"
    r"|fällig (?:am|zum)|until|(?:due |payable )?(?:by|on or before)|due(?: date)?(?: on)?"
    r"|jusqu'au|au plus tard le|échéance(?: le)?)\s?:?\s?"
    rf"(?:{_DATE})(?![0-9])",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?P<p>[0-9]{1,2}(?:[.,][0-9]{1,4})?)\s?%")
_DISCOUNT_WORD = re.compile(r"skonto|discount|escompte|sconto|korting|descuento", re.IGNORECASE)
_PAY_WORD = re.compile(
    r"zahl|überweis|begleich|fällig|netto|abzug|abschlag|pay|due|\bnet\b|paiement|règl|échéance",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"[0-9]\s?(?:kalender|werk|calendar |working )?(?:tag|day|jour|woche|week|monat|month|mois)",
    re.IGNORECASE,
)
# A point ends a clause before a capital letter: "abzgl. 2 %" and "21. 3. 2026" go on.
_CLAUSE_END = re.compile(r"[;\n]|,(?![0-9])|\.(?=\s+[A-ZÄÖÜ]|\s*$)")


@dataclass(frozen=True, slots=True)
class Step:
    """A discount: its last day and its amount in minor units."""

    until: date
    minor: int


@dataclass(frozen=True, slots=True)
class WrittenTerms:
    """What a text tells: the due day and discounts that follow, the terms in their short form.

    `code` is '' where the text is not understood as terms; `has_due_rule` tells that the terms say
    when to pay, even if we can't count it (instalments, or days from an unknown receipt).
    """

    due_on: date | None = None
    steps: tuple[Step, ...] = ()
    code: str = ""
    has_due_rule: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_understood(self) -> bool:
        return bool(self.code or self.due_on or self.steps)


@dataclass(slots=True)
class _Dated:
    """What the calendar dates of a text tell."""

    due: set[date] = field(default_factory=set)
    steps: list[tuple[date, Decimal]] = field(default_factory=list)
    is_whole: bool = True  # no clause without a date tells of days or percentages


def discount_percent(text: str) -> Decimal | None:
    """The percentage of a text that grants one discount; None for any other text.

    >>> discount_percent("Zahlbar mit 2% Skonto bis"), discount_percent("10% interest") is None
    (Decimal('2'), True)
    """
    found = {match["p"].replace(",", ".") for match in _PERCENT.finditer(text)}
    if len(found) != 1 or not _DISCOUNT_WORD.search(text):
        return None
    return Decimal(found.pop())


def percent_off(payable: Money, percent: Decimal) -> int:
    """A percentage of an amount in minor units, half up, as the kernel's discounts are."""
    return payable.times(percent / Decimal(100), half_up).minor


def read_written(
    text: str, *, issued_on: date, payable: Money, due_on: date | None, received_on: date | None
) -> WrittenTerms:
    """What a text tells of an invoice.

    Given: the day that the invoice states elsewhere, if it does; it counts before the text.
    Refuses: TermsUnclear where the text has two due days and the invoice states none.
    """
    try:
        dated = _dated(text)
        terms = parse_terms(_UNTIL.sub("", text).strip())
    except (TermsUnclear, InvalidDate) as error:
        return WrittenTerms(notes=(error.message,))
    notes: list[str] = []
    if terms.is_free_text:
        if not dated.is_whole:  # half a text is no text
            return WrittenTerms()
        counted, steps = None, list[Step]()
    else:
        counted, steps = _counted(terms, issued_on, payable, due_on, received_on, notes)
    code = "" if terms.is_free_text else terms.code
    due = _one_due(text, dated.due, counted, due_on, notes)
    written = [Step(until, percent_off(payable, percent)) for until, percent in dated.steps]
    if written and steps and {step.until for step in written} != {step.until for step in steps}:
        notes.append(f"the discount in {quoted(text, 120)} has two last days and is left out")
        written, steps = [], []
    return WrittenTerms(due, tuple(steps or written), code, terms.has_due_date, tuple(notes))


def _dated(text: str) -> _Dated:
    """The dates of a text, each with what its clause says of it."""
    found = _Dated()
    for clause in _CLAUSE_END.split(text):
        matches = list(_UNTIL.finditer(clause))
        if not matches:
            tells_more = _COUNT.search(clause) or discount_percent(clause) is not None
            found.is_whole = found.is_whole and not tells_more
            continue
        day = _day(matches[0])
        percent = discount_percent(clause)
        if len(matches) > 1 or (percent is None and not _PAY_WORD.search(clause)):
            found.is_whole = False
        elif percent is not None:
            found.steps.append((day, percent))
        else:
            found.due.add(day)
    return found


def _day(match: re.Match[str]) -> date:
    if match["iso"]:
        return parse_iso_date(match["iso"])
    return parse_iso_date(f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}")


def _counted(
    terms: Terms,
    issued_on: date,
    payable: Money,
    due_on: date | None,
    received_on: date | None,
    notes: list[str],
) -> tuple[date | None, list[Step]]:
    """The due day and the discounts that terms give when counted from the day of the invoice."""
    if len(terms.shares) > 1:
        return None, []
    counted = None
    try:
        if terms.has_due_date:
            counted = terms.due_on(issued_on, received_on=received_on)
        day = due_on or counted or issued_on  # discounts don't depend on it
        parts = terms.schedule(issued_on, payable, received_on=received_on, due_on=day)
    except DulyError as error:
        notes.append(error.message)
        return counted, []
    return counted, [Step(step.until, step.amount.minor) for step in parts[0].discounts]


def _one_due(
    text: str, written: set[date], counted: date | None, stated: date | None, notes: list[str]
) -> date | None:
    """The due day of the text. The invoice's own day counts first; two of the text are refused."""
    told = written | ({counted} if counted else set())
    if stated is not None:
        if told and told != {stated}:
            listed = ", ".join(str(day) for day in sorted(told))
            notes.append(
                f"the terms {quoted(text, 120)} lead to {listed}; the stated {stated} counts"
            )
        return stated
    if len(told) > 1:
        days = [day.isoformat() for day in sorted(told)]
        raise TermsUnclear(
            f"The terms {quoted(text, 120)} name {len(days)} due days: {', '.join(days)}.",
            facts={"text": safe_text(text, 200), "days": days},
            remedy="Ask the sender which one holds.",
        )
    return next(iter(told), None)
