"""The day's worklist: who is worth a person's time, ranked by the money that it moves."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from duly.cash_application.queries import probably_paid
from duly.collections.models import Task
from duly.collections.policy import MOVING, MovingPolicy
from duly.collections.queries.blocks import blocks_on
from duly.collections.queries.moving import chances_by_customer
from duly.collections.queries.plans import planned_items
from duly.collections.queries.promises import promised_by_item
from duly.collections.rules.ranking import (
    Because,
    Late,
    in_entity_currency,
    less_cost,
    stopped_of,
    value_of,
)
from duly.collections.rules.reasons import BARRING
from duly.disputes.queries import disputed_by_item
from duly.kernel.currencies import EXPONENTS
from duly.parties.models import Customer, Entity
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

    @property
    def stopped(self) -> str:
        """Why nobody is to ask them for anything; "" where somebody may."""
        return next((one.text for one in self.because if one.code == "stopped"), "")


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
    known = _Known(entity, on, customer_ids)
    chances = chances_by_customer(entity.pk, on, known.days_open, policy, customer_ids)
    cost = policy.call_cost * 10 ** EXPONENTS[entity.currency]
    for customer_id, currency, items in known.overdue:
        overdue = sum(minor for _, _, minor in items)
        if currency not in rates:
            found.without_rate[currency] = found.without_rate.get(currency, 0) + overdue
            unranked.append(_unranked(customer_id, currency, overdue, items[0][0], on))
            continue
        late = known.late(items)
        stopped = known.stopped.get(customer_id)
        if stopped:
            because = stopped_of(late, stopped)
        else:
            spare = known.spare(customer_id, currency)
            _, because = value_of(late, spare, chances[customer_id])
        if currency != entity.currency:
            found.rates[currency] = rates[currency][0]
            because = in_entity_currency(because, currency, entity.currency, rates[currency][1])
        because = less_cost(because, cost)
        value = sum(reason.minor for reason in because)
        found.rows.append(
            WorkRow(customer_id, currency, overdue, late[0].days, value, tuple(because))
        )
    found.rows.sort(
        key=lambda row: (-row.value_minor, -row.overdue_minor, row.customer_id, row.currency)
    )
    found.rows += unranked
    return found


class _Known:
    """What is known of everyone with overdue items: read once, a constant number of queries."""

    def __init__(self, entity: Entity, on: date, customer_ids: Collection[int] | None) -> None:
        facts: dict[str, Any] = {"entity_id": entity.pk, "customer_ids": customer_ids}
        self.on = on
        self.overdue = list(overdue_by_customer(on=on, **facts))
        self.disputed = disputed_by_item(on=on, **facts)
        self.promised = promised_by_item(entity, on, customer_ids)
        self.planned = planned_items(entity, on, customer_ids)
        self.credits = credits_by_customer(**facts)
        self.paid = probably_paid(on=on, **facts)
        self.stopped = _stopped(on=on, **facts)
        self.days_open: dict[int, list[int]] = defaultdict(list)
        for customer_id, _, items in self.overdue:
            self.days_open[customer_id] += [(on - due).days for due, _, _ in items]

    def late(self, items: Sequence[tuple[date, int, int]]) -> list[Late]:
        """Items as ranking sees them."""
        return [
            Late(
                (self.on - due).days,
                minor,
                self.disputed.get(pk, 0),
                self.promised.get(pk, 0),
                self.paid.by_item.get(pk, 0),
                minor if pk in self.planned else 0,
            )
            for due, pk, minor in items
        ]

    def spare(self, customer_id: int, currency: str) -> int:
        """Credits and money not applied, below zero, less what is told of items already."""
        spare = sum(credit.minor for credit in self.credits.get((customer_id, currency), ()))
        return spare + self.paid.of_credits.get((customer_id, currency), 0)


def _stopped(*, entity_id: int, on: date, customer_ids: Collection[int] | None) -> dict[int, str]:
    """{customer: why nobody asks them for anything}: a legal stay, an agency, or their mark."""
    marked = Customer.objects.filter(entity_id=entity_id, do_not_chase=True)
    if customer_ids is not None:
        marked = marked.filter(pk__in=among(customer_ids))
    blocks = blocks_on(entity_id, on, customer_ids).filter(item_id=None, kind__in=BARRING)
    found = dict.fromkeys(marked.values_list("pk", flat=True), "marked so")
    found |= dict(blocks.order_by("-pk").values_list("customer_id", "reason"))
    return found


def _unranked(customer_id: int, currency: str, overdue: int, oldest: date, on: date) -> WorkRow:
    why = Because(NO_RATE, f"not ranked: {currency} has no rate on or before {on}", 0)
    return WorkRow(customer_id, currency, overdue, (on - oldest).days, 0, (why,))


def tasks_by_customer(entity_id: int, customer_ids: Collection[int]) -> dict[int, list[Task]]:
    """{customer: its open tasks, the earliest first}."""
    found: dict[int, list[Task]] = defaultdict(list)
    rows = Task.objects.filter(
        entity_id=entity_id, done_at__isnull=True, customer_id__in=among(customer_ids)
    )
    for row in rows.order_by("due_on", "pk"):
        found[row.customer_id].append(row)
    return found
