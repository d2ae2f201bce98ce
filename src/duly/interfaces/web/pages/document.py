"""A document and a payment from all sides: items, what settled them, what was posted, whence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from duly.disputes.queries import deductions_of
from duly.intake.queries import copies_of, imports_by_batch
from duly.interfaces.web.current import entities_of, today
from duly.interfaces.web.guard import page
from duly.kernel.errors import Missing
from duly.kernel.terms import terms_from_code
from duly.ledger.queries import BatchRow, EntryRow, batches_by_id
from duly.parties.models import Entity
from duly.parties.queries import customer_by_id
from duly.receivables.errors import PaymentUnknown
from duly.receivables.models import Item
from duly.receivables.queries import (
    ApplicationRow,
    document_view,
    payment_view,
    reserved_of_payments,
    returns_of,
)
from duly.receivables.rules.state import state_of
from duly.storage.reading import one_state

# What is said of the reason of an application or entry; one that is not here is written out.
REASONS = {
    "invoice": "Invoice issued",
    "debit_note": "Debit note issued",
    "credit_note": "Credit note issued",
    "charge": "Finance charge",
    "charge_waived": "Charge waived",
    "charge_reversed": "Charge taken back",
    "payment": "Payment received",
    "cash": "Payment applied",
    "credit": "Credit note applied",
    "discount": "Discount taken",
    "late_discount": "Late discount let pass",
    "bank_fee": "Bank charges",
    "tolerance": "Small difference let pass",
    "attributed": "Payer named",
    "opening": "Settled before the books began here",
    "settled_elsewhere": "Settled in another system",
    "void": "Void",
    "returned": "Returned by the bank",
    "refunded": "Refunded",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """One application as its page tells it, with the addresses of both its sides."""

    row: ApplicationRow
    is_taken_back: bool  # a later one reverses it

    @property
    def label(self) -> str:
        """What it is, in words."""
        return _in_words(self.row.reason, self.row.reverses_id)

    @property
    def source_address(self) -> str:
        """The payment or credit note it comes from; "" for neither."""
        if self.row.payment_id:
            return reverse("payment", args=[self.row.payment_id])
        return _document_address(self.row.credit_document_id)

    @property
    def item_address(self) -> str:
        """The document it settles; "" where it settles none."""
        return _document_address(self.row.item_document_id)


def _in_words(reason: str, reverses_id: int | None) -> str:
    words = REASONS.get(reason, reason.replace("_", " ").capitalize())
    return f"{words}, taken back" if reverses_id else words


def _document_address(document_id: int | None) -> str:
    return reverse("document", args=[document_id]) if document_id else ""


@dataclass(frozen=True, slots=True)
class Part:
    """An item (one instalment) with its state today."""

    item: Item
    state: str

    @property
    def settled_minor(self) -> int:
        """What is no longer open of it."""
        return self.item.amount_minor - self.item.open_minor


@page()
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """An invoice, credit note or debit note, of whichever company."""
    with one_state():
        view = document_view(document_id)
        entity = _company(request, view.document.entity_id if view else None)
        if view is None or entity is None:
            raise Missing(
                "There is no such document in these books.",
                remedy="Look it up by its number: Ctrl K finds it.",
            )
        one, on = view.document, today(entity)
        parts = [_part(item, on=on, is_void=one.is_void) for item in view.items]
        told = {
            "copies": copies_of([document_id]).get(document_id, []),
            "document": one,
            "company": entity,
            "customer": customer_by_id(one.customer_id),
            "terms": _terms(one.terms),
            "parts": parts,
            "open_minor": sum(item.open_minor for item in view.items),
            "settled_minor": sum(part.settled_minor for part in parts),
            "settlements": _settlements(view.applications),
            "bookings": _bookings(view.entries),
            "origins": _origins([one.batch_id], view.applications),
        }
    return render(request, "web/document.html", told)


def _terms(written: str) -> str:
    """The frozen terms in words; free text as it was written."""
    terms = terms_from_code(written)
    return terms.words if terms else written


def _part(item: Item, *, on: date, is_void: bool) -> Part:
    return Part(
        item,
        state_of(
            amount_minor=item.amount_minor,
            open_minor=item.open_minor,
            due_on=item.due_on,
            on=on,
            is_void=is_void,
        ),
    )


@page()
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Money that came in, and where it went."""
    with one_state():
        view = payment_view(payment_id)
        entity = _company(request, view.payment.entity_id if view else None)
        if view is None or entity is None:
            raise PaymentUnknown(
                "There is no such payment in these books.",
                remedy="Look at the customer's page, or at what is not applied in the aging.",
            )
        one = view.payment
        told = {
            "payment": one,
            "returned": None if one.unapplied_minor else returns_of([one.pk]).get(one.pk),
            "reserved_minor": one.unapplied_minor and reserved_of_payments([one.pk]).get(one.pk, 0),
            "company": entity,
            "customer": customer_by_id(one.customer_id) if one.customer_id else None,
            "applied_minor": one.amount_minor - one.unapplied_minor,
            "settlements": _settlements(view.applications),
            "deductions": deductions_of(one.pk),
            "bookings": _bookings(view.entries),
            "origins": _origins([one.batch_id], view.applications),
        }
    return render(request, "web/payment.html", told)


def _company(request: HttpRequest, entity_id: int | None) -> Entity | None:
    return next((one for one in entities_of(request) if one.pk == entity_id), None)


def _settlements(rows: Collection[ApplicationRow]) -> list[Settlement]:
    reversed_ids = {row.reverses_id for row in rows if row.reverses_id}
    return [Settlement(row, row.id in reversed_ids) for row in rows]


@dataclass(frozen=True, slots=True)
class Leg:
    """A posting with its amount on one side; zero stands on the other. Minor units."""

    account: str
    currency: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry with its legs, and its two sides added up."""

    entry: EntryRow
    legs: list[Leg]

    @property
    def label(self) -> str:
        """What it is, in words."""
        return _in_words(self.entry.reason, self.entry.reverses_id)

    @property
    def currency(self) -> str:
        """The currency of its first leg: an entry of receivables has one."""
        return self.legs[0].currency

    @property
    def debit_minor(self) -> int:
        """The left side."""
        return sum(leg.debit_minor for leg in self.legs)

    @property
    def credit_minor(self) -> int:
        """The right side."""
        return sum(leg.credit_minor for leg in self.legs)


def _bookings(entries: Iterable[EntryRow]) -> list[Booking]:
    return [
        Booking(
            entry,
            [
                Leg(
                    leg.account,
                    leg.currency,
                    max(leg.amount_minor, 0),
                    max(-leg.amount_minor, 0),
                )
                for leg in entry.postings
            ],
        )
        for entry in sorted(entries, key=lambda entry: entry.id)
        if entry.postings
    ]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which batch wrote something: the file it came from ("" for none), or the act of a person."""

    batch: BatchRow
    file: str
    is_first: bool  # it brought the record in; the others settled it


def _origins(first: Collection[int], applications: Collection[ApplicationRow]) -> list[Origin]:
    ids = {*first, *(row.batch_id for row in applications)}
    files = {one.batch_id: one.file for one in imports_by_batch(ids)}
    return [
        Origin(batch, files.get(batch.id, ""), batch.id in first)
        for batch in sorted(batches_by_id(ids).values(), key=lambda batch: batch.sequence)
    ]


urlpatterns = [
    path("documents/<int:document_id>/", document, name="document"),
    path("payments/<int:payment_id>/", payment, name="payment"),
]
