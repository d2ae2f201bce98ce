"""What an order check reads, and orders as they stand."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from duly.credit.errors import OrderUnknown
from duly.credit.models import HoldCase, HoldRelease, Order, OrderStop
from duly.credit.policy import OrderPolicy
from duly.credit.queries.exposure import read_book
from duly.credit.queries.insurance import insurer_stops
from duly.credit.queries.policies import decision_policy
from duly.credit.rules.exposure import Asked, Book
from duly.credit.rules.order_check import (
    Answer,
    Grace,
    LateItem,
    Signals,
    Standing,
    Stop,
    check,
)
from duly.credit.rules.orders import refuse_other, refuse_unfit
from duly.disputes.queries import disputed_by_item
from duly.parties.models import Entity
from duly.parties.queries.families import Member, families_of
from duly.receivables.models import Document
from duly.receivables.queries.owed import late_items
from duly.storage.among import among

# What contexts above credit know of customers: (entity, customers, day).
SignalsOf = Callable[[int, Collection[int], date], Signals]


def no_signals(entity_id: int, customer_ids: Collection[int], on: date) -> Signals:
    """Nothing is known beside credit and the books."""
    return Signals()


@dataclass(slots=True)
class Desk:
    """Everything by which orders are checked, read once."""

    book: Book
    standing: Standing
    orders: dict[str, Order]  # by reference
    cases: dict[int, HoldCase]  # open ones, by order
    graces: dict[int, Grace]  # releases that last, by order


def read_desk(
    entity: Entity,
    asked: Sequence[Asked],
    on: date,
    *,
    signals_of: SignalsOf,
    family: dict[int, Member] | None = None,
) -> Desk:
    """Read it in a constant number of queries, however many orders are asked about."""
    customers = {one.customer_id for one in asked}
    members = families_of(customers) if family is None else family
    refs = {one.ref for one in asked if one.ref}
    rows = Order.objects.filter(entity_id=entity.pk, ref__in=among(refs)) if refs else ()
    orders = {row.ref: row for row in rows}
    ids = [row.pk for row in orders.values()]
    lasting = HoldRelease.objects.filter(order_id__in=among(ids), expires_on__gte=on)
    return Desk(
        read_book(
            entity, customers, on, family=members, currencies={one.currency for one in asked}
        ),
        _standing(entity.pk, customers, members, on, signals_of),
        orders,
        open_cases(ids) if ids else {},
        {
            row.order_id: Grace(frozenset(row.tests), row.currency, row.amount_minor)
            for row in (lasting.order_by("pk") if ids else ())
        },
    )


def _standing(
    entity_id: int,
    customers: Collection[int],
    members: dict[int, Member],
    on: date,
    signals_of: SignalsOf,
) -> Standing:
    stops: dict[int, list[Stop]] = defaultdict(list)
    rows = OrderStop.objects.filter(customer_id__in=among(members.keys()), lifted_at=None)
    for row in rows.filter(entity_id=entity_id, since_on__lte=on).order_by("pk"):
        stops[row.customer_id].append(Stop(row.kind, row.since_on, row.reason))
    there = late_items(entity_id=entity_id, customer_ids=customers, on=on)
    disputed = (
        disputed_by_item(entity_id=entity_id, on=on, customer_ids=there.keys()) if there else {}
    )
    late = {
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
    signals = signals_of(entity_id, members.keys(), on)
    stopped = insurer_stops(entity_id, customers, on)
    return Standing(stops, late, signals._replace(insurer_stops=stopped))


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
    desk = read_desk(entity, [asked], on, signals_of=signals_of)
    return answer_of(desk, asked, on, policy or decision_policy(entity.pk, on).orders)


def answer_of(desk: Desk, asked: Asked, on: date, policy: OrderPolicy) -> Answer:
    """What comes of an order by what was read. Refuses: OrderOfAnother, OrderShipped."""
    row = desk.orders.get(asked.ref)
    grace = None
    if row is not None:
        refuse_other(asked, row.customer_id, desk.book.orders.get(asked.ref))
        grace = desk.graces.get(row.pk)
    return check(desk.book, desk.standing, asked, on=on, policy=policy, grace=grace)


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
