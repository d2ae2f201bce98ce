"""Orders that wait, and what became of those that did."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count

from duly.credit.errors import HoldUnknown
from duly.credit.models import HoldCase, HoldRelease, Order, OrderMovement, OrderStop
from duly.credit.rules.exposure import Asked
from duly.parties.queries import codes_and_names
from duly.storage.among import among

TAKEN_BACK = "The import was taken back."  # why a stop of a file was lifted


class Held(NamedTuple):
    """An order that waits or waited, as the queue shows it."""

    case: HoldCase
    order: Order
    customer_code: str
    customer_name: str
    days: int

    @property
    def asked(self) -> Asked:
        """What was asked about it."""
        case, order = self.case, self.order
        return Asked(
            case.customer_id,
            case.currency,
            case.amount_minor,
            order.ref,
            case.checkpoint,
            order.is_prepaid,
        )


def holds(*, entity_id: int, on: date, customer_ids: Collection[int] | None = None) -> list[Held]:
    """The orders of an entity (or of some customers) that wait, the longest waiting first."""
    rows = HoldCase.objects.filter(entity_id=entity_id, ending="")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return _held(list(rows.order_by("opened_at", "pk")), on)


def customers_waiting(entity_id: int) -> list[int]:
    """The customers whose orders wait, first of whom none was tested for the longest time."""
    rows = HoldCase.objects.filter(entity_id=entity_id, ending="").order_by("tested_at", "pk")
    return list(dict.fromkeys(rows.values_list("customer_id", flat=True)))


def has_waiting(entity_id: int, customer_ids: Collection[int] | None = None) -> bool:
    """Whether any order of an entity, or of some customers, waits."""
    rows = HoldCase.objects.filter(entity_id=entity_id, ending="")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return rows.exists()


def held_at(*, entity_id: int, at: datetime, on: date) -> list[Held]:
    """The orders that wait by the tests of one moment."""
    rows = HoldCase.objects.filter(entity_id=entity_id, ending="", tested_at=at)
    return _held(list(rows.order_by("opened_at", "pk")), on)


def hold(*, entity_id: int, hold_id: int, on: date) -> Held:
    """One of them, or one that ended. Refuses: HoldUnknown."""
    rows = _held(list(HoldCase.objects.filter(pk=hold_id, entity_id=entity_id)), on)
    if not rows:
        raise HoldUnknown(
            f"No held order has the number {hold_id}.",
            facts={"hold": hold_id},
            remedy="Look at `duly credit holds`.",
        )
    return rows[0]


def _held(cases: list[HoldCase], on: date) -> list[Held]:
    orders = Order.objects.in_bulk([case.order_id for case in cases])
    names = codes_and_names({case.customer_id for case in cases})
    return [
        Held(
            case,
            orders[case.order_id],
            *names.get(case.customer_id, ("", "")),
            days=max((on - case.opened_on).days, 0),
        )
        for case in cases
    ]


def orders_now(entity_id: int, refs: Collection[str]) -> dict[str, str]:
    """{reference: whether an order waits or goes}; those that do neither are left out."""
    rows = Order.objects.filter(entity_id=entity_id, ref__in=among(refs)) if refs else ()
    there = {row.pk: row for row in rows}
    waiting = HoldCase.objects.filter(order_id__in=among(there.keys()), ending="")
    waits = set(waiting.values_list("order_id", flat=True)) if there else set()
    return {
        row.ref: "order_waits" if row.pk in waits else "order_goes"
        for row in there.values()
        if row.pk in waits or row.amount_minor > row.shipped_minor
    }


def releases_of(order_id: int) -> list[HoldRelease]:
    """The releases of an order, the newest first."""
    return list(HoldRelease.objects.filter(order_id=order_id).order_by("-pk"))


def movements_of(order_id: int) -> list[OrderMovement]:
    """What became of an order, in the order of writing."""
    return list(OrderMovement.objects.filter(order_id=order_id).order_by("pk"))


class StopTold(NamedTuple):
    """A stop that was set once."""

    customer_id: int
    kind: str
    since_on: date
    source: str
    stands: bool


def stops_told(entity_id: int, customer_ids: Collection[int]) -> list[StopTold]:
    """The stops that some customers have or had; not those of an import that was taken back."""
    rows = OrderStop.objects.filter(entity_id=entity_id, customer_id__in=among(customer_ids))
    return [
        StopTold(row.customer_id, row.kind, row.since_on, row.source, row.lifted_at is None)
        for row in rows.exclude(lifted_because=TAKEN_BACK)
    ]


def stops_by_batch() -> dict[int, int]:
    """{import: how many stops it set}."""
    rows = OrderStop.objects.exclude(batch_id=None).order_by()
    return dict(rows.values_list("batch_id").annotate(count=Count("id")))


def batches_with_stops(batch_ids: Collection[int]) -> set[int]:
    """Those of some imports of which a stop stands."""
    rows = OrderStop.objects.filter(batch_id__in=among(batch_ids), lifted_at=None)
    return {batch for batch in rows.values_list("batch_id", flat=True) if batch is not None}


def stops_of(entity_id: int, customer_id: int | None = None) -> list[OrderStop]:
    """The stops of an entity (or of one customer) that stand."""
    rows = OrderStop.objects.filter(entity_id=entity_id, lifted_at=None)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("pk"))
