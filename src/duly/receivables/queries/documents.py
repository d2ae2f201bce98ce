"""One document, one payment, looked at from all sides; numbers by their beginning."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from duly.ledger.queries import EntryRow, entries_with_postings
from duly.receivables.models import Application, Document, Item, Payment
from duly.storage.among import among


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
    payment_id: int | None
    credit_document_id: int | None  # the credit note's, where one is the source
    item_document_id: int | None


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
    items, sources = names_of(rows)
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
            row.payment_id,
            items.get(row.credit_item_id, ("", None))[1],
            items.get(row.item_id, ("", None))[1],
        )
        for row in rows
    ]


def names_of(
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


def order_refs_of(document_ids: Collection[int]) -> set[str]:
    """The orders that some documents name."""
    rows = Document.objects.filter(pk__in=among(document_ids)).exclude(order_ref="")
    return set(rows.values_list("order_ref", flat=True))


def find_numbers(*, entity_id: int, text: str, limit: int = 8) -> list[Document]:
    """Documents whose number begins with the text, for the palette; void ones last.

    Those that stand and those that are void have an index each: a number may come again after a
    void.
    """
    if not text:
        return []
    found: list[Document] = []
    for is_void in (False, True):
        rows = Document.objects.filter(
            entity_id=entity_id, is_void=is_void, number__gte=text, number__lt=text + "\U0010ffff"
        )
        found += rows.order_by("number")[: limit - len(found)]
    return found
