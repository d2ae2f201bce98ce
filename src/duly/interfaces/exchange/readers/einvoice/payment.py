"""When an e-invoice is due and what it grants for paying sooner, out of all the places it says so.

Rule: a day that the invoice states (BT-9) counts; else the day that its terms (BT-20) give; else
none, and intake asks the customer's terms. A discount is of the amount to pay (BT-115) unless it
states its own base. Nothing is guessed: what can't be read is kept as text and told.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from duly.interfaces.exchange.readers.einvoice.amounts import Amounts, percent_of
from duly.interfaces.exchange.readers.einvoice.invoice import EInvoice, Stated, TermsGroup
from duly.interfaces.exchange.readers.einvoice.written_terms import (
    Step,
    WrittenTerms,
    discount_percent,
    percent_off,
    read_written,
)
from duly.kernel.dates import add_months, parse_iso_date
from duly.kernel.errors import DulyError, problem_from
from duly.kernel.money import Money
from duly.kernel.quoting import quoted

_DAYS_OF = {"": 1, "DAY": 1, "D": 1, "WEE": 7}  # UN/ECE units of time
_MONTH = "MON"
_BREAKS_OFF = re.compile(r"\b(?:bis|bis zum|until|by|jusqu'au)\s?:?\s?$", re.IGNORECASE)
_MOST_DAYS = 3660
_MOST_READ = 4_000  # characters of text; no sender writes terms as long as that
MAX_TERMS = 200  # characters that the column holds


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment columns of a row; '' and None where the invoice says nothing."""

    due_on: str = ""
    terms: str = ""
    discount_until: str = ""
    discount_minor: int | None = None


def payment(
    invoice: EInvoice,
    *,
    issued_on: date,
    received_on: date | None,
    payable_minor: int,
    is_credit: bool,
    amounts: Amounts,
) -> Payment:
    """How and when an invoice is to be paid; problems and notes go to `amounts`.

    Given: the payable amount as it stands in the books, not negative.
    """
    text = "\n".join(filter(None, map(_whole_text, invoice.terms)))
    kept = _one_line(text)
    dues, steps = _structured(invoice, issued_on, payable_minor, amounts)
    if len(dues) > 1:
        days = ", ".join(day.isoformat() for day in dues)
        amounts.refuse(
            "BT-9",
            "DUE_DATES_MANY",
            f"The invoice is due in parts: {days}.",
            "Import it as a table with one row and terms such as 50% net 30, 50% net 60.",
        )
        return Payment()
    stated = dues[0] if dues else None
    if is_credit or not payable_minor:
        return Payment(_idle_due(stated, issued_on, is_credit, amounts), kept)
    money = Money(payable_minor, amounts.currency)
    try:
        written = _written(text, issued_on, received_on, money, stated)
    except DulyError as error:
        amounts.problems.append(problem_from(error, f"{amounts.where}, BT-20"))
        return Payment()
    for note in written.notes:
        amounts.notes.append(f"{amounts.where}, BT-20: {note}")
    due = stated or written.due_on
    if text and not written.is_understood:
        _tell_unread(text, due, amounts)
    step = _first_step(steps, written.steps, issued_on, amounts)
    # Terms that tell of a discount alone leave the due day to the customer's terms.
    leaves_due_open = due is None and written.is_understood and not written.has_due_rule
    return Payment(
        due.isoformat() if due else "",
        "" if leaves_due_open else written.code or kept,
        step.until.isoformat() if step else "",
        step.minor if step else None,
    )


def _whole_text(group: TermsGroup) -> str:
    """The text of a group; one that breaks off at "bis" goes on with the day beside it."""
    if group.due_on and _BREAKS_OFF.search(group.text[-_MOST_READ:]):
        return f"{group.text} {group.due_on}"
    return group.text


def _idle_due(stated: date | None, issued_on: date, is_credit: bool, amounts: Amounts) -> str:
    """The due day of a document that nobody has to pay: a credit note, or one paid in full."""
    if stated is not None:
        return stated.isoformat()
    if is_credit:
        return ""
    amounts.notes.append(
        f"{amounts.where} is paid in full and states no due date; its own day stands for it."
    )
    return issued_on.isoformat()


def _written(
    text: str, issued_on: date, received_on: date | None, payable: Money, stated: date | None
) -> WrittenTerms:
    if not text or len(text) > _MOST_READ:  # a part of a text may say what the whole does not
        return WrittenTerms()
    return read_written(
        text, issued_on=issued_on, payable=payable, due_on=stated, received_on=received_on
    )


def _structured(
    invoice: EInvoice, issued_on: date, payable_minor: int, amounts: Amounts
) -> tuple[list[date], list[Step]]:
    """The due days and the discounts that stand in fields of their own."""
    texts = list(invoice.dues)
    steps: list[Step] = []
    for group in invoice.terms:
        percent = discount_percent(group.text) if group.due_on else None
        if group.percent or group.discount:
            step = _granted(group, issued_on, payable_minor, amounts)
            steps += [step] if step else []
        elif percent is not None and len(invoice.terms) > 1:
            # "Zahlbar mit 2% Skonto bis" and a day of its own: that day ends the discount.
            until = _day(group.due_on, amounts)
            money = Money(payable_minor, amounts.currency)
            steps += [Step(until, percent_off(money, percent))] if until else []
            continue
        if group.due_on:
            texts.append(group.due_on)
    days = [_day(text, amounts) for text in dict.fromkeys(texts)]
    return [day for day in days if day is not None], steps


def _day(text: str, amounts: Amounts) -> date | None:
    try:
        return parse_iso_date(text)
    except DulyError as error:
        amounts.problems.append(problem_from(error, f"{amounts.where}, BT-9"))
        return None


def _granted(
    group: TermsGroup, issued_on: date, payable_minor: int, amounts: Amounts
) -> Step | None:
    """A discount in fields of its own (UBL settlement, CII discount terms); told if unreadable."""
    until = _last_day(group, issued_on)
    minor = _discount_minor(group, payable_minor, amounts)
    if until is None or minor is None or not 0 < minor <= payable_minor:
        told = " ".join(filter(None, (group.percent, group.discount, group.days, group.until)))
        amounts.notes.append(
            f"{amounts.where}: its discount ({quoted(told, 80)}) has no last day or no amount that "
            "fits, and is left out."
        )
        return None
    return Step(until, minor)


def _last_day(group: TermsGroup, issued_on: date) -> date | None:
    try:
        if group.until:
            return parse_iso_date(group.until)
        start = parse_iso_date(group.starts_on) if group.starts_on else issued_on
    except DulyError:
        return None
    whole = group.days.removesuffix(".00").removesuffix(".0")
    if not (whole.isascii() and whole.isdecimal() and int(whole[:6]) <= _MOST_DAYS):
        return None
    unit = group.days_unit.upper()
    if unit == _MONTH:
        return add_months(start, int(whole))
    if unit not in _DAYS_OF:
        return None
    return start + timedelta(days=int(whole) * _DAYS_OF[unit])


def _discount_minor(group: TermsGroup, payable_minor: int, amounts: Amounts) -> int | None:
    if group.discount:
        return amounts.read(Stated(group.discount), "BT-20")
    percent = percent_of(group.percent)
    base = amounts.read(Stated(group.base), "BT-20") if group.base else payable_minor
    if percent is None or base is None:
        return None
    return percent_off(Money(base, amounts.currency), Decimal(percent))


def _first_step(
    fields: list[Step], written: tuple[Step, ...], issued_on: date, amounts: Amounts
) -> Step | None:
    """The discount that counts: fields before text, the earliest day of several; others told."""
    chosen = sorted(fields or written, key=lambda step: (step.until, -step.minor))
    rest = [step for step in (*chosen[1:], *(written if fields else ())) if step not in chosen[:1]]
    for step in rest:
        amounts.notes.append(
            f"{amounts.where} also grants {amounts.text(step.minor)} until {step.until}; the first "
            "discount alone is kept."
        )
    if chosen and chosen[0].until < issued_on:
        amounts.notes.append(
            f"{amounts.where}: its discount ends on {chosen[0].until}, before the invoice date, "
            "and is left out."
        )
        return None
    return chosen[0] if chosen else None


def _tell_unread(text: str, due: date | None, amounts: Amounts) -> None:
    follows = (
        f"the due date {due} stands in the invoice"
        if due
        else "the invoice states no due date either"
    )
    amounts.notes.append(
        f"{amounts.where}: the payment terms {quoted(_one_line(text), 120)} can't be read as a "
        f"rule and are kept as text; {follows}."
    )


def _one_line(text: str) -> str:
    """A text on one line, cut to what the column holds."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_TERMS else line[: MAX_TERMS - 1] + "…"
