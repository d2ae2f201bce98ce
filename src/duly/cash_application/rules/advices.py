"""What a payer says they paid: an advice for each payment, a line for each document. Frozen rows.

Rule of a line: gross - discount - deduction = paid. Credit notes are negative. A deduction in a
line of its own has a gross amount of zero, and takes off the payment; where it belongs to no
document it has no number.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from duly.cash_application.rules.statements import NamedDocument, decimals_of
from duly.kernel.amounts import MAX_MINOR, text_from_minor
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

UNREADABLE, DOUBTFUL, CONTRADICTS = "ADVICE_UNREADABLE", "ADVICE_DOUBTFUL", "ADVICE_CONTRADICTS"
INCOMPLETE, DOES_NOT_ADD_UP = "INCOMPLETE", "DOES_NOT_ADD_UP"
FATAL = (UNREADABLE, INCOMPLETE, DOES_NOT_ADD_UP)  # a file with one of these is not taken in
MOST_PROBLEMS = 100


class AdviceLine(NamedTuple):
    """What was paid on a document, and what was kept back: minor units, None where not told."""

    number: str
    gross_minor: int | None = None
    paid_minor: int | None = None
    discount_minor: int = 0
    deduction_minor: int = 0
    reason: str = ""  # of the deduction, as the payer codes it
    text: str = ""

    @property
    def settled_minor(self) -> int | None:
        """What the payer holds to be settled by it: paid, discount and deduction."""
        if self.paid_minor is None:
            return None
        return self.paid_minor + self.discount_minor + self.deduction_minor


class Advice(NamedTuple):
    """What a payer says of one payment. `currency` is "" where it is not told.

    `payer_code`: what the payer calls itself, or is called by us; `payment_reference`: what the
    payment carries as well, several with blanks between.
    """

    place: str
    payer_name: str = ""
    payer_account: str = ""
    payer_code: str = ""
    payment_reference: str = ""
    amount_minor: int | None = None
    currency: str = ""
    paid_on: date | None = None
    lines: tuple[AdviceLine, ...] = ()

    @property
    def total_minor(self) -> int | None:
        """What was paid: as told in all, or else as the lines make; None where neither tells."""
        return self.lines_minor if self.amount_minor is None else self.amount_minor

    @property
    def lines_minor(self) -> int | None:
        """What the lines make; None where one of them tells no amount."""
        paid = [line.paid_minor for line in self.lines]
        told = [minor for minor in paid if minor is not None]
        return sum(told) if told and len(told) == len(paid) else None


Event = Advice | Problem


def line_of(
    number: str,
    gross: int | None = None,
    paid: int | None = None,
    discount: int = 0,
    deduction: int = 0,
    reason: str = "",
    text: str = "",
) -> AdviceLine:
    """A line of what is told: what was paid follows from the rest, and signs from the sum.

    Payers write what they keep back with either sign; the one that makes the line add up is meant,
    and where none does, the one that makes the line smaller.

    >>> line_of("1", gross=10000, discount=-200).paid_minor
    9800
    >>> line_of("2", gross=10000, paid=9500, deduction=-500).deduction_minor
    500
    """
    side = -1 if (paid if paid is not None else gross or 0) < 0 else 1
    taken = (side * abs(discount), side * abs(deduction))
    if gross is not None and paid is not None:
        signs = product((1, -1), repeat=2)
        tried = [(one * taken[0], other * taken[1]) for one, other in signs]
        taken = next((pair for pair in tried if gross - sum(pair) == paid), taken)
    elif gross is not None:
        paid = gross - sum(taken)
    return AdviceLine(number, gross, paid, *taken, reason, text)


def kept_back(minor: int, reason: str = "", text: str = "", number: str = "") -> AdviceLine:
    """A deduction in a line of its own, of a document or of none: a positive amount."""
    return AdviceLine(number, 0, -minor, 0, minor, reason, text)


def prove(events: Iterable[Event]) -> Iterator[Event]:
    """The same events, with a problem behind each advice that contradicts itself.

    One in no currency, or of amounts that nothing can hold, is a problem itself.
    """
    for event in events:
        if isinstance(event, Problem):
            yield event
        elif fault := _fault_of(event):
            yield Problem(event.place, UNREADABLE, fault, "Ask the payer for it again.")
        else:
            yield event
            for why in contradictions(event):
                yield Problem(event.place, CONTRADICTS, why, "Ask the payer which is right.")


def _fault_of(advice: Advice) -> str:
    """Why an advice can't be kept; "" where it can."""
    if advice.currency and advice.currency not in EXPONENTS:
        return f"{quoted(advice.currency)} is no currency."
    amounts = [advice.amount_minor, advice.total_minor]
    for line in advice.lines:
        amounts += (line.gross_minor, line.paid_minor, line.discount_minor, line.deduction_minor)
        amounts.append(line.settled_minor)
    if any(minor is not None and abs(minor) > MAX_MINOR for minor in amounts):
        return "Its amounts make more than can be held."
    return ""


def contradictions(advice: Advice) -> list[str]:
    """What of an advice can't be true together, in words."""
    told = []
    for line in advice.lines[:MOST_PROBLEMS]:
        gross, settled = line.gross_minor, line.settled_minor
        is_split = line.discount_minor or line.deduction_minor
        if gross is not None and settled is not None and is_split and gross != settled:
            told.append(
                f"{line.number or 'A deduction'}: paid, discount and deduction make "
                f"{_amount(settled, advice)}, the document is {_amount(gross, advice)}."
            )
    made = advice.lines_minor
    if advice.amount_minor is not None and made is not None and made != advice.amount_minor:
        told.append(
            f"The lines make {_amount(made, advice)}, the payment is "
            f"{_amount(advice.amount_minor, advice)}."
        )
    return told


def lines_of(documents: Sequence[NamedDocument], minor: int) -> tuple[AdviceLine, ...]:
    """Structured remittance as the lines of an advice, where it makes the payment to the cent.

    >>> one = NamedDocument("RE-1", "CINV", None, 9800, 200)
    >>> lines_of([one], 9800)[0].settled_minor, lines_of([one], 9700)
    (10000, ())
    """
    lines = tuple(
        line_of(
            one.number,
            one.gross_minor,
            one.paid_minor,
            one.discount_minor,
            one.deduction_minor,
            one.reason,
        )
        for one in documents
    )
    return lines if sum(line.paid_minor or 0 for line in lines) == minor else ()


def numbers_of(advices: Sequence[Advice]) -> set[str]:
    """Every number that the lines name."""
    return {line.number for advice in advices for line in advice.lines if line.number}


def _amount(minor: int, advice: Advice) -> str:
    return f"{text_from_minor(minor, decimals_of(advice.currency))} {advice.currency}".rstrip()
