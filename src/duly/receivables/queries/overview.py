"""What is open today, from the projections: a few short reads, however large the book."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, QuerySet, Sum, When

from duly.parties.queries import codes_and_names
from duly.receivables.models import Application, CustomerBalance, Item, OpenDay
from duly.receivables.queries.aging import AgingRow, largest_of, totals_of
from duly.receivables.queries.open_sums import Sums
from duly.receivables.rules.aging import Buckets
from duly.storage.among import among


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a customer owes in a currency today; credits and unapplied money apart, negative."""

    customer_id: int
    currency: str
    owed_minor: int
    credits_minor: int
    unapplied_minor: int


def totals_today(*, on: date, chosen: Buckets, entity_id: int | None = None) -> dict[str, AgingRow]:
    """The total rows of today's aging, from the sums by day.

    Good for a day that `is_current`; any other asks `aging`.
    """
    return totals_of(_sums_today(on, chosen, entity_id))


def entities_today(*, on: date, chosen: Buckets, currency: str) -> list[AgingRow]:
    """A row a company of today's aging in one currency, the most owed first."""
    return largest_of(_sums_today(on, chosen, None), by="entity", currency=currency)


def _sums_today(on: date, chosen: Buckets, entity_id: int | None) -> Sums:
    """{(entity, currency): [a sum a bucket, ..., unapplied]}."""
    rows = OpenDay.objects.filter(side__in=[chosen.basis, "credit", "unapplied"])
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    sums: defaultdict[tuple[int, str], list[int]] = defaultdict(
        lambda: [0] * (len(chosen.names) + 1)
    )
    for own, currency, side, day, amount in rows.exclude(amount_minor=0).values_list(
        "entity_id", "currency", "side", "on", "amount_minor"
    ):
        cells = sums[own, currency]
        if side == chosen.basis:
            cells[chosen.index_of((on - day).days)] += amount
        else:
            cells[-1] += amount if side == "credit" else -amount
    return sums


def is_current(*, on: date, entity_id: int | None = None) -> bool:
    """Tell whether the sums kept answer for a day: nothing issued, received or applied is later."""
    open_later = OpenDay.objects.filter(side__in=["invoice", "credit", "unapplied"], on__gt=on)
    applied_later = Application.objects.filter(applied_on__gt=on)
    if entity_id is not None:
        open_later = open_later.filter(entity_id=entity_id)
        applied_later = applied_later.filter(entity_id=entity_id)
    return not (applied_later.exists() or open_later.exclude(amount_minor=0).exists())


def largest_today(
    *,
    on: date,
    chosen: Buckets,
    entity_id: int,
    currency: str,
    first: int = 0,
    limit: int = 50,
) -> list[AgingRow]:
    """A page of today's aging by customer, those who owe most first.

    From the sums by customer, and the open items of the customers on the page alone.
    """
    rows = CustomerBalance.objects.filter(entity_id=entity_id, currency=currency)
    rows = rows.exclude(owed_minor=0, credits_minor=0, unapplied_minor=0)
    balances = [_row(row) for row in _largest_first(rows)[first : first + limit]]
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
            row.credits_minor + row.unapplied_minor,
        )
        for row in balances
    ]


def open_by_age(
    *, on: date, chosen: Buckets, customer_ids: Collection[int], currency: str | None = None
) -> dict[tuple[int, str], tuple[int, ...]]:
    """{(customer, currency): open invoices and debit notes today, a sum a bucket}, minor units.

    For a day that `is_current`; reads the open items of these customers alone.
    """
    rows = Item.objects.filter(customer_id__in=among(customer_ids), open_minor__gt=0)
    # NOT (x = 0) is how the index of what is open says it.
    rows = rows.exclude(open_minor=0).filter(issued_on__lte=on)
    if currency is not None:
        rows = rows.filter(currency=currency)
    age = "due_on" if chosen.basis == "due" else "issued_on"
    firsts = chosen.first_dates(on)
    sums: dict[str, Sum] = {}
    for index in range(len(chosen.names)):
        within = Q(**{f"{age}__gte": firsts[index]}) if index < len(firsts) else Q()
        if index > 0:
            within &= Q(**{f"{age}__lt": firsts[index - 1]})
        sums[f"bucket_{index}"] = Sum(Case(When(within, then=F("open_minor")), default=0))
    grouped = rows.values("customer_id", "currency").annotate(**sums).order_by()
    return {
        (customer_id, code): tuple(int(minor) for minor in cells)
        for customer_id, code, *cells in grouped.values_list("customer_id", "currency", *sums)
    }


def largest_balances(
    *,
    entity_id: int,
    currency: str,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[BalanceRow]:
    """Customers of whom most is open, in one currency; `after` the (owed, customer) last seen."""
    rows = CustomerBalance.objects.filter(entity_id=entity_id, currency=currency)
    if after is not None:
        owed, customer_id = after
        rows = rows.filter(owed_minor__lte=owed).exclude(
            owed_minor=owed, customer_id__lte=customer_id
        )
    return [_row(row) for row in _largest_first(rows)[:limit]]


def balances_of(customer_ids: list[int]) -> dict[int, list[BalanceRow]]:
    """{customer: a row a currency} for some customers."""
    found: dict[int, list[BalanceRow]] = {customer_id: [] for customer_id in customer_ids}
    for row in CustomerBalance.objects.filter(customer_id__in=customer_ids).order_by("currency"):
        if row.owed_minor or row.credits_minor or row.unapplied_minor:
            found[row.customer_id].append(_row(row))
    return found


def currencies_of(entity_id: int) -> list[str]:
    """The currencies in which anything is open, credits and money too; most owed first."""
    rows = OpenDay.objects.filter(entity_id=entity_id, side__in=["due", "credit", "unapplied"])
    owed = Sum("amount_minor", filter=Q(side="due"), default=0)
    open_ = rows.exclude(amount_minor=0).values("currency").annotate(owed=owed)
    return list(open_.order_by("-owed", "currency").values_list("currency", flat=True))


def _largest_first(rows: QuerySet[CustomerBalance]) -> QuerySet[CustomerBalance]:
    return rows.order_by("-owed_minor", "customer_id")


def _row(row: CustomerBalance) -> BalanceRow:
    return BalanceRow(
        row.customer_id, row.currency, row.owed_minor, row.credits_minor, -row.unapplied_minor
    )
