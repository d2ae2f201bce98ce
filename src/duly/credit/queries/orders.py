"""What an order check reads, and orders as they stand."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from duly.credit.errors import OrderUnknown
from duly.credit.models import HoldCase, HoldRelease, Order
from duly.credit.policy import OrderPolicy
from duly.credit.queries.exposure import read_book
from duly.credit.queries.insurance import insurer_stops
from duly.credit.queries.order_facts import order_facts
from duly.credit.rules.exposure import Asked, Book
from duly.credit.rules.order_check import (
    Answer,
    Grace,
    LateItem,
    Signals,
    Standing,
    check,
)
from duly.credit.rules.orders import refuse_other, refuse_unfit
from duly.disputes.queries import disputed_by_item
from duly.parties.models import Entity
from duly.parties.queries.families import Member, families_of
from duly.receivables.models import Document
from duly.receivables.queries.owed import late_items
from duly.storage.among import among

# What contexts above credit know of customers: (entity, customers, day, policy).
SignalsOf = Callable[[int, Collection[int], date, OrderPolicy], Signals]


def no_signals(
    entity_id: int, customer_ids: Collection[int], on: date, policy: OrderPolicy
) -> Signals:
    """Nothing is known beside credit and the books."""
    return Signals()


@dataclass(slots=True)
class Desk:
    """Everything by which orders are checked, read once; orders and what they wait for by
    reference."""

    book: Book
    standing: Standing
    policy: OrderPolicy
    orders: dict[str, Order]
    cases: dict[str, HoldCase]  # open ones
    graces: dict[str, Grace]  # releases that last


def read_desk(
    entity: Entity,
    asked: Sequence[Asked],
    on: date,
    *,
    signals_of: SignalsOf,
    family: dict[int, Member] | None = None,
    policy: OrderPolicy | None = None,
) -> Desk:
    """Read it in a constant number of queries, however many orders are asked about.

    Given: `family` where it was read already; `policy` instead of the firm's.
    """
    customers = {one.customer_id for one in asked}
    members = families_of(customers) if family is None else family
    facts = order_facts(entity.pk, members.keys(), {one.ref for one in asked if one.ref}, on)
    policy = policy or facts.policy.orders
    book = read_book(
        entity,
        customers,
        on,
        family=members,
        granted=facts.granted,
        currencies={one.currency for one in asked},
        refs={one.ref for one in asked if one.ref},
        prepayers={one.customer_id for one in asked if one.is_prepaid},
    )
    signals = signals_of(entity.pk, members.keys(), on, policy)
    insured = customers & facts.insured
    stopped = insurer_stops(entity.pk, insured, on) if insured else set()
    orders = Order.objects.in_bulk(facts.order_ids) if facts.order_ids else {}
    return Desk(
        book,
        Standing(
            facts.stops,
            _late(entity.pk, customers, on),
            signals._replace(insurer_stops=stopped),
        ),
        policy,
        {row.ref: row for row in orders.values()},
        {orders[pk].ref: case for pk, case in (open_cases(orders) if orders else {}).items()},
        {orders[pk].ref: one for pk, one in (_graces(orders, on) if orders else {}).items()},
    )


def _graces(order_ids: Collection[int], on: date) -> dict[int, Grace]:
    rows = HoldRelease.objects.filter(order_id__in=among(order_ids), expires_on__gte=on)
    return {
        row.order_id: Grace(frozenset(row.tests), row.currency, row.amount_minor)
        for row in rows.order_by("pk")
    }


def _late(entity_id: int, customers: Collection[int], on: date) -> dict[int, list[LateItem]]:
    """{customer: its items past due, less what is disputed of them}."""
    there = late_items(entity_id=entity_id, customer_ids=customers, on=on)
    disputed = (
        disputed_by_item(entity_id=entity_id, on=on, customer_ids=there.keys()) if there else {}
    )
    return {
        customer_id: [
            LateItem(
                one.number,
                one.currency,
                one.open_minor - disputed.get(one.item_id, 0),
                one.due_on,
            )
            for one in items
        ]
        for customer_id, items in there.items()
    }


def ask_order(
    *,
    entity: Entity,
    asked: Asked,
    on: date,
    signals_of: SignalsOf,
    policy: OrderPolicy | None = None,
) -> Answer:
    """Answer what would come of an order, by the policy of the firm unless one is given.

    Refuses: UnknownCurrency, OrderUnfit, OrderOfAnother, OrderShipped, ExposureRateMissing.
    """
    refuse_unfit(asked)
    return answer_of(
        read_desk(entity, [asked], on, signals_of=signals_of, policy=policy), asked, on
    )


def answer_of(desk: Desk, asked: Asked, on: date) -> Answer:
    """What comes of an order by what was read. Refuses: OrderOfAnother, OrderShipped."""
    row = desk.orders.get(asked.ref)
    grace = None
    if row is not None:
        refuse_other(asked, row.customer_id, desk.book.orders.get(asked.ref))
        grace = desk.graces.get(asked.ref)
    return check(desk.book, desk.standing, asked, on=on, policy=desk.policy, grace=grace)


def order_by_ref(entity_id: int, ref: str) -> Order:
    """The order of a reference. Refuses: OrderUnknown."""
    row = Order.objects.filter(entity_id=entity_id, ref=ref).first()
    if row is None:
        raise OrderUnknown(
            f"There is no order {ref}.",
            facts={"order": ref},
            remedy="Ask about it first: `duly credit check-order CUSTOMER AMOUNT CUR --order REF`.",
        )
    return row


def open_cases(order_ids: Collection[int]) -> dict[int, HoldCase]:
    """{order: its hold} of those of some orders that wait."""
    rows = HoldCase.objects.filter(order_id__in=among(order_ids), ending="")
    return {row.order_id: row for row in rows}


def orders_of_batch(batch_id: int) -> list[Order]:
    """The orders that an import brought, as they stand."""
    return list(Order.objects.filter(batch_id=batch_id).order_by("pk"))


def dependents_of_orders(batch_id: int) -> list[tuple[str, str]]:
    """(which order, why) of the orders of a batch that something came of."""
    rows = orders_of_batch(batch_id)
    billed: set[str] = set(
        Document.objects.filter(
            entity_id__in={row.entity_id for row in rows},
            order_ref__in=among({row.ref for row in rows}),
            order_ref__gt="",
            is_void=False,
        ).values_list("order_ref", flat=True)
    )
    found = [(f"order {row.ref}", "was shipped") for row in rows if row.shipped_minor]
    return found + [(f"order {row.ref}", "was invoiced") for row in rows if row.ref in billed]


def batches_with_orders(batch_ids: Collection[int]) -> set[int]:
    """Those of some imports of which orders are still released."""
    rows = Order.objects.filter(batch_id__in=among(batch_ids)).exclude(amount_minor=0)
    return {batch for batch in rows.values_list("batch_id", flat=True) if batch is not None}


def orders_asked(entity_id: int, refs: Collection[str]) -> dict[str, Asked]:
    """{reference: an order as it was last asked about}: what waits before what is released."""
    rows = {row.ref: row for row in Order.objects.filter(entity_id=entity_id, ref__in=among(refs))}
    ids = [row.pk for row in rows.values()]
    waits = open_cases(ids)
    found = {}
    for ref, row in rows.items():
        last: Order | HoldCase = waits.get(row.pk, row)
        found[ref] = Asked(
            row.customer_id,
            last.currency,
            last.amount_minor,
            ref,
            is_prepaid=row.is_prepaid,
            ordered_on=row.ordered_on,
        )
    return found


def orders_by_batch(batch_ids: Collection[int] | None = None) -> dict[int, int]:
    """{batch: how many orders it brought}; of all batches, or of some."""
    rows = Order.objects.exclude(batch_id=None)
    if batch_ids is not None:
        rows = rows.filter(batch_id__in=among(batch_ids))
    return dict(rows.order_by().values_list("batch_id").annotate(count=Count("id")))
