"""Money that waits to be applied, and where to look for whose it is: few reads of few rows."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from duly.receivables.models import Document, Item, Payment
from duly.storage.among import among


class Waiting(NamedTuple):
    """A payment of which something is not applied, as a list shows it."""

    id: int
    customer_id: int | None
    number: str
    currency: str
    amount_minor: int
    unapplied_minor: int
    received_on: date
    payer_name: str
    reference: str


def waiting_payments(entity_id: int, *, on: date, customer_id: int | None = None) -> list[Waiting]:
    """All money received by a day that is not applied, or one customer's; the oldest first."""
    rows = Payment.objects.filter(~Q(unapplied_minor=0), entity_id=entity_id, received_on__lte=on)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    ordered = rows.order_by("received_on", "id")
    return [Waiting(*row) for row in ordered.values_list(*Waiting._fields)]


def owners_of_amounts(
    entity_id: int, *, currency: str, minors: Collection[int], limit: int
) -> set[int]:
    """Customers who have an item open to one of these amounts, the first so many."""
    rows = Item.objects.filter(
        ~Q(open_minor=0),
        entity_id=entity_id,
        currency=currency,
        open_minor__in=among(minors),
    )
    return set(rows.values_list("customer_id", flat=True).distinct()[:limit])


def owners_of_numbers(entity_id: int, numbers: Collection[str]) -> set[int]:
    """Customers who have a document of one of these numbers that stands."""
    rows = Document.objects.filter(entity_id=entity_id, number__in=among(numbers), is_void=False)
    return set(rows.values_list("customer_id", flat=True))


class ItemNow(NamedTuple):
    """An item as a page that was looked at compares it."""

    id: int
    customer_id: int
    currency: str
    open_minor: int


def items_now(entity_id: int, item_ids: Collection[int]) -> list[ItemNow]:
    """Some items as they are now, in order of their ids."""
    rows = Item.objects.filter(entity_id=entity_id, id__in=among(item_ids)).order_by("id")
    return [ItemNow(*row) for row in rows.values_list(*ItemNow._fields)]


def documents_of_items(item_ids: Collection[int]) -> dict[int, int]:
    """{item: its document}."""
    rows = Item.objects.filter(id__in=among(item_ids))
    return dict(rows.values_list("id", "document_id"))
