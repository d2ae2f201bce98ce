"""What the receivables have to say of a week, by currency: totals, the largest, what is at risk,
what came in, what falls due. From projections, in a few short reads however large the book."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, Min, Sum

from duly.ledger.queries import received_between
from duly.receivables.models import CustomerBalance, Item, OpenDay
from duly.receivables.queries.aged import has_moved
from duly.receivables.queries.aging import AgingRow, aging_sums, largest_of, totals_of
from duly.receivables.queries.open_sums import Scope
from duly.receivables.queries.overview import is_current, largest_today, totals_today
from duly.receivables.rules.aging import DUE
from duly.storage.among import among

LARGEST = 4
LOOKED_AT = 20  # of whom those are left out whose credits and money cover what they owe
AT_RISK = 5
_SAFE_BUCKETS = 3  # current, 1-30, 31-60: what is later is at risk


class Large(NamedTuple):
    """A customer of whom much is open, by age."""

    customer_id: int
    ages_minor: tuple[int, ...]

    @property
    def owed_minor(self) -> int:
        """What it owes."""
        return sum(self.ages_minor)

    @property
    def overdue_minor(self) -> int:
        """What of it is late."""
        return sum(self.ages_minor[1:])


class AtRisk(NamedTuple):
    """What a customer owes for longer than 60 days, and how long the oldest of it is late."""

    customer_id: int
    minor: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class OwedInWeek:
    """One currency: `ages_minor` a sum a bucket; credits negative; a sum for each week ahead."""

    currency: str
    ages_minor: tuple[int, ...]
    credits_minor: int
    received_minor: int
    largest: tuple[Large, ...]
    at_risk: tuple[AtRisk, ...]
    falls_due_minor: tuple[int, ...]

    @classmethod
    def nothing(cls, currency: str, weeks_ahead: int) -> "OwedInWeek":
        """A currency in which nothing is open."""
        return cls(currency, (0,) * len(DUE.names), 0, 0, (), (), (0,) * weeks_ahead)

    @property
    def owed_minor(self) -> int:
        """What customers owe."""
        return sum(self.ages_minor)

    @property
    def overdue_minor(self) -> int:
        """What of it is late."""
        return sum(self.ages_minor[1:])

    @property
    def at_risk_minor(self) -> int:
        """What is late by more than 60 days."""
        return sum(self.ages_minor[_SAFE_BUCKETS:])


def owed_in_week(*, entity_id: int, on: date, weeks_ahead: int) -> dict[str, OwedInWeek]:
    """{currency: what there is to say of the seven days to a day}."""
    is_today = is_current(on=on, entity_id=entity_id)
    sums = None if is_today else aging_sums(on=on, chosen=DUE, scope=Scope(entity_id=entity_id))
    totals = (
        totals_today(on=on, chosen=DUE, entity_id=entity_id) if sums is None else totals_of(sums)
    )
    received = received_between(entity_id=entity_id, first=on - timedelta(days=6), last=on)
    due = _falls_due(entity_id, on, weeks_ahead)
    found = {}
    for currency in sorted(totals.keys() | received.keys()):
        row = totals.get(currency)
        largest: list[AgingRow] = []
        if row is not None and sums is None:
            largest = largest_today(
                on=on, chosen=DUE, entity_id=entity_id, currency=currency, limit=LOOKED_AT
            )
        elif row is not None and sums is not None:
            largest = largest_of(sums, by="customer", currency=currency, limit=LOOKED_AT)
        found[currency] = OwedInWeek(
            currency,
            row.amounts if row else (0,) * len(DUE.names),
            row.unapplied if row else 0,
            received.get(currency, 0),
            tuple(
                Large(one.customer_id, one.amounts)
                for one in largest
                if one.customer_id is not None and one.total > 0
            )[:LARGEST],
            tuple(_at_risk(entity_id, currency, on)),
            tuple(due[currency]),
        )
    return found


def _at_risk(entity_id: int, currency: str, on: date) -> list[AtRisk]:
    """The customers with most that is late by more than 60 days."""
    late = Item.objects.filter(
        entity_id=entity_id,
        currency=currency,
        open_minor__gt=0,
        due_on__lt=on - timedelta(days=DUE.last_days[_SAFE_BUCKETS - 1]),
    ).exclude(open_minor=0)
    if not has_moved(entity_id, on):  # the ages kept say who it is, and few items are looked at
        kept = CustomerBalance.objects.filter(entity_id=entity_id, currency=currency)
        most = kept.annotate(late=F("late_90_minor") + F("late_more_minor")).order_by(
            "-late", "customer_id"
        )
        ids = list(most.values_list("customer_id", flat=True)[:AT_RISK])
        late = late.filter(customer_id__in=among(ids))
    rows = (
        late.order_by()
        .values_list("customer_id")
        .annotate(sum=Sum("open_minor"), first=Min("due_on"))
    )
    return [
        AtRisk(customer_id, int(minor), (on - first).days)
        for customer_id, minor, first in rows.order_by("-sum", "customer_id")[:AT_RISK]
    ]


def _falls_due(entity_id: int, on: date, weeks: int) -> dict[str, list[int]]:
    rows = OpenDay.objects.filter(
        entity_id=entity_id,
        side="due",
        on__range=(on + timedelta(days=1), on + timedelta(weeks=weeks)),
    )
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * weeks)
    for currency, day, minor in (
        rows.order_by().values_list("currency", "on").annotate(Sum("amount_minor"))
    ):
        found[currency][((day - on).days - 1) // 7] += int(minor)
    return found
