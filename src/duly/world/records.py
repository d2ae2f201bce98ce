"""What happens in the world, as records: documents, payments, applications, lines at banks.

Amounts are whole minor units of the record's currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duly.world.accounts import OwnAccount
    from duly.world.company import Company


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, credit note or debit note; its amount is positive, its kind tells the side."""

    kind: str
    number: str
    customer: str
    currency: str
    issued_on: date
    due_on: date
    terms: str
    amount_minor: int
    po_number: str = ""
    order_ref: str = ""
    delivered_on: date | None = None
    reference: str = ""  # structured creditor reference


@dataclass(frozen=True, slots=True)
class Line:
    """What a payer means part of a payment for: cash for a document, and the discount taken.

    A negative amount is deducted: `document` is then a credit note, or the bank reference of money
    that was paid for nothing. Money for nothing has no document.
    """

    document: str
    customer: str
    amount_minor: int
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in, as the bank tells it; `payer` and `lines` are the truth, which no bank tells."""

    bank_reference: str
    account: str
    payer: str
    currency: str
    received_on: date
    amount_minor: int
    payer_name: str
    payer_account: str
    end_to_end: str
    structured_references: tuple[str, ...]  # creditor references or document numbers
    remittance: str
    method: str  # transfer or direct_debit
    lines: tuple[Line, ...]
    identified_on: date  # from when the seller's clerk knows who paid


@dataclass(frozen=True, slots=True)
class Application:
    """What the seller's clerk booked: part of a payment or credit note against a document."""

    source: str
    document: str
    customer: str
    amount_minor: int
    applied_on: date
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked line of an account; the amount is signed, money in is positive.

    `kind` is transfer, direct_debit, return, fee, reversal (of a fee) or sweep (to an account
    elsewhere). The first three have payments, direct debits several in one line.
    """

    account: str
    booked_on: date
    value_on: date
    amount_minor: int
    bank_reference: str
    kind: str
    text: str = ""
    payments: tuple[Payment, ...] = ()
    reason: str = ""  # of a return, in the codes of ISO 20022


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank tells of one account and a day or a week."""

    account: "OwnAccount"
    number: int  # of the year
    opened_on: date  # the day of the opening balance: that of the statement before
    closed_on: date
    opening_minor: int
    closing_minor: int
    lines: tuple[BankLine, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Part of a document that its customer does not accept; the world's own knowledge."""

    document: str
    customer: str
    amount_minor: int
    raised_on: date
    ends_on: date
    verdict: str


@dataclass(slots=True)
class Day:
    """Everything that happened on one day."""

    on: date
    documents: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    bank_lines: list[BankLine] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class History:
    """A company and what happened to it, day by day."""

    company: "Company"
    days: tuple[Day, ...]

    @property
    def until(self) -> date:
        return self.days[-1].on

    def documents(self) -> Iterator[Document]:
        return (document for day in self.days for document in day.documents)

    def payments(self) -> Iterator[Payment]:
        return (payment for day in self.days for payment in day.payments)

    def applications(self) -> Iterator[Application]:
        return (application for day in self.days for application in day.applications)

    def bank_lines(self) -> Iterator[BankLine]:
        return (line for day in self.days for line in day.bank_lines)

    def disputes(self) -> Iterator[Dispute]:
        return (dispute for day in self.days for dispute in day.disputes)

    def returned(self) -> set[str]:
        """Bank references of payments that went back."""
        return {
            payment.bank_reference
            for line in self.bank_lines()
            if line.kind == "return"
            for payment in line.payments
        }
