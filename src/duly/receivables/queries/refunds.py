"""Refunds: what is reserved for them, and which there are."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q, Sum

from duly.access.models import Approval
from duly.receivables.models import Application, CustomerBalance, Document, Item, Payment, Refund
from duly.receivables.rules.refunding import ASKED, RESERVING, warning_of
from duly.storage.among import among


def reserved_of_payments(payment_ids: Collection[int]) -> dict[int, int]:
    """{payment: minor units that refunds wait for}."""
    return _reserved("payment_id", payment_ids)


def reserved_of_credits(item_ids: Collection[int]) -> dict[int, int]:
    """{credit note's item: minor units that refunds wait for}."""
    return _reserved("credit_item_id", item_ids)


def _reserved(column: str, ids: Collection[int]) -> dict[int, int]:
    rows = Refund.objects.filter(**{f"{column}__in": among(ids)}, state__in=RESERVING)
    sums = rows.values_list(column).annotate(total=Sum("amount_minor"))
    return {pk: int(total) for pk, total in sums}


def free_of_payments(payment_ids: Iterable[int]) -> dict[int, int]:
    """{payment: what is left of it and no refund waits for}."""
    rows = Payment.objects.filter(pk__in=among(list(payment_ids)), is_void=False)
    left = dict(rows.values_list("pk", "unapplied_minor"))
    reserved = reserved_of_payments(left)
    return {pk: minor - reserved.get(pk, 0) for pk, minor in left.items()}


class Overpaid(NamedTuple):
    """A payment of which something is left beyond what its customer owes."""

    payment_id: int
    number: str
    customer_id: int
    currency: str
    received_on: date
    free_minor: int


def overpaid(entity_id: int, *, on: date) -> list[Overpaid]:
    """Money received by a day that is more than was due, the oldest first.

    Rule: part of it is applied and the rest is left, or its customer owes nothing in its currency.
    """
    rows = Payment.objects.filter(
        ~Q(unapplied_minor=0), entity_id=entity_id, received_on__lte=on, customer_id__isnull=False
    )
    found = list(
        rows.order_by("received_on", "id").values_list(
            "id", "number", "customer_id", "currency", "received_on", "amount_minor"
        )
    )
    free = free_of_payments([row[0] for row in found])
    owing = set(
        CustomerBalance.objects.filter(
            entity_id=entity_id, customer_id__in=among({row[2] for row in found}), owed_minor__gt=0
        ).values_list("customer_id", "currency")
    )
    left = dict(rows.values_list("id", "unapplied_minor"))
    return [
        Overpaid(*row[:5], free[row[0]])
        for row in found
        if free[row[0]] > 0 and (left[row[0]] < row[5] or (row[2], row[3]) not in owing)
    ]


class RefundRow(NamedTuple):
    """A refund as people look at it."""

    id: int
    state: str
    source: str  # the number of the payment or credit note
    payment_id: int | None
    document_id: int | None
    customer_id: int | None
    currency: str
    amount_minor: int
    reason: str
    account: str
    warning: str
    asked_on: date
    asked_by: str
    decided_by: str
    paid_on: date | None


def refunds(
    entity_id: int, *, states: Collection[str] = (), limit: int = 500, offset: int = 0
) -> list[RefundRow]:
    """Refunds of an entity, what waits for a second person first, then the newest."""
    rows = Refund.objects.filter(entity_id=entity_id)
    if states:
        rows = rows.filter(state__in=list(states))
    waiting = rows.filter(state=ASKED).order_by("id")
    found = list(waiting[offset : offset + limit])
    if len(found) < limit:
        skipped = max(offset - waiting.count(), 0)
        others = rows.exclude(state=ASKED).order_by("-id")
        found += others[skipped : skipped + limit - len(found)]
    return _rows(found)


def refund_row(entity_id: int, refund_id: int) -> RefundRow:
    """One refund of an entity, which is there."""
    return _rows([Refund.objects.get(entity_id=entity_id, pk=refund_id)])[0]


def _rows(found: list[Refund]) -> list[RefundRow]:
    payments = Payment.objects.in_bulk([row.payment_id for row in found if row.payment_id])
    documents = _documents({row.credit_item_id for row in found if row.credit_item_id})
    approvals = Approval.objects.in_bulk([row.approval_id for row in found])
    paid = dict(
        Application.objects.filter(
            pk__in=among([row.application_id for row in found if row.application_id])
        ).values_list("pk", "applied_on")
    )
    told = []
    for row in found:
        source = payments[row.payment_id] if row.payment_id else documents[row.credit_item_id or 0]
        approval = approvals[row.approval_id]
        told.append(
            RefundRow(
                row.pk,
                row.state,
                source.number,
                row.payment_id,
                None if isinstance(source, Payment) else source.pk,
                source.customer_id,
                row.currency,
                row.amount_minor,
                row.reason,
                row.account,
                warning_of(row.account, row.source_account),
                row.asked_on,
                approval.asked_by,
                approval.decided_by,
                paid.get(row.application_id or 0),
            )
        )
    return told


def _documents(item_ids: Collection[int]) -> Mapping[int, Document]:
    """{item: its document}."""
    of_item = dict(Item.objects.filter(pk__in=among(item_ids)).values_list("pk", "document_id"))
    documents = Document.objects.in_bulk(set(of_item.values()))
    return {pk: documents[document_id] for pk, document_id in of_item.items()}
