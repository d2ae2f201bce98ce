"""The week on one page: who owes, what was promised and not kept, what is at risk, what is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

from duly.collections.models import Promise
from duly.receivables.queries import (
    AgingRow,
    Scope,
    aging_sums,
    falls_due,
    largest_of,
    received_between,
    totals_of,
)
from duly.receivables.rules.aging import DUE

WEEKS = 4
SHOWN = 5
JUDGED = ("kept", "partly_kept", "broken")


@dataclass(frozen=True, slots=True)
class Week:
    """Money that may come in a week: promised for it, and falling due in it."""

    first: date
    last: date
    promised_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The week up to a day, in one currency."""

    first: date
    last: date
    currency: str
    total: AgingRow
    largest: list[AgingRow]
    received_minor: int
    promises: list[Promise]  # judged in the week
    risks: list[tuple[int, int]]  # customer, what of it is over ninety days late
    weeks: list[Week]

    @property
    def promised_minor(self) -> int:
        """What was to come by the promises judged in the week."""
        return sum(row.amount_minor for row in self.promises)

    @property
    def missed_minor(self) -> int:
        """What of it did not come."""
        return sum(
            max(row.amount_minor - row.received_minor, 0)
            for row in self.promises
            if row.state != "kept"
        )

    @property
    def at_risk_minor(self) -> int:
        """What is over ninety days late."""
        return self.total.amounts[-1]

    @property
    def other_risks_minor(self) -> int:
        """What of it is of customers not listed."""
        return self.at_risk_minor - sum(minor for _, minor in self.risks)


def digest(*, entity_id: int, on: date, currency: str) -> Digest:
    """The week that ends on a day, and the four that follow it."""
    first = on - timedelta(days=6)
    sums = aging_sums(on=on, chosen=DUE, scope=Scope(entity_id=entity_id, currency=currency))
    nothing = AgingRow(None, None, "", currency, (0,) * len(DUE.names), 0)
    oldest = len(DUE.names) - 1
    late = [(cells[oldest], customer_id) for (customer_id, _), cells in sums.items()]
    judged = Promise.objects.filter(
        entity_id=entity_id, currency=currency, judged_on__range=(first, on), state__in=JUDGED
    )
    return Digest(
        first,
        on,
        currency,
        totals_of(sums).get(currency, nothing),
        largest_of(sums, by="customer", currency=currency, limit=SHOWN),
        received_between(entity_id=entity_id, currency=currency, first=first, last=on),
        list(judged.order_by("state", "due_on", "pk")),
        [
            (customer_id, minor)
            for minor, customer_id in nlargest(SHOWN, late)
            if minor > 0 and customer_id is not None
        ],
        _weeks(entity_id, on, currency),
    )


def _weeks(entity_id: int, on: date, currency: str) -> list[Week]:
    firsts = [on + timedelta(days=1 + 7 * n) for n in range(WEEKS)]
    windows = [(first, first + timedelta(days=6)) for first in firsts]
    due = falls_due(entity_id=entity_id, currency=currency, windows=windows)
    open_ = list(
        Promise.objects.filter(
            entity_id=entity_id,
            currency=currency,
            state="open",
            due_on__range=(windows[0][0], windows[-1][1]),
        ).values_list("due_on", "amount_minor", "received_minor")
    )
    return [
        Week(
            first,
            last,
            sum(minor - came for on_, minor, came in open_ if first <= on_ <= last),
            due_minor,
        )
        for (first, last), due_minor in zip(windows, due, strict=True)
    ]
