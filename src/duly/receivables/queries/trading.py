"""What credit asks of the books: what is open of whom, since when, and how much was traded.

Read as it is known now, whatever the day asked for.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Min, Q, Sum

from duly.receivables.models import CHARGE, CustomerBalance, Document, Item, PaymentReturn
from duly.receivables.queries.returns import ReturnFacts, returns_of
from duly.storage.among import among


class OpenDebt(NamedTuple):
    """An open item of an invoice or debit note; `shipped_on` is the day of delivery, or of issue
    where none is known."""

    id: int
    number: str
    customer_id: int
    currency: str
    shipped_on: date
    due_on: date
    amount_minor: int
    open_minor: int


def open_debts(entity_id: int, customer_ids: Collection[int]) -> list[OpenDebt]:
    """What is open of some customers, the first shipped first. Two queries."""
    rows = Item.objects.filter(
        ~Q(open_minor=0), entity_id=entity_id, customer_id__in=among(customer_ids), open_minor__gt=0
    )
    items = list(rows)
    documents = {
        pk: (number, delivered_on)
        for pk, number, delivered_on in Document.objects.filter(
            pk__in=among({item.document_id for item in items})
        ).values_list("pk", "number", "delivered_on")
    }
    found = [
        OpenDebt(
            item.pk,
            documents[item.document_id][0],
            item.customer_id,
            item.currency,
            documents[item.document_id][1] or item.issued_on,
            item.due_on,
            item.amount_minor,
            item.open_minor,
        )
        for item in items
    ]
    return sorted(found, key=lambda debt: (debt.shipped_on, debt.id))


def owed_now(entity_id: int, customer_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """{customer: {currency: open items less credits and money not applied}}."""
    rows = CustomerBalance.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids)
    ).values_list("customer_id", "currency", "owed_minor", "credits_minor", "unapplied_minor")
    found: dict[int, dict[str, int]] = {}
    for customer_id, currency, owed, credits_, unapplied in rows:
        found.setdefault(customer_id, {})[currency] = owed + credits_ - unapplied
    return found


def oldest_due(
    entity_id: int, customer_ids: Collection[int], *, without: Collection[int] = ()
) -> dict[int, date]:
    """{customer: the first due date of what is open}, some items left out."""
    rows = Item.objects.filter(
        ~Q(open_minor=0), entity_id=entity_id, customer_id__in=among(customer_ids), open_minor__gt=0
    )
    if without:
        rows = rows.exclude(pk__in=among(without))
    return dict(rows.values_list("customer_id").annotate(first=Min("due_on")))


def last_invoiced(entity_id: int, customer_ids: Collection[int]) -> dict[int, date]:
    """{customer: the day of its newest invoice}."""
    rows = Document.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids), kind="invoice", is_void=False
    )
    return dict(rows.values_list("customer_id").annotate(last=Max("issued_on")))


def returns_since(entity_id: int, since: date, on: date) -> list[ReturnFacts]:
    """Payments that the bank took back from a day through another."""
    rows = PaymentReturn.objects.filter(
        entity_id=entity_id, returned_on__gte=since, returned_on__lte=on, is_void=False
    )
    return list(returns_of(list(rows.values_list("payment_id", flat=True))).values())


class Traded(NamedTuple):
    """What was invoiced to a customer in a currency, and credited, in some days."""

    customer_id: int
    currency: str
    invoiced_minor: int
    credited_minor: int


def traded_between(entity_id: int, first: date, last: date) -> list[Traded]:
    """Invoices, debit notes and credit notes, no charges, of some days by customer and currency."""
    rows = (
        Document.objects.filter(
            entity_id=entity_id, issued_on__gte=first, issued_on__lte=last, is_void=False
        )
        .exclude(kind=CHARGE)
        .values_list("customer_id", "currency", "kind")
        .annotate(total=Sum("amount_minor"))
    )
    found: dict[tuple[int, str], list[int]] = {}
    for customer_id, currency, kind, total in rows:
        sums = found.setdefault((customer_id, currency), [0, 0])
        sums[kind == "credit_note"] += total
    return [
        Traded(*key, invoiced, -credited) for key, (invoiced, credited) in sorted(found.items())
    ]
