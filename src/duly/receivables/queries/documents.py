"""One document looked at from all sides; everything that happened with a customer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from duly.ledger.queries import EntryRow, entries_with_postings, recorded_moments
from duly.receivables.models import Application, Document, Item, Payment


class ApplicationRow(NamedTuple):
    """A settlement (or one taken back: negative) seen from an item or from its source."""

    id: int
    reason: str
    applied_on: date
    amount_minor: int
    source: str  # the payment's or the credit note's number; "" for neither
    item: str  # the item's document number; "" where none is settled
    reverses_id: int | None
    batch_id: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its items, what settled them, and what was posted."""

    document: Document
    items: list[Item]
    applications: list[ApplicationRow]
    entries: list[EntryRow]


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment with what it was applied to, and what was posted."""

    payment: Payment
    applications: list[ApplicationRow]
    entries: list[EntryRow]


class Happening(NamedTuple):
    """One thing on a timeline, newest first."""

    on: date
    recorded_at: datetime
    kind: str  # invoice, credit_note, debit_note, payment, cash, credit, discount, void, ...
    number: str
    other: str  # of an application: the payment's or the credit note's number
    currency: str
    amount_minor: int
    record: str  # "document" or "payment": what a click opens
    record_id: int
    is_taken_back: bool


def document_view(document_id: int) -> DocumentView | None:
    """A document from all sides, or None."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        return None
    items = list(Item.objects.filter(document_id=document_id).order_by("instalment"))
    ids = [item.pk for item in items]
    rows = Application.objects.filter(Q(item_id__in=ids) | Q(credit_item_id__in=ids))
    applications = _application_rows(list(rows.order_by("id")))
    entries = entries_with_postings("document", [document_id])
    entries += entries_with_postings("application", [row.id for row in applications])
    return DocumentView(document, items, applications, entries)


def payment_view(payment_id: int) -> PaymentView | None:
    """A payment from all sides, or None."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        return None
    rows = Application.objects.filter(payment_id=payment_id).order_by("id")
    applications = _application_rows(list(rows))
    entries = entries_with_postings("payment", [payment_id])
    entries += entries_with_postings("application", [row.id for row in applications])
    return PaymentView(payment, applications, entries)


def _application_rows(rows: list[Application]) -> list[ApplicationRow]:
    items, sources = _names(rows)
    return [
        ApplicationRow(
            row.pk,
            row.reason,
            row.applied_on,
            row.amount_minor,
            sources.get((row.payment_id, row.credit_item_id), ("", 0))[0],
            items.get(row.item_id, ("", 0))[0],
            row.reverses_id,
            row.batch_id,
        )
        for row in rows
    ]


def _names(
    rows: list[Application],
) -> tuple[
    dict[int | None, tuple[str, int]],
    dict[tuple[int | None, int | None], tuple[str, int]],
]:
    """({item: (number, document)}, {(payment, credit item): (number, payment or document)})."""
    item_ids = {row.item_id for row in rows} | {row.credit_item_id for row in rows}
    document_of = dict(
        Item.objects.filter(pk__in=item_ids - {None}).values_list("pk", "document_id")
    )
    numbers = dict(
        Document.objects.filter(pk__in=set(document_of.values())).values_list("pk", "number")
    )
    payments = dict(
        Payment.objects.filter(pk__in={row.payment_id for row in rows} - {None}).values_list(
            "pk", "number"
        )
    )
    items: dict[int | None, tuple[str, int]] = {
        item_id: (numbers[document_id], document_id) for item_id, document_id in document_of.items()
    }
    sources: dict[tuple[int | None, int | None], tuple[str, int]] = {
        (payment_id, None): (number, payment_id) for payment_id, number in payments.items()
    }
    sources.update({(None, item_id): named for item_id, named in items.items()})
    return items, sources


def timeline(*, customer_id: int, limit: int = 40, before: date | None = None) -> list[Happening]:
    """What happened with a customer, newest first; `before` a day for the next page."""
    until = {} if before is None else {"lt": before}

    def narrowed(field: str) -> dict[str, date]:
        return {f"{field}__{how}": day for how, day in until.items()}

    documents = list(
        Document.objects.filter(customer_id=customer_id, **narrowed("issued_on")).order_by(
            "-issued_on", "-id"
        )[:limit]
    )
    payments = list(
        Payment.objects.filter(customer_id=customer_id, **narrowed("received_on")).order_by(
            "-received_on", "-id"
        )[:limit]
    )
    applications = list(
        Application.objects.filter(
            Q(customer_id=customer_id) | Q(payer_id=customer_id), **narrowed("applied_on")
        ).order_by("-applied_on", "-id")[:limit]
    )
    items, sources = _names(applications)
    moments = recorded_moments(
        {row.batch_id for rows in (documents, payments, applications) for row in rows}  # type: ignore[attr-defined]
    )
    found = [
        Happening(
            d.issued_on,
            moments[d.batch_id],
            d.kind,
            d.number,
            "",
            d.currency,
            d.amount_minor,
            "document",
            d.pk,
            d.is_void,
        )
        for d in documents
    ]
    found += [
        Happening(
            p.received_on,
            moments[p.batch_id],
            "payment",
            p.number,
            p.reference,
            p.currency,
            p.amount_minor,
            "payment",
            p.pk,
            p.is_void,
        )
        for p in payments
    ]
    for a in applications:
        item = items.get(a.item_id)
        source = sources.get((a.payment_id, a.credit_item_id))
        number, record_id = item or source or ("", 0)
        record = "document" if item or a.credit_item_id else "payment"
        found.append(
            Happening(
                a.applied_on,
                moments[a.batch_id],
                a.reason,
                number,
                source[0] if source else "",
                a.currency,
                a.amount_minor,
                record,
                record_id,
                a.reverses_id is not None,
            )
        )
    found.sort(key=lambda row: (row.on, row.recorded_at, row.record_id), reverse=True)
    return found[:limit]


def find_numbers(*, entity_id: int, text: str, limit: int = 8) -> list[Document]:
    """Documents whose number begins with the text, for the palette."""
    if not text:
        return []
    rows = Document.objects.filter(
        entity_id=entity_id, number__gte=text, number__lt=text + "\U0010ffff"
    )
    return list(rows.order_by("number")[:limit])
