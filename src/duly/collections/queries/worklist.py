"""The day's worklist: who is worth a person's time, ranked by the money that it moves."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from duly.cash_application.queries import probably_paid
from duly.collections.models import Task
from duly.collections.policy import MOVING, MovingPolicy
from duly.collections.queries.moving import chances_by_customer
from duly.collections.queries.promises import promised_by_item
from duly.collections.rules.ranking import (
    Because,
    Late,
    in_entity_currency,
    less_cost,
    value_of,
)
from duly.disputes.queries import disputed_by_item
from duly.kernel.currencies import EXPONENTS
from duly.parties.models import Entity
from duly.parties.queries.reach import rates_on
from duly.receivables.queries import credits_by_customer, overdue_by_customer
from duly.storage.among import among

NO_RATE = "no_rate"  # the reason of who can't be ranked


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A customer with overdue items in one currency; `value` in the entity's currency."""

    customer_id: int
    currency: str
    overdue_minor: int
    oldest_days: int
    value_minor: int
    because: tuple[Because, ...]


@dataclass(slots=True)
class Worklist:
    """Rows by value, the highest first; currencies that could not be valued, and at what rates."""

    on: date
    rows: list[WorkRow] = field(default_factory=list)
    without_rate: dict[str, int] = field(default_factory=dict)  # currency: overdue minor units
    rates: dict[str, date] = field(default_factory=dict)


def worklist(
    *,
    entity: Entity,
    on: date,
    customer_ids: Collection[int] | None = None,
    policy: MovingPolicy = MOVING,
) -> Worklist:
    """Everyone with overdue items, ranked by what a call to them today is expected to move.

    Rule: in order of value, then of overdue amount and customer, so that the order stays the same.
    A currency without a rate on or before the day comes last, by customer, worth nothing and with
    that reason, and is told apart; it is never taken at 1.
    """
    found, unranked = Worklist(on), list[WorkRow]()
    rates = rates_on(entity_id=entity.pk, on=on)
    rates[entity.currency] = (on, Decimal(1))
    disputed = disputed_by_item(entity_id=entity.pk, on=on, customer_ids=customer_ids)
    promised = promised_by_item(entity, on, customer_ids)
    credits = credits_by_customer(entity_id=entity.pk, customer_ids=customer_ids)
    paid = probably_paid(entity_id=entity.pk, on=on, customer_ids=customer_ids)
    late_items = list(overdue_by_customer(entity_id=entity.pk, on=on, customer_ids=customer_ids))
    days_open: dict[int, list[int]] = defaultdict(list)
    for customer_id, _, items in late_items:
        days_open[customer_id] += [(on - due).days for due, _, _ in items]
    chances = chances_by_customer(entity.pk, on, days_open, policy, customer_ids)
    cost = policy.call_cost * 10 ** EXPONENTS[entity.currency]
    for customer_id, currency, items in late_items:
        overdue = sum(minor for _, _, minor in items)
        if currency not in rates:
            found.without_rate[currency] = found.without_rate.get(currency, 0) + overdue
            why = Because(NO_RATE, f"not ranked: {currency} has no rate on or before {on}", 0)
            days = (on - items[0][0]).days
            unranked.append(WorkRow(customer_id, currency, overdue, days, 0, (why,)))
            continue
        late = [
            Late(
                (on - due).days,
                minor,
                disputed.get(pk, 0),
                promised.get(pk, 0),
                paid.by_item.get(pk, 0),
            )
            for due, pk, minor in items
        ]
        spare = sum(credit.minor for credit in credits.get((customer_id, currency), ()))
        spare += paid.of_credits.get((customer_id, currency), 0)  # told by item instead
        _, because = value_of(late, spare, chances[customer_id])
        if currency != entity.currency:
            found.rates[currency] = rates[currency][0]
            because = in_entity_currency(because, currency, entity.currency, rates[currency][1])
        because = less_cost(because, cost)
        found.rows.append(
            WorkRow(
                customer_id,
                currency,
                overdue,
                late[0].days,
                sum(reason.minor for reason in because),
                tuple(because),
            )
        )
    found.rows.sort(
        key=lambda row: (-row.value_minor, -row.overdue_minor, row.customer_id, row.currency)
    )
    found.rows += unranked
    return found


def tasks_by_customer(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[Task]]:
    """{customer: its open tasks, the earliest first}."""
    found: dict[int, list[Task]] = defaultdict(list)
    rows = Task.objects.filter(
        entity_id=entity_id, done_at__isnull=True, customer_id__in=among(customer_ids)
    )
    for row in rows.order_by("due_on", "pk"):
        found[row.customer_id].append(row)
    return found
