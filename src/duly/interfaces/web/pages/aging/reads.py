"""Reads behind the aging page that look at a page of customers, not at the whole book."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, When

from duly.parties.queries import codes_and_names
from duly.receivables.models import Application, CustomerBalance, Item, Payment
from duly.receivables.queries import AgingRow, Scope
from duly.receivables.rules.aging import Buckets
from duly.storage.among import among

Cells = dict[tuple[int, str], tuple[int, ...]]


def open_by_age(
    *, on: date, chosen: Buckets, customer_ids: Collection[int], currency: str | None = None
) -> Cells:
    """{(customer, currency): open invoices and debit notes today, a sum a bucket, minor units}.

    For a day on which nothing later is booked; reads the open items of these customers alone.
    """
    rows = Item.objects.filter(customer_id__in=among(customer_ids), issued_on__lte=on)
    # NOT (x = 0) is how the index of what is open says it.
    rows = rows.exclude(open_minor=0).filter(open_minor__gt=0)
    if currency is not None:
        rows = rows.filter(currency=currency)
    age = "due_on" if chosen.basis == "due" else "issued_on"
    firsts = chosen.first_dates(on)
    sums: dict[str, Any] = {}
    for index in range(len(chosen.names)):
        within = Q()
        if index < len(firsts):
            within &= Q(**{f"{age}__gte": firsts[index]})
        if index > 0:
            within &= Q(**{f"{age}__lt": firsts[index - 1]})
        sums[f"bucket_{index}"] = Sum(
            Case(When(within, then=F("open_minor")), default=0) if within else F("open_minor")
        )
    grouped = rows.values("customer_id", "currency").annotate(**sums).order_by()
    return {
        (row["customer_id"], row["currency"]): tuple(int(row[name] or 0) for name in sums)
        for row in grouped
    }


def largest_today(
    *,
    on: date,
    chosen: Buckets,
    entity_id: int,
    currency: str,
    after: tuple[int, int] | None,
    limit: int,
) -> list[AgingRow]:
    """A page of today's aging: the customers of whom most is owed, `after` the last one seen."""
    rows = CustomerBalance.objects.filter(entity_id=entity_id, currency=currency)
    rows = rows.exclude(owed_minor=0, credits_minor=0, unapplied_minor=0)
    if after is not None:
        owed, last_id = after
        rows = rows.filter(owed_minor__lte=owed).exclude(owed_minor=owed, customer_id__lte=last_id)
    balances = list(rows.order_by("-owed_minor", "customer_id")[:limit])
    ids = [row.customer_id for row in balances]
    names = codes_and_names(ids)
    cells = open_by_age(on=on, chosen=chosen, customer_ids=ids, currency=currency)
    nothing = (0,) * len(chosen.names)
    return [
        AgingRow(
            row.customer_id or None,
            *names.get(row.customer_id, (None, "")),
            currency,
            cells.get((row.customer_id, currency), nothing),
            row.credits_minor - row.unapplied_minor,
        )
        for row in balances
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """Open items and money not applied, counted and added up one by one."""

    number: int
    total_minor: int


def count_open(*, on: date, scope: Scope) -> Counted:
    """What was open on a day, as known now, read from the records and from no sum kept of them."""
    own = {
        name: value
        for name, value in (("entity_id", scope.entity_id), ("currency", scope.currency))
        if value is not None
    }
    later = Application.objects.filter(**own, applied_on__gt=on)
    items = _open_then(
        Item.objects.filter(**own, issued_on__lte=on),
        "open_minor",
        later,
        (("item_id", 1), ("credit_item_id", -1)),
    )
    payments = _open_then(
        Payment.objects.filter(**own, received_on__lte=on),
        "unapplied_minor",
        later,
        (("payment_id", 1),),
    )
    return Counted(items.number + payments.number, items.total_minor - payments.total_minor)


def _open_then(rows: Any, left: str, later: Any, columns: tuple[tuple[str, int], ...]) -> Counted:
    """Records of which something was left before what came later was applied."""
    moved: dict[int, int] = {}
    for column, sign in columns:
        summed = later.filter(**{f"{column}__isnull": False}).values(column)
        for row in summed.annotate(total=Sum("amount_minor")).order_by():
            moved[row[column]] = moved.get(row[column], 0) + sign * int(row["total"])
    now = rows.exclude(**{left: 0})
    if not moved:
        found = now.aggregate(number=Count("pk"), total=Sum(left))
        return Counted(found["number"], int(found["total"] or 0))
    then = dict(now.values_list("pk", left))
    there = set(rows.filter(pk__in=among(moved)).values_list("pk", flat=True))
    for pk, minor in moved.items():
        if pk in there:
            then[pk] = then.get(pk, 0) + minor
    return Counted(sum(1 for minor in then.values() if minor), sum(then.values()))
