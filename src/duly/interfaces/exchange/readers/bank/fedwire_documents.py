"""The documents that the structured remittance of a wire names: tags {8400} to {8600}.

Rule: {8400} opens a document, the amounts behind it are its own. One without an amount, in another
currency than US dollars, or with an amount that is none leaves all of them out: half of a
remittance would be taken for the whole. A second document ({8700}) only tells more of the first.
See: FAIM 3.0 (Federal Reserve Banks), structured remittance.
"""

from collections.abc import Callable, Iterable

from duly.cash_application.rules.statements import NamedDocument
from duly.interfaces.exchange.readers.bank.figures import minor_of

_CREDIT_NOTE = "CREN"
Fields = Callable[..., list[str]]


class _Unread(Exception):  # noqa: N818 - never leaves this module
    """An amount is none, or of another currency."""


def documents_in(tags: Iterable[tuple[str, str]], fields: Fields) -> tuple[NamedDocument, ...]:
    """The documents that tags name; `fields` cuts a value into fields of some widths."""
    found: list[NamedDocument] = []
    try:
        for tag, value in tags:
            if tag == "8400":
                kind, _, number = fields(value, 4, 35, 35)
                found.append(NamedDocument(number, kind))
            elif found:
                found[-1] = _with(found[-1], tag, value, fields)
    except _Unread:
        return ()
    is_whole = all(
        one.number and not (one.gross_minor is None and one.paid_minor is None) for one in found
    )
    return tuple(_signed(one) for one in found) if is_whole else ()


def _with(one: NamedDocument, tag: str, value: str, fields: Fields) -> NamedDocument:
    if tag == "8450":
        return one._replace(paid_minor=_minor(*fields(value, 3, 19)))
    if tag == "8500":
        return one._replace(gross_minor=_minor(*fields(value, 3, 19)))
    if tag == "8550":
        return one._replace(discount_minor=one.discount_minor + _minor(*fields(value, 3, 19)))
    if tag == "8600":
        reason, _, currency, amount = fields(value, 2, 4, 3, 19)
        minor = one.deduction_minor + _minor(currency, amount)
        return one._replace(deduction_minor=minor, reason=reason)
    return one


def _minor(currency: str, amount: str) -> int:
    minor = minor_of(amount.replace(",", "."), 2) if currency == "USD" else None
    if minor is None:
        raise _Unread
    return minor


def _signed(one: NamedDocument) -> NamedDocument:
    """A credit note takes off what is paid."""
    if one.kind != _CREDIT_NOTE or one.paid_minor is None:
        return one
    return one._replace(paid_minor=-abs(one.paid_minor))
