"""The documents that the structured remittance of a payment names (Strd), with their amounts.

Rule: a document of which an amount can't be read, or is in another currency than the entry, makes
all of them be left out: half of a remittance would be taken for the whole.
See: ISO 20022, StructuredRemittanceInformation.
"""

from collections.abc import Sequence

from duly.cash_application.rules.statements import NamedDocument
from duly.interfaces.exchange.readers.bank.camt.shapes import Amount, DocumentShape
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.kernel.currencies import EXPONENTS

_CREDIT_NOTE = "CREN"


class _Unread(Exception):  # noqa: N818 - never leaves this module
    """A document lacks its number or amount, or that can't be read."""


def documents_in(
    texts: Sequence[str], shapes: Sequence[DocumentShape], currency: str
) -> tuple[NamedDocument, ...]:
    """The documents of a payment in a currency; none where one of them can't be read."""
    currencies = {
        amount.currency
        for shape in shapes
        for amounts in (shape.gross, shape.paid, shape.credit, shape.discounts, shape.deductions)
        for amount in amounts
    }
    if currencies != {currency} or currency not in EXPONENTS:
        return ()
    try:
        return tuple(_document(texts, shape) for shape in shapes)
    except _Unread:
        return ()


def _document(texts: Sequence[str], shape: DocumentShape) -> NamedDocument:
    kind = texts[shape.kind].strip()
    number = " ".join(texts[shape.number].split())
    gross, paid = _sum(texts, shape.gross), _sum(texts, shape.paid)
    credit = _sum(texts, shape.credit)
    if paid is None and credit is not None:
        paid = -abs(credit)
    elif kind == _CREDIT_NOTE:
        paid = None if paid is None else -abs(paid)
    if not number or (gross is None and paid is None):
        raise _Unread
    return NamedDocument(
        number,
        kind,
        gross,
        paid,
        _sum(texts, shape.discounts) or 0,
        _sum(texts, shape.deductions) or 0,
        texts[shape.reason].strip(),
    )


def _sum(texts: Sequence[str], amounts: Sequence[Amount]) -> int | None:
    """What some amounts make; None for none of them."""
    if not amounts:
        return None
    total = 0
    for amount in amounts:
        minor = minor_of(texts[amount.at].strip(), EXPONENTS[amount.currency])
        if minor is None:
            raise _Unread
        total += minor
    return total
