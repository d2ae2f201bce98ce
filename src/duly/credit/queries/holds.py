"""Orders that wait, and what became of those that did."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from duly.credit.errors import HoldUnknown
from duly.credit.models import HoldCase, HoldRelease, Order, OrderMovement, OrderStop
from duly.credit.rules.exposure import Asked
from duly.parties.queries import codes_and_names
from duly.storage.among import among


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


def releases_of(order_id: int) -> list[HoldRelease]:
    """The releases of an order, the newest first."""
    return list(HoldRelease.objects.filter(order_id=order_id).order_by("-pk"))


def movements_of(order_id: int) -> list[OrderMovement]:
    """What became of an order, in the order of writing."""
    return list(OrderMovement.objects.filter(order_id=order_id).order_by("pk"))


def stops_of(entity_id: int, customer_id: int | None = None) -> list[OrderStop]:
    """The stops of an entity (or of one customer) that stand."""
    rows = OrderStop.objects.filter(entity_id=entity_id, lifted_at=None)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("pk"))
