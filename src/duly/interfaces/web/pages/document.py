"""A document and a payment from all sides: items, what settled them, what was posted, whence."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.intake.models import Import
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Missing
from duly.ledger.queries import EntryRow, recorded_moments
from duly.parties.queries import customer_by_id
from duly.receivables.errors import PaymentUnknown
from duly.receivables.models import Application, Item
from duly.receivables.queries import ApplicationRow, document_view, payment_view
from duly.receivables.rules.state import state_of

# What is said of an application's reason; a reason that is not here is written out as it is.
REASONS = {
    "cash": "Payment applied",
    "credit": "Credit note applied",
    "discount": "Discount taken",
    "opening": "Settled before the books began here",
    "elsewhere": "Settled in another system",
    "void": "Void",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """One application as its page tells it, with the addresses of both its sides."""

    row: ApplicationRow
    source_address: str
    item_address: str
    is_taken_back: bool  # a later one reverses it
    takes_from: bool  # seen from here: what this document gave, not what it got

    @property
    def label(self) -> str:
        """What it is, in words."""
        label = REASONS.get(self.row.reason, self.row.reason.replace("_", " ").capitalize())
        return f"{label}, taken back" if self.row.reverses_id else label


@dataclass(frozen=True, slots=True)
class Part:
    """An item (one instalment) with its state today and what is still granted on it."""

    item: Item
    state: str
    settled_minor: int


@page()
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """An invoice, credit note or debit note."""
    entity = entity_of(request)
    view = document_view(document_id)
    if view is None or view.document.entity_id != entity.pk:
        raise Missing(
            "There is no such document in these books.",
            remedy="Look it up by its number: Ctrl K finds it.",
        )
    on = today(entity)
    one = view.document
    own = {item.pk for item in view.items}
    parts = [
        Part(
            item,
            state_of(
                amount_minor=item.amount_minor,
                open_minor=item.open_minor,
                due_on=item.due_on,
                on=on,
                is_void=one.is_void,
            ),
            item.amount_minor - item.open_minor,
        )
        for item in view.items
    ]
    told = {
        "document": one,
        "customer": customer_by_id(one.customer_id),
        "parts": parts,
        "open_minor": sum(item.open_minor for item in view.items),
        "settled_minor": sum(part.settled_minor for part in parts),
        "settlements": _settlements(view.applications, own),
        "entries": _balanced(view.entries),
        "origins": _origins({one.batch_id, *(row.batch_id for row in view.applications)}),
        "origin": one.batch_id,
        "today": on,
    }
    return render(request, "web/document.html", told)


@page()
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Money that came in, and where it went."""
    entity = entity_of(request)
    view = payment_view(payment_id)
    if view is None or view.payment.entity_id != entity.pk:
        raise PaymentUnknown(
            "There is no such payment in these books.",
            remedy="Look at the customer's page, or at what is not applied in the aging.",
        )
    one = view.payment
    told = {
        "payment": one,
        "customer": customer_by_id(one.customer_id) if one.customer_id else None,
        "applied_minor": one.amount_minor - one.unapplied_minor,
        "settlements": _settlements(view.applications, set()),
        "entries": _balanced(view.entries),
        "origins": _origins({one.batch_id, *(row.batch_id for row in view.applications)}),
        "origin": one.batch_id,
    }
    return render(request, "web/payment.html", told)


def _settlements(rows: Collection[ApplicationRow], own_items: set[int]) -> list[Settlement]:
    """Applications with the addresses of the documents and payments that they join."""
    joined = {
        pk: (payment_id, credit_item_id, item_id)
        for pk, payment_id, credit_item_id, item_id in Application.objects.filter(
            pk__in=[row.id for row in rows]
        ).values_list("pk", "payment_id", "credit_item_id", "item_id")
    }
    item_ids = {side for ids in joined.values() for side in ids[1:] if side}
    document_of = dict(Item.objects.filter(pk__in=item_ids).values_list("pk", "document_id"))
    reversed_ids = {row.reverses_id for row in rows if row.reverses_id}

    def of_item(item_id: int | None) -> str:
        return reverse("document", args=[document_of[item_id]]) if item_id else ""

    found = []
    for row in rows:
        payment_id, credit_item_id, item_id = joined[row.id]
        source = reverse("payment", args=[payment_id]) if payment_id else of_item(credit_item_id)
        found.append(
            Settlement(
                row, source, of_item(item_id), row.id in reversed_ids, credit_item_id in own_items
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry with its two sides added up, in minor units."""

    entry: EntryRow
    debit_minor: int
    credit_minor: int

    @property
    def currency(self) -> str:
        """The currency of its first leg: an entry of receivables has one."""
        return self.entry.postings[0].currency


def _balanced(entries: list[EntryRow]) -> list[Booking]:
    return [
        Booking(
            entry,
            sum(leg.amount_minor for leg in entry.postings if leg.amount_minor > 0),
            -sum(leg.amount_minor for leg in entry.postings if leg.amount_minor < 0),
        )
        for entry in sorted(entries, key=lambda entry: entry.id)
        if entry.postings
    ]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which batch wrote something: the file it came from, or the act of a person."""

    batch_id: int
    file: str
    actor: str
    recorded_at: object


def _origins(batch_ids: set[int]) -> dict[int, Origin]:
    moments = recorded_moments(batch_ids)
    files = {row.batch_id: row for row in Import.objects.filter(batch_id__in=batch_ids)}
    return {
        batch_id: Origin(
            batch_id,
            files[batch_id].file if batch_id in files else "",
            files[batch_id].actor if batch_id in files else "",
            at,
        )
        for batch_id, at in moments.items()
    }


urlpatterns = [
    path("documents/<int:document_id>/", document, name="document"),
    path("payments/<int:payment_id>/", payment, name="payment"),
]
