"""The seller's clerk, who applies cash by hand: at once where a payment says what it is for, after
a call where it does not, and never where nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from duly.world import behaviour
from duly.world.dice import dice
from duly.world.records import Application, Document, Line, Payment


@dataclass(slots=True)
class _Open:
    """A line that is being settled."""

    line: Line
    left_minor: int


class Clerk:
    """Works through payments, each on its day."""

    def __init__(self, seed: int) -> None:
        self._stream = dice(seed, "clerk")
        self._desk: list[tuple[date, Payment]] = []

    def take(self, payments: Sequence[Payment]) -> None:
        """Put payments on the desk."""
        for payment in payments:
            days = self._days_needed(payment)
            on = behaviour.working_day_after(payment.identified_on, days)
            self._desk.append((on, payment))

    def work(self, on: date) -> list[Application]:
        """Apply what is clear by a day. What was paid for nothing stays on account."""
        ready = [payment for day, payment in self._desk if day <= on]
        self._desk = [one for one in self._desk if one[0] > on]
        return [made for payment in ready for made in _settle(payment, on)]

    def credit(self, note: Document, document: Document) -> Application:
        """Apply a credit note to the document that it is about."""
        return Application(
            note.number, document.number, document.customer, note.amount_minor, note.issued_on
        )

    def _days_needed(self, payment: Payment) -> int:
        if payment.method == "direct_debit":
            return 0
        if payment.structured_references:
            return self._stream.choice((0, 0, 0, 0, 0, 1))
        if any(letter.isdigit() for letter in payment.remittance):
            return self._stream.choice((0, 0, 0, 0, 1))
        return self._stream.choice((0, 0, 1, 1, 2, 3, 6))


def _settle(payment: Payment, on: date) -> list[Application]:
    """A payment as its payer meant it: what it deducts comes from there, the rest is cash."""
    lines = [_Open(line, line.amount_minor) for line in payment.lines if line.document]
    made: list[Application] = []
    for credit in (one.line for one in lines if one.left_minor < 0):
        wanted = -credit.amount_minor
        for one in reversed(lines):
            fits = one.line.customer == credit.customer and not one.line.discount_minor
            part = min(wanted, one.left_minor) if fits else 0
            if part > 0:
                made.append(
                    Application(credit.document, one.line.document, credit.customer, part, on)
                )
                one.left_minor -= part
                wanted -= part
    return made + [
        Application(
            payment.bank_reference,
            one.line.document,
            one.line.customer,
            one.left_minor,
            on,
            one.line.discount_minor,
        )
        for one in lines
        if one.left_minor > 0
    ]
