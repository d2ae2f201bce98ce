"""Facts that receivables announces: one event a batch, told in counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentsIssued:
    """Invoices, credit notes or debit notes were issued."""

    batch_id: int
    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class PaymentsReceived:
    """Money came in."""

    batch_id: int
    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class CashApplied:
    """Items were settled by payments or credit notes."""

    batch_id: int
    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class ApplicationsTakenBack:
    """Settlements were taken back; the items are open again."""

    batch_id: int
    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Voided:
    """Documents or payments were reversed as if they had not been."""

    batch_id: int
    entity_id: int
    documents: int
    payments: int


@dataclass(frozen=True, slots=True)
class PaymentsReturned:
    """The bank took money back that had come in; what it settled is open again."""

    batch_id: int
    entity_id: int
    payment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReturnsTakenBack:
    """Returns that an import brought were taken back with it; the payments stand again."""

    batch_id: int
    entity_id: int
    payment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RefundChanged:
    """A refund was asked for, approved, paid, refused, or lapsed."""

    entity_id: int
    refund_id: int
    state: str
