"""What one batch wrote, for the page of an import: counted, and a page of each at a time."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef

from duly.receivables.models import Application, Document, Item, Payment, PaymentReturn
from duly.storage.among import among


class BatchCounts(NamedTuple):
    """How many records a batch wrote, those that were voided or taken back since too."""

    documents: int
    payments: int
    applications: int


class BatchDocument(NamedTuple):
    """A document that a batch wrote, as it stands now."""

    id: int
    kind: str
    number: str
    customer_id: int
    currency: str
    issued_on: date
    due_on: date
    amount_minor: int
    open_minor: int
    is_void: bool


class BatchPayment(NamedTuple):
    """A payment that a batch wrote, as it stands now."""

    id: int
    number: str
    customer_id: int | None
    currency: str
    received_on: date
    payer_name: str
    amount_minor: int
    unapplied_minor: int
    is_void: bool
    is_returned: bool


class BatchApplication(NamedTuple):
    """A settlement that a batch wrote."""

    id: int
    reason: str
    document_id: int | None
    number: str  # of the document settled
    customer_id: int | None
    currency: str
    applied_on: date
    amount_minor: int


def counts_of_batch(batch_id: int) -> BatchCounts:
    """How much a batch wrote; settlements that documents bring with them are not counted."""
    return BatchCounts(
        Document.objects.filter(batch_id=batch_id).count(),
        Payment.objects.filter(batch_id=batch_id).count(),
        _applications(batch_id).count(),
    )


def has_applied(batch_id: int) -> bool:
    """Tell whether a batch applied payments or credit notes, and some of that still stands."""
    taken_back = Application.objects.filter(reverses_id=OuterRef("id"))
    applied = Application.objects.filter(
        batch_id=batch_id, reverses_id=None, reason__in=["cash", "credit"], item_id__isnull=False
    )
    return applied.exclude(Exists(taken_back)).exists()


def closed_by_batch(batch_ids: Collection[int]) -> dict[int, int]:
    """{batch: how many items it settled, wholly or in part, as settled elsewhere}."""
    rows = Application.objects.filter(
        batch_id__in=among(batch_ids), reason="settled_elsewhere", reverses_id=None
    )
    return dict(rows.values_list("batch_id").annotate(number=Count("id")))


def documents_of_batch(batch_id: int, *, limit: int, offset: int = 0) -> list[BatchDocument]:
    """Documents that a batch wrote, in the order of the file."""
    found = list(Document.objects.filter(batch_id=batch_id).order_by("id")[offset : offset + limit])
    due: dict[int, date] = {}
    still_open: dict[int, int] = {}
    items = Item.objects.filter(document_id__in=among([row.pk for row in found]))
    for document_id, due_on, minor in items.values_list("document_id", "due_on", "open_minor"):
        due[document_id] = max(due_on, due.get(document_id, due_on))
        still_open[document_id] = still_open.get(document_id, 0) + minor
    return [
        BatchDocument(
            row.pk,
            row.get_kind_display(),
            row.number,
            row.customer_id,
            row.currency,
            row.issued_on,
            due[row.pk],
            row.amount_minor,
            still_open[row.pk],
            row.is_void,
        )
        for row in found
    ]


def payments_of_batch(batch_id: int, *, limit: int, offset: int = 0) -> list[BatchPayment]:
    """Payments that a batch wrote, in the order of the file."""
    returns = PaymentReturn.objects.filter(payment_id=OuterRef("id"), is_void=False)
    rows = Payment.objects.filter(batch_id=batch_id).order_by("id")
    rows = rows.annotate(is_returned=Exists(returns))
    return [
        BatchPayment(*row)
        for row in rows.values_list(
            "id",
            "number",
            "customer_id",
            "currency",
            "received_on",
            "payer_name",
            "amount_minor",
            "unapplied_minor",
            "is_void",
            "is_returned",
        )[offset : offset + limit]
    ]


def applications_of_batch(batch_id: int, *, limit: int, offset: int = 0) -> list[BatchApplication]:
    """Settlements that a batch wrote, in the order of the file."""
    rows = list(_applications(batch_id).order_by("id")[offset : offset + limit])
    settled = {row.item_id or row.credit_item_id for row in rows}
    document_of = dict(
        Item.objects.filter(pk__in=among([pk for pk in settled if pk])).values_list(
            "pk", "document_id"
        )
    )
    numbers = dict(
        Document.objects.filter(pk__in=among(set(document_of.values()))).values_list("pk", "number")
    )
    found = []
    for row in rows:
        document_id = document_of.get(row.item_id or row.credit_item_id or 0)
        found.append(
            BatchApplication(
                row.pk,
                row.reason,
                document_id,
                numbers.get(document_id or 0, ""),
                row.customer_id,
                row.currency,
                row.applied_on,
                row.amount_minor,
            )
        )
    return found


def _applications(batch_id: int):  # type: ignore[no-untyped-def]
    """Settlements of a batch: not those that take back, nor what documents came in with."""
    rows = Application.objects.filter(batch_id=batch_id, reverses_id=None)
    return rows.exclude(reason__in=["opening", "void"])
