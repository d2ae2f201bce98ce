"""Whose documents some numbers are, and what came in to some amounts: for advices of payers."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from duly.receivables.models import Document, Payment
from duly.storage.among import among


def owners_of_numbers(entity_id: int, numbers: Collection[str]) -> dict[str, set[int]]:
    """{number: the customers who have a document of it} of those that stand."""
    found: dict[str, set[int]] = {}
    rows = Document.objects.filter(entity_id=entity_id, number__in=among(numbers), is_void=False)
    for number, customer_id in rows.values_list("number", "customer_id"):
        found.setdefault(number, set()).add(customer_id)
    return found


def documents_of_references(
    entity_id: int, references: Collection[str]
) -> list[tuple[str, str, int]]:
    """(reference, number, customer) of the documents that were issued with some references."""
    rows = Document.objects.filter(
        ~Q(reference=""), entity_id=entity_id, is_void=False, reference__in=among(references)
    )
    return list(rows.values_list("reference", "number", "customer_id"))


def has_references(entity_id: int) -> bool:
    """Tell whether any document was issued with a reference."""
    return Document.objects.filter(~Q(reference=""), entity_id=entity_id).exists()


class MoneyIn(NamedTuple):
    """A payment that stands, whole, whatever was applied of it."""

    id: int
    received_on: date
    minor: int
    currency: str
    name: str
    account: str
    reference: str
    customer_id: int | None


_COLUMNS = (
    "id",
    "received_on",
    "amount_minor",
    "currency",
    "payer_name",
    "payer_account",
    "reference",
    "customer_id",
)


def money_of(payment_ids: Collection[int]) -> list[MoneyIn]:
    """Some payments, those that stand."""
    rows = Payment.objects.filter(pk__in=among(payment_ids), is_void=False)
    return [MoneyIn(*row) for row in rows.values_list(*_COLUMNS)]


def money_between(
    entity_id: int, first: date, last: date, amounts: Collection[int] | None
) -> list[MoneyIn]:
    """What came in within some days: to these amounts, or all."""
    rows = Payment.objects.filter(
        entity_id=entity_id, received_on__range=(first, last), is_void=False
    )
    if amounts is not None:
        rows = rows.filter(amount_minor__in=among(amounts))
    return [MoneyIn(*row) for row in rows.order_by("id").values_list(*_COLUMNS)]
