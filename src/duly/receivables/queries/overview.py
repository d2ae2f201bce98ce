"""What is open today, from the projections: a few short reads, however large the book."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from duly.receivables.models import CustomerBalance, OpenDay
from duly.receivables.queries.aging import AgingRow
from duly.receivables.rules.aging import Buckets


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a customer owes in a currency today; credits and unapplied money apart, negative."""

    customer_id: int
    currency: str
    owed_minor: int
    credits_minor: int
    unapplied_minor: int

    @property
    def net_minor(self) -> int:
        """Owed less credits and money not applied."""
        return self.owed_minor + self.credits_minor + self.unapplied_minor


def totals_today(*, on: date, chosen: Buckets, entity_id: int) -> dict[str, AgingRow]:
    """The total rows of today's aging, from the sums by day.

    Good for a day on which nothing later is booked; a past day asks `aging` itself. Nothing that
    is booked after `on` is counted: the caller checks `is_current`.
    """
    rows = (
        OpenDay.objects.filter(entity_id=entity_id, side__in=[chosen.basis, "credit", "unapplied"])
        .exclude(amount_minor=0)
        .values_list("currency", "side", "on", "amount_minor")
    )
    cells: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(chosen.names) + 1))
    for currency, side, day, amount in rows:
        of_currency = cells[currency]
        if side == chosen.basis:
            of_currency[chosen.index_of((on - day).days)] += amount
        else:
            of_currency[-1] += amount if side == "credit" else -amount
    return {
        currency: AgingRow(None, None, "", currency, tuple(found[:-1]), found[-1])
        for currency, found in sorted(cells.items())
    }


def latest_day(entity_id: int) -> date | None:
    """The latest day on which anything open was issued or received; None with nothing open."""
    sides = ["invoice", "credit", "unapplied"]
    rows = OpenDay.objects.filter(entity_id=entity_id, side__in=sides).exclude(amount_minor=0)
    return rows.order_by("-on").values_list("on", flat=True).first()


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
    return [_row(row) for row in rows.order_by("-owed_minor", "customer_id")[:limit]]


def balances_of(customer_ids: list[int]) -> dict[int, list[BalanceRow]]:
    """{customer: a row a currency} for some customers."""
    found: dict[int, list[BalanceRow]] = {customer_id: [] for customer_id in customer_ids}
    for row in CustomerBalance.objects.filter(customer_id__in=customer_ids).order_by("currency"):
        if row.owed_minor or row.credits_minor or row.unapplied_minor:
            found[row.customer_id].append(_row(row))
    return found


def currencies_of(entity_id: int) -> list[str]:
    """The currencies in which anything is open, the largest book first."""
    rows = (
        OpenDay.objects.filter(entity_id=entity_id, side="due")
        .values("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("-total")
    )
    return [row["currency"] for row in rows if row["total"]]


def _row(row: CustomerBalance) -> BalanceRow:
    return BalanceRow(
        row.customer_id, row.currency, row.owed_minor, row.credits_minor, -row.unapplied_minor
    )
