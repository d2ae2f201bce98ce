"""What is overdue, customer by customer, in one pass; and what stands against it.

Read as it is known now, whatever the day asked for: whoever has paid is not asked again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Max, Q, Sum

from duly.receivables.models import CHARGE, Application, Document, Item, Payment
from duly.storage.among import among
from duly.storage.streaming import stream

# Due date, item, minor units open.
OverdueItem = tuple[date, int, int]


def overdue_by_customer(
    *, entity_id: int, on: date, customer_ids: Collection[int] | None = None, ahead_days: int = 0
) -> Iterator[tuple[int, str, list[OverdueItem]]]:
    """(customer, currency, items due before a day, oldest first), by customer and currency; with
    `ahead_days` also those that fall due from the day on until so many days after it."""
    sql = (
        "SELECT customer_id, currency, due_on, id, open_minor FROM receivables_item"
        " WHERE NOT (open_minor = 0) AND open_minor > 0 AND entity_id = %s AND due_on < %s"
    )
    until = on + timedelta(days=ahead_days + 1) if ahead_days else on
    params: list[object] = [entity_id, until]
    if customer_ids is not None:
        sql += f" AND customer_id IN ({', '.join(['%s'] * len(customer_ids))})"
        params += customer_ids
    days: dict[str | date, date] = {}
    customer, currency, items = 0, "", list[OverdueItem]()
    for rows in stream(f"{sql} ORDER BY customer_id, currency, due_on", params):
        for of_customer, of_currency, due, pk, minor in rows:
            if of_customer != customer or of_currency != currency:
                if items:
                    yield customer, currency, items
                customer, currency, items = of_customer, of_currency, []
            day = days.get(due)
            if day is None:
                day = days[due] = date.fromisoformat(due) if isinstance(due, str) else due
            items.append((day, pk, minor))
    if items:
        yield customer, currency, items


class Credit(NamedTuple):
    """An open credit note's item or a payment not applied; `minor` is negative."""

    kind: str  # item, payment
    id: int
    minor: int


def credits_by_customer(
    *, entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[tuple[int, str], list[Credit]]:
    """{(customer, currency): open credit notes and money not applied}."""
    items = Item.objects.filter(~Q(open_minor=0), open_minor__lt=0, entity_id=entity_id)
    payments = Payment.objects.filter(
        ~Q(unapplied_minor=0), entity_id=entity_id, customer_id__isnull=False
    )
    if customer_ids is not None:
        items = items.filter(customer_id__in=among(customer_ids))
        payments = payments.filter(customer_id__in=among(customer_ids))
    found: dict[tuple[int, str], list[Credit]] = defaultdict(list)
    for customer, currency, pk, minor in items.order_by("pk").values_list(
        "customer_id", "currency", "pk", "open_minor"
    ):
        found[customer, currency].append(Credit("item", pk, minor))
    for customer, currency, pk, minor in payments.order_by("pk").values_list(
        "customer_id", "currency", "pk", "unapplied_minor"
    ):
        found[customer, currency].append(Credit("payment", pk, -minor))
    return found


def late_deliveries(
    *, entity_id: int, on: date, customer_ids: Collection[int] | None = None
) -> dict[int, date]:
    """{open item: day of delivery}, where goods come after the due date or after a day."""
    late = Document.objects.filter(delivered_on__gt=on, entity_id=entity_id, is_void=False)
    if customer_ids is not None:  # from the few documents that are open, not from all of theirs
        theirs = Item.objects.filter(customer_id__in=among(customer_ids), entity_id=entity_id)
        late = late.filter(pk__in=theirs.exclude(open_minor=0).values("document_id"))
    of_document = dict(late.values_list("pk", "delivered_on"))
    rows = Item.objects.filter(document_id__in=among(of_document), open_minor__gt=0)
    return {pk: of_document[document] for pk, document in rows.values_list("pk", "document_id")}


def latest_money_day(entity_id: int) -> date | None:
    """The day of the newest payment: up to then it is known who has paid."""
    found: date | None = Payment.objects.filter(entity_id=entity_id, is_void=False).aggregate(
        day=Max("received_on")
    )["day"]
    return found


class LineFacts(NamedTuple):
    """An item or payment as a message shows it."""

    number: str
    issued_on: date
    due_on: date


def line_facts(
    item_ids: Collection[int], payment_ids: Collection[int]
) -> dict[tuple[str, int], LineFacts]:
    """{(kind, id): number and days} of items and payments."""
    items = list(
        Item.objects.filter(pk__in=among(item_ids)).values_list(
            "pk", "document_id", "issued_on", "due_on"
        )
    )
    numbers = dict(
        Document.objects.filter(pk__in=among({row[1] for row in items})).values_list("pk", "number")
    )
    found = {("item", pk): LineFacts(numbers[doc], issued, due) for pk, doc, issued, due in items}
    for pk, number, received in Payment.objects.filter(pk__in=among(payment_ids)).values_list(
        "pk", "number", "received_on"
    ):
        found["payment", pk] = LineFacts(number, received, received)
    return found


def oldest_of_items(item_ids: Collection[int]) -> LineFacts:
    """Number and days of the one of some items that was due first."""
    rows = Item.objects.filter(pk__in=among(item_ids)).order_by("due_on", "pk")
    document_id, issued, due = rows.values_list("document_id", "issued_on", "due_on")[0]
    return LineFacts(Document.objects.values_list("number").get(pk=document_id)[0], issued, due)


def places_of_items(item_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """{item: (its document, which instalment)}."""
    rows = Item.objects.filter(pk__in=among(item_ids))
    return {pk: (doc, n) for pk, doc, n in rows.values_list("pk", "document_id", "instalment")}


def open_of_items(item_ids: Collection[int]) -> dict[int, int]:
    """{item: minor units open now}."""
    return dict(Item.objects.filter(pk__in=among(item_ids)).values_list("pk", "open_minor"))


def charges_among(item_ids: Collection[int]) -> set[int]:
    """Those of some items that are finance charges: interest and fixed sums, which bear none."""
    rows = dict(Item.objects.filter(pk__in=among(item_ids)).values_list("pk", "document_id"))
    charges = set(
        Document.objects.filter(pk__in=among(set(rows.values())), kind=CHARGE).values_list(
            "pk", flat=True
        )
    )
    return {pk for pk, document_id in rows.items() if document_id in charges}


def due_days_of_items(item_ids: Collection[int]) -> dict[int, date]:
    """{item: its due date}."""
    return dict(Item.objects.filter(pk__in=among(item_ids)).values_list("pk", "due_on"))


def open_of_customers(
    *, entity_id: int, customer_ids: Collection[int]
) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """{(customer, currency): (item, minor units open), oldest due first} of invoices."""
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    rows = Item.objects.filter(
        ~Q(open_minor=0),
        entity_id=entity_id,
        customer_id__in=among(customer_ids),
        open_minor__gt=0,
    ).order_by("due_on", "pk")
    for customer, currency, pk, minor in rows.values_list(
        "customer_id", "currency", "pk", "open_minor"
    ):
        found[customer, currency].append((pk, minor))
    return found


def open_of_customers_on(
    *, entity_id: int, customer_ids: Collection[int], on: date
) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """The same as it stood at the end of a day: what was settled later was open then."""
    whose = among(customer_ids)
    later = dict(
        Application.objects.filter(
            entity_id=entity_id, customer_id__in=whose, item_id__isnull=False, applied_on__gt=on
        )
        .values_list("item_id")
        .annotate(minor=Sum("amount_minor"))
    )
    rows = Item.objects.filter(
        Q(open_minor__gt=0) | Q(pk__in=among(later)),
        entity_id=entity_id,
        customer_id__in=whose,
        amount_minor__gt=0,
        issued_on__lte=on,
    ).order_by("due_on", "pk")
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for customer, currency, pk, minor in rows.values_list(
        "customer_id", "currency", "pk", "open_minor"
    ):
        if minor + later.get(pk, 0) > 0:
            found[customer, currency].append((pk, minor + later.get(pk, 0)))
    return found


class Money(NamedTuple):
    """A payment, and what of it settles which item."""

    customer_id: int
    currency: str
    received_on: date
    batch_id: int
    free_minor: int
    applied: dict[int, int]


def money_since(*, entity_id: int, customer_ids: Collection[int], since: date) -> list[Money]:
    """Payments of some customers from a day on, with what they are applied to."""
    rows = list(
        Payment.objects.filter(
            entity_id=entity_id,
            customer_id__in=among(customer_ids),
            received_on__gte=since,
            is_void=False,
        )
        .order_by("received_on", "pk")
        .values_list("pk", "customer_id", "currency", "received_on", "batch_id", "unapplied_minor")
    )
    applied: dict[int, dict[int, int]] = defaultdict(dict)
    settled = (
        Application.objects.filter(
            payment_id__in=among([row[0] for row in rows]), item_id__isnull=False
        )
        .order_by()
        .values_list("payment_id", "item_id")
        .annotate(minor=Sum("amount_minor"))
    )
    for payment_id, item_id, minor in settled:
        applied[payment_id][item_id] = int(minor)
    return [
        Money(customer, currency, on, batch, free, applied[pk])
        for pk, customer, currency, on, batch, free in rows
    ]
