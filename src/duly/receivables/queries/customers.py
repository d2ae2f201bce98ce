"""Customers with what they owe: a page of many, and one with its open items.

Everything is read along indexes and from the sums kept, so that a page costs what it shows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from duly.parties.queries import CustomerRow, rows_by_id
from duly.parties.queries.finding import CustomerFilter, customers_matching, few
from duly.receivables.models import CustomerBalance, Item
from duly.receivables.queries.aged import ages_of, has_moved
from duly.receivables.queries.aging import AgingRow
from duly.receivables.queries.open_sums import Scope, open_sums
from duly.receivables.queries.overview import is_current
from duly.receivables.rules.aging import DUE
from duly.storage.among import among
from duly.storage.distinct import distinct

Place = tuple[str | int, int]  # what a list is ordered by, and the customer


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer in a list: what it owes, a row a currency, and its place in the order."""

    customer: CustomerRow
    rows: list[AgingRow]
    place: Place


@dataclass(frozen=True, slots=True)
class Owing:
    """What is asked of the balances of customers: a currency ("" for any), only who is late."""

    currency: str = ""
    is_overdue: bool = False


ANYTHING, EVERYONE = Owing(), CustomerFilter()


def customers_page(
    *,
    entity_id: int,
    on: date,
    wanted: CustomerFilter = EVERYONE,
    owing: Owing = ANYTHING,
    order: str = "name",
    after: Place | None = None,
    limit: int = 50,
) -> list[CustomerLine]:
    """A page of customers with what they owe on a day.

    Given: `order` "name", or "owed" or "overdue" (most first, of those with something open in the
    currency of `owing`); `after` the place of the last one seen.
    """
    if order == "name":
        places = _by_name(entity_id, on, wanted, owing, after, limit)
    else:
        places = _by_amount(entity_id, on, wanted, owing, order, after, limit)
    ids = [customer_id for _, customer_id in places]
    customers = rows_by_id(ids)
    rows = owed_by(entity_id=entity_id, customer_ids=ids, on=on, currency=owing.currency)
    return [
        CustomerLine(customers[customer_id], rows[customer_id], (value, customer_id))
        for value, customer_id in places
    ]


def _by_name(
    entity_id: int,
    on: date,
    wanted: CustomerFilter,
    owing: Owing,
    after: Place | None,
    limit: int,
) -> list[Place]:
    rows = customers_matching(entity_id, wanted)
    if owing != ANYTHING:
        balances = _balances(owing, _late(entity_id, on))
        ids = few(balances.filter(entity_id=entity_id).values_list("customer_id", flat=True))
        if ids is not None:
            rows = rows.filter(pk__in=among(ids))
        else:
            # By the customer alone: an index that begins with the entity would be read whole.
            rows = rows.filter(Exists(balances.filter(customer_id=OuterRef("pk"))))
    if after is not None:
        name, pk = after
        rows = rows.filter(name__gte=name).exclude(name=name, pk__lte=pk)
    return list(rows.order_by("name", "pk").values_list("name", "pk")[:limit])


def _by_amount(
    entity_id: int,
    on: date,
    wanted: CustomerFilter,
    owing: Owing,
    order: str,
    after: Place | None,
    limit: int,
) -> list[Place]:
    rows = _balances(owing, _late(entity_id, on)).filter(entity_id=entity_id).exclude(customer_id=0)
    if wanted != EVERYONE:
        matching = customers_matching(entity_id, wanted)
        ids = few(matching.values_list("pk", flat=True))
        if ids is not None:
            rows = rows.filter(customer_id__in=among(ids))
        else:
            rows = rows.filter(Exists(matching.filter(pk=OuterRef("customer_id"))))
    column = "owed_minor" if order == "owed" else "late"
    if after is not None:
        amount, customer_id = after
        rows = rows.filter(**{f"{column}__lte": amount})
        rows = rows.exclude(**{column: amount, "customer_id__lte": customer_id})
    return list(
        rows.order_by(f"-{column}", "customer_id").values_list(column, "customer_id")[:limit]
    )


def _balances(owing: Owing, late: Coalesce | F) -> QuerySet[CustomerBalance, Any]:
    """Balances in which something is open, with what is `late` of them."""
    rows = CustomerBalance.objects.annotate(late=late)
    if owing.currency:
        rows = rows.filter(currency=owing.currency)
    if owing.is_overdue:
        return rows.filter(late__gt=0)
    return rows.exclude(owed_minor=0, credits_minor=0, unapplied_minor=0)


def _late(entity_id: int, on: date) -> Coalesce | F:
    """What is overdue of a balance: as kept, counted where a write or time has moved it."""
    if not has_moved(entity_id, on):
        return F("overdue_minor")
    late = Item.objects.filter(
        customer_id=OuterRef("customer_id"),
        currency=OuterRef("currency"),
        open_minor__gt=0,
        due_on__lt=on,
    ).exclude(open_minor=0)
    counted = late.order_by().values("customer_id").annotate(sum=Sum("open_minor")).values("sum")
    kept = When(aged_until__gte=on, then=F("overdue_minor"))
    return Coalesce(Case(kept, default=Subquery(counted)), 0)


def owed_by(
    *, entity_id: int, customer_ids: Collection[int], on: date, currency: str = ""
) -> dict[int, list[AgingRow]]:
    """{customer: a row a currency in which something is open on a day}, without names."""
    found: dict[int, list[AgingRow]] = {customer_id: [] for customer_id in customer_ids}
    if not found:
        return found
    if is_current(on=on, entity_id=entity_id):
        cells = _kept(found, on)
    else:
        scope = Scope(entity_id=entity_id, customer_ids=tuple(found))
        cells = open_sums(on=on, chosen=DUE, scope=scope, known=None)
    for (customer_id, code), (*amounts, unapplied) in sorted(cells.items()):
        if currency in ("", code) and (any(amounts) or unapplied):
            row = AgingRow(customer_id, None, "", code, tuple(amounts), unapplied)
            found[customer_id].append(row)
    return found


def _kept(customer_ids: Collection[int], on: date) -> dict[tuple[int, str], list[int]]:
    rows = list(CustomerBalance.objects.filter(customer_id__in=among(customer_ids)))
    ages = ages_of(rows, on)
    return {
        (row.customer_id, row.currency): [
            *ages[row.customer_id, row.currency].amounts,
            row.credits_minor - row.unapplied_minor,
        ]
        for row in rows
    }


def balance_currencies(entity_id: int) -> list[str]:
    """The currencies in which customers have or had something open, in order."""
    return distinct(CustomerBalance, "currency", entity_id=entity_id)
