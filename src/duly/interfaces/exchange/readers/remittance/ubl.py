"""UBL RemittanceAdvice 2.x: one advice, a line for each RemittanceAdviceLine.

Rule: a debit amount is of an invoice, a credit amount of a credit note; what is both is the
difference. The total is TotalPaymentAmount, proved by the lines.
See: OASIS UBL 2.1, RemittanceAdvice.
"""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.advices import Advice, AdviceLine, Event, line_of
from duly.cash_application.rules.statements import decimals_of
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.interfaces.exchange.readers.remittance.elements import Element, read_elements
from duly.interfaces.exchange.readers.remittance.telling import (
    MOST_LINES,
    incomplete,
    short,
    too_many,
    unreadable,
)
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

_HEADS = {
    "ID",
    "IssueDate",
    "DocumentCurrencyCode",
    "TotalPaymentAmount",
    "PaymentOrderReference",
    "PayerReference",
    "AccountingCustomerParty",
    "PayerParty",
    "PaymentMeans",
}
_ROOT = "RemittanceAdvice"


def read_ubl(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a UBL RemittanceAdvice says. Problems: ADVICE_UNREADABLE for a line without amount."""
    heads: dict[str, Element] = {}
    lines: list[AdviceLine] = []
    unread = False
    for one in read_elements(file, (*_HEADS, "RemittanceAdviceLine")):
        if isinstance(one, Problem):
            yield one
            unread = True
            continue
        parent, element = one
        if parent != _ROOT:
            continue
        if element.name != "RemittanceAdviceLine":
            heads.setdefault(element.name, element)
            continue
        line = _line(element)
        if line is None:
            unread = True
            yield unreadable(f"line {len(lines) + 1}", "it has no amount that can be read")
        elif len(lines) >= MOST_LINES:
            yield too_many(name)
            return
        else:
            lines.append(line)
    if unread:
        return
    if not lines and "TotalPaymentAmount" not in heads:
        yield incomplete("line 1", "The file holds no remittance advice.")
        return
    yield from _advice(heads, lines)


def _advice(heads: dict[str, Element], lines: list[AdviceLine]) -> Iterator[Event]:
    total = heads.get("TotalPaymentAmount")
    currency = _said(heads, "DocumentCurrencyCode")[:3]
    if total is not None:
        currency = total.attributes.get("currencyID", currency)[:3]
    minor = minor_of(total.text.strip(), decimals_of(currency)) if total is not None else None
    if total is not None and minor is None:
        yield unreadable("the total", f"{quoted(total.text.strip())} is no amount")
        return
    payer = heads.get("PayerParty") or heads.get("AccountingCustomerParty") or Element("", {})
    means = heads.get("PaymentMeans") or Element("", {})
    yield Advice(
        "the file",
        short(payer.said("Party/PartyName/Name", "PartyName/Name")),
        short(means.said("PayerFinancialAccount/ID")),
        short(payer.said("SupplierAssignedAccountID", "CustomerAssignedAccountID")),
        short(
            means.said("PaymentID")
            or _said(heads, "PaymentOrderReference")
            or _said(heads, "PayerReference")
        ),
        minor,
        currency,
        _day(means.said("PaymentDueDate") or _said(heads, "IssueDate")),
        tuple(lines),
    )


def _said(heads: dict[str, Element], name: str) -> str:
    return heads[name].text.strip() if name in heads else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _line(one: Element) -> AdviceLine | None:
    """A line's document and what is paid on it; None where no amount can be read."""
    debit, credit = _minor(one, "DebitLineAmount"), _minor(one, "CreditLineAmount")
    if debit is None and credit is None:
        debit = _minor(one, "BalanceAmount")
        if debit is None:
            return None
    paid = (debit or 0) - (credit or 0)
    kinds = (
        "InvoiceDocumentReference",
        "CreditNoteDocumentReference",
        "DebitNoteDocumentReference",
    )
    number = one.said(*(f"BillingReference/{kind}/ID" for kind in kinds)) or one.said(
        *(f"DocumentReference/{kind}" for kind in ("ID", "UUID"))
    )
    return line_of(short(number), paid=paid, text=short(one.said("Note")))


def _minor(one: Element, name: str) -> int | None:
    amount = one.one(name)
    if amount is None:
        return None
    return minor_of(amount.text.strip(), decimals_of(amount.attributes.get("currencyID", "")[:3]))
