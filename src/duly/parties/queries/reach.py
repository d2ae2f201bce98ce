"""How customers are reached, by whom they are looked after, and what their currencies cost."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from duly.parties.models import Contact, Customer, Rate
from duly.storage.among import among


class Reach(NamedTuple):
    """How a customer is reached, and what speaks against it."""

    code: str
    name: str
    email: str
    country: str
    language: str
    timezone: str
    segment: str
    payment_method: str
    do_not_chase: bool


def reach_of(*, entity_id: int, customer_ids: Collection[int] | None = None) -> dict[int, Reach]:
    """{customer: how it is reached} of some customers, or of all."""
    rows = Customer.objects.filter(entity_id=entity_id)
    if customer_ids is not None:
        rows = rows.filter(pk__in=among(customer_ids))
    return {row[0]: Reach(*row[1:]) for row in rows.values_list("pk", *Reach._fields).iterator()}


class ContactReach(NamedTuple):
    """A contact with an address."""

    role: str
    email: str
    language: str
    do_not_contact: bool


def contact_reach_of(
    *, entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[int, list[ContactReach]]:
    """{customer: its contacts that have an address, by role and name}."""
    rows = Contact.objects.filter(customer__entity_id=entity_id).exclude(email="")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    found: dict[int, list[ContactReach]] = {}
    for customer_id, *reach in rows.order_by("customer_id", "role", "name").values_list(
        "customer_id", *ContactReach._fields
    ):
        found.setdefault(customer_id, []).append(ContactReach(*reach))
    return found


def rates_on(
    *, entity_id: int, on: date, currencies: Collection[str] | None = None
) -> dict[str, tuple[date, Decimal]]:
    """{currency: (its day, what one unit of the entity's currency costs)}, the latest by a day, of
    some currencies or of all: a row of each, however long rates have been kept."""
    newest = (
        Rate.objects.filter(entity_id=entity_id, currency=OuterRef("currency"), on__lte=on)
        .order_by("-on")
        .values("on")[:1]
    )
    rows = Rate.objects.filter(entity_id=entity_id, on=Subquery(newest))
    if currencies is not None:
        rows = rows.filter(currency__in=among(currencies))
    return {row.currency: (row.on, Decimal(row.per_entity_currency)) for row in rows}


def ids_by_collector(entity_id: int, collector: str) -> list[int]:
    """The customers of a collector."""
    rows = Customer.objects.filter(entity_id=entity_id, collector__iexact=collector)
    return list(rows.values_list("pk", flat=True))


def collectors_of(entity_id: int) -> dict[int, str]:
    """{customer: its collector} where there is one."""
    rows = Customer.objects.filter(entity_id=entity_id).exclude(collector="")
    return dict(rows.values_list("pk", "collector"))


def segments_of(entity_id: int, customer_ids: Collection[int] | None = None) -> dict[int, str]:
    """{customer: its segment} of all, or of some, where there is one."""
    rows = Customer.objects.filter(entity_id=entity_id).exclude(segment="")
    if customer_ids is not None:
        rows = rows.filter(pk__in=among(customer_ids))
    return dict(rows.values_list("pk", "segment"))


def collected_from(entity_id: int) -> list[int]:
    """The customers from whom we collect by direct debit."""
    rows = Customer.objects.filter(entity_id=entity_id, payment_method="direct_debit")
    return list(rows.values_list("pk", flat=True))
