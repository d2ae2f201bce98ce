"""How late is what customers owe, from the sums kept beside their balances."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, Min, Q, Sum, When

from duly.kernel.proofs import MOST_VIOLATIONS
from duly.receivables.models import NOT_AGED, CustomerBalance, Item
from duly.receivables.rules.aging import DUE
from duly.storage.among import among


class Age(NamedTuple):
    """What is owed, a sum a bucket of DUE, and the last day on which it is so."""

    amounts: tuple[int, ...]
    until: date


NOTHING = Age((0,) * len(DUE.names), date.max)


def ages_now(customer_ids: Collection[int], on: date) -> dict[tuple[int, str], Age]:
    """{(customer, currency): age on a day of what is open}, counted from the open items."""
    firsts = DUE.first_dates(on)
    sums, earliest = {}, {}
    for index in range(len(DUE.names)):
        within = Q(due_on__gte=firsts[index]) if index < len(firsts) else Q()
        if index:
            within &= Q(due_on__lt=firsts[index - 1])
        sums[f"sum_{index}"] = Sum(Case(When(within, then=F("open_minor")), default=0))
        earliest[f"first_{index}"] = Min(Case(When(within, then=F("due_on"))))
    # NOT (x = 0) is how the index of what is open says it.
    rows = Item.objects.filter(customer_id__in=among(customer_ids), open_minor__gt=0)
    grouped = rows.exclude(open_minor=0).values("customer_id", "currency").order_by()
    width = len(sums)
    return {
        (customer_id, currency): Age(
            tuple(int(minor) for minor in cells[:width]), DUE.stays_until(cells[width:])
        )
        for customer_id, currency, *cells in grouped.annotate(**sums, **earliest).values_list(
            "customer_id", "currency", *sums, *earliest
        )
    }


def age_kept(row: CustomerBalance, on: date) -> Age | None:
    """The age kept beside a balance, or None where time or a write has moved it since."""
    if row.aged_until < on:
        return None
    late = (row.late_30_minor, row.late_60_minor, row.late_90_minor, row.late_more_minor)
    return Age((row.owed_minor - row.overdue_minor, *late), row.aged_until)


def ages_of(rows: Iterable[CustomerBalance], on: date) -> dict[tuple[int, str], Age]:
    """{(customer, currency): age} of some balances: as kept, counted only where it moved."""
    kept = {(row.customer_id, row.currency): age_kept(row, on) for row in rows}
    moved = {customer_id for (customer_id, _), age in kept.items() if age is None}
    counted = ages_now(moved, on) if moved else {}
    return {key: age or counted.get(key, NOTHING) for key, age in kept.items()}


def has_moved(entity_id: int, on: date) -> bool:
    """Tell whether the age of any balance is to be counted again."""
    return CustomerBalance.objects.filter(entity_id=entity_id, aged_until__lt=on).exists()


def ages_off() -> list[dict[str, object]]:
    """Balances whose kept age is not that of their open items."""
    counted: dict[tuple[int, str], list[int]] = {}
    until: dict[tuple[int, str], date] = {}
    kept: dict[tuple[int, str], tuple[int, ...]] = {}
    for row in CustomerBalance.objects.exclude(aged_until=NOT_AGED).iterator():
        key = (row.customer_id, row.currency)
        age = age_kept(row, row.aged_until)
        kept[key] = (*(age or NOTHING).amounts, row.overdue_minor)
        until[key] = row.aged_until
        counted[key] = [0] * (len(DUE.names) + 1)
    items = Item.objects.filter(open_minor__gt=0).exclude(open_minor=0)
    for customer_id, currency, due_on, open_minor in items.values_list(
        "customer_id", "currency", "due_on", "open_minor"
    ).iterator(chunk_size=10_000):
        key = (customer_id, currency)
        if key in counted:
            bucket = DUE.index_of((until[key] - due_on).days)
            counted[key][bucket] += open_minor
            counted[key][-1] += open_minor if bucket else 0
    return [
        {
            "projection": "customer_balance",
            "customer_id": customer_id,
            "currency": currency,
            "until": str(until[customer_id, currency]),
            "kept_minor": list(kept[customer_id, currency]),
            "counted_minor": sums,
        }
        for (customer_id, currency), sums in counted.items()
        if kept[customer_id, currency] != tuple(sums)
    ][:MOST_VIOLATIONS]
