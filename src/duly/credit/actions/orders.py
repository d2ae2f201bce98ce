"""Check orders, ship and cancel them: each check with what it decides is one locked write."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.access.actions import Author
from duly.credit.actions.exposure_locks import lock_families
from duly.credit.actions.order_writing import OrderWriter
from duly.credit.errors import OrderNotReleased, ShippedTooMuch
from duly.credit.models import HoldCase, Order
from duly.credit.policy import OrderPolicy
from duly.credit.queries.orders import (
    SignalsOf,
    answer_of,
    open_cases,
    order_by_ref,
    orders_of_batch,
    read_desk,
)
from duly.credit.rules.exposure import Asked, OrderLeft
from duly.credit.rules.order_check import Answer
from duly.credit.rules.orders import refuse_unfit
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import text_from_minor
from duly.parties.models import Entity
from duly.parties.queries.families import Member
from duly.storage.writing import whole


class Shipped(NamedTuple):
    """An order of which some was to leave; held, nothing left and it waits."""

    order: Order
    held: "Checked | None" = None


class Checked(NamedTuple):
    """What came of a check, and the order and the hold that were written down."""

    answer: Answer
    order: Order
    case: HoldCase | None

    @property
    def hold_id(self) -> int | None:
        """The number of its hold."""
        return self.case.pk if self.case else None


@whole()
def check_order(
    *,
    entity: Entity,
    asked: Asked,
    on: date,
    author: Author,
    signals_of: SignalsOf,
    policy: OrderPolicy | None = None,
) -> Checked:
    """Check one order and write down what comes of it; see `check_orders`."""
    return check_orders(
        entity=entity, asked=[asked], on=on, author=author, signals_of=signals_of, policy=policy
    )[0]


@whole()
def check_orders(
    *,
    entity: Entity,
    asked: Sequence[Asked],
    on: date,
    author: Author,
    signals_of: SignalsOf,
    policy: OrderPolicy | None = None,
) -> list[Checked]:
    """Check orders one after the other and write down what comes of each: released, it counts as
    an open order; held, it waits in the queue. Asked again, an order counts once.

    Rule: an order made larger, put into another currency or taken up again after it was cancelled
    is tested like a new one. One made smaller counts less at once.
    Refuses: UnknownCurrency, OrderUnfit, OrderOfAnother, OrderShipped, ExposureRateMissing.
    """
    for one in asked:
        refuse_unfit(one)
    family = lock_families(
        entity_id=entity.pk,
        customer_ids={one.customer_id for one in asked},
        refs=[one.ref for one in asked],
    )
    desk = read_desk(entity, asked, on, signals_of=signals_of, family=family, policy=policy)
    writer = OrderWriter(entity.pk, on, author)
    writer.add_orders(desk, asked)
    found = []
    for one in asked:
        answer = answer_of(desk, one, on)
        case = writer.settle(desk, answer)
        found.append(Checked(answer, desk.orders[one.ref], case))
    writer.write()
    return found


@whole()
def ship_order(
    *,
    entity: Entity,
    ref: str,
    amount_minor: int,
    on: date,
    author: Author,
    signals_of: SignalsOf,
    policy: OrderPolicy | None = None,
) -> Shipped:
    """Note that some of a released order left the house, unless anything holds it now.

    Rule: everything is tested again before goods leave; what is held then waits in the queue. A
    release that lasts counts here, too.
    Refuses: OrderUnknown, OrderNotReleased (nothing is released of it, or another amount waits),
    ShippedTooMuch.
    """
    row, family = _locked_order(entity, ref)
    asked = Asked(row.customer_id, row.currency, row.amount_minor, ref, "ship", row.is_prepaid)
    desk = read_desk(entity, [asked], on, signals_of=signals_of, family=family, policy=policy)
    row = desk.orders[ref]
    left, case = desk.book.orders.get(ref), desk.cases.get(ref)
    told = (row.currency, row.amount_minor)
    if left is None or (case and (case.currency, case.amount_minor) != told):
        raise OrderNotReleased(
            f"Order {ref} is not released: its goods can't leave.",
            facts={"order": ref},
            remedy="Have it released first; `duly credit holds` tells why it waits.",
        )
    _refuse_too_much(left, amount_minor)
    answer = answer_of(desk, asked, on)
    writer = OrderWriter(entity.pk, on, author)
    held = writer.settle(desk, answer)
    if held is None:
        writer.ship(row, amount_minor)
    writer.write()
    return Shipped(row, Checked(answer, row, held) if held else None)


def _refuse_too_much(left: OrderLeft, amount_minor: int) -> None:
    if not 0 < amount_minor <= left.amount_minor - left.shipped_minor:
        decimals = EXPONENTS[left.currency]
        raise ShippedTooMuch(
            f"{text_from_minor(amount_minor, decimals)} can't be shipped of order {left.ref}.",
            facts={
                "order": left.ref,
                "left": text_from_minor(left.amount_minor - left.shipped_minor, decimals),
                "currency": left.currency,
            },
            remedy="Ship what is left, or have a larger order checked first.",
        )


@whole()
def cancel_order(*, entity: Entity, ref: str, on: date, author: Author) -> Order:
    """Drop what is left of an order; what was shipped stays. A hold of it ends.

    Refuses: OrderUnknown.
    """
    row, _ = _locked_order(entity, ref)
    writer = OrderWriter(entity.pk, on, author)
    writer.cancel(row, open_cases([row.pk]).get(row.pk))
    writer.write()
    return row


@whole()
def take_back_orders(*, batch_id: int, on: date, author: Author) -> int:
    """Cancel the orders that an import brought; return how many there were."""
    rows = orders_of_batch(batch_id)
    if not rows:
        return 0
    entity_id = rows[0].entity_id
    lock_families(
        entity_id=entity_id,
        customer_ids={row.customer_id for row in rows},
        refs=[row.ref for row in rows],
    )
    rows = orders_of_batch(batch_id)
    cases = open_cases([row.pk for row in rows])
    writer = OrderWriter(entity_id, on, author)
    for row in rows:
        writer.cancel(row, cases.get(row.pk))
    writer.write()
    return len(rows)


def _locked_order(entity: Entity, ref: str) -> tuple[Order, dict[int, Member]]:
    row = order_by_ref(entity.pk, ref)
    family = lock_families(entity_id=entity.pk, customer_ids={row.customer_id}, refs=[ref])
    row.refresh_from_db()
    return row, family
