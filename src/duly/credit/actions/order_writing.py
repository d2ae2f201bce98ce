"""Write down what becomes of orders: rows are gathered while orders are settled, and written in
the end, in as many statements for one as for thousands.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Model

from duly.access.actions import Author
from duly.credit.models import NEVER, HoldCase, Order, OrderMovement
from duly.credit.queries.orders import Desk
from duly.credit.rules.exposure import Asked, OrderLeft, whole_minor
from duly.credit.rules.order_check import HOLD, SHIPPED, Answer
from duly.storage import bulk
from duly.storage.among import among

_ORDER_FIELDS = [
    *("currency", "amount_minor", "shipped_minor", "is_prepaid", "margin_minor"),
    "settled_on",
]
_CASE_FIELDS = [
    *("checkpoint", "currency", "amount_minor", "failed", "owner"),
    *("tested_at", "ending", "ended_at", "asked_by"),
]
OWNER = "credit"  # who clears holds where nobody took them


class OrderWriter:
    """Settles orders of one entity, on a day, for an author."""

    def __init__(self, entity_id: int, on: date, author: Author) -> None:
        self._entity_id, self._on, self._author = entity_id, on, author
        self._added: list[Order] = []
        self._orders: dict[int, Order] = {}
        self._movements: list[tuple[Order, OrderMovement]] = []
        self._new: list[tuple[Order, HoldCase]] = []
        self._changed: dict[int, HoldCase] = {}
        self._tested: list[int] = []  # again, and nothing came of it

    def add_orders(self, desk: Desk, asked: Sequence[Asked]) -> None:
        """Take up orders that are not there yet: nothing is released of them."""
        fresh = {one.ref: one for one in asked if one.ref not in desk.orders}
        self._added = [
            Order(
                entity_id=self._entity_id,
                customer_id=one.customer_id,
                ref=one.ref,
                currency=one.currency,
                is_prepaid=one.is_prepaid,
                margin_minor=one.margin_minor,
                ordered_on=one.ordered_on or self._on,
                batch_id=self._author.batch_id,
                actor=self._author.actor,
                recorded_at=self._author.at,
            )
            for one in fresh.values()
        ]
        desk.orders.update({row.ref: row for row in self._added})

    def settle(self, desk: Desk, answer: Answer) -> HoldCase | None:
        """Release an order, or let it wait; the next one asked sees it. Return its hold, if any."""
        asked = answer.asked
        if answer.because == SHIPPED:
            return None  # what left is invoiced; what waits of the rest waits on
        row = desk.orders[asked.ref]
        case = desk.cases.get(row.ref)
        amount = whole_minor(asked, desk.book.orders.get(asked.ref))
        is_smaller = asked.currency == row.currency and amount < row.amount_minor
        if answer.decision != HOLD or is_smaller:
            self._grant(row, asked, amount)
            desk.book.put(_left_of(row, desk.book.orders.get(asked.ref)))
        if answer.decision != HOLD:
            if case is not None:
                self.end(case, "cleared")
                del desk.cases[row.ref]
            return None
        if case is None:
            case = HoldCase(
                entity_id=self._entity_id,
                customer_id=row.customer_id,
                owner=OWNER,
                opened_on=self._on,
                opened_at=self._author.at,
            )
            self._new.append((row, case))
            desk.cases[row.ref] = case
        if (case.currency, case.amount_minor) != (asked.currency, amount):
            case.asked_by = self._author.actor
        told = (asked.checkpoint, asked.currency, amount, [one._asdict() for one in answer.failed])
        if case.pk is not None:
            there = (case.checkpoint, case.currency, case.amount_minor, case.failed)
            self._note(case, is_same=told == there)
        case.checkpoint, case.currency, case.amount_minor, case.failed = told
        case.tested_at = self._author.at
        return case

    def _note(self, case: HoldCase, *, is_same: bool) -> None:
        if is_same and case.pk not in self._changed:
            self._tested.append(case.pk)
        else:
            self._changed[case.pk] = case

    def _grant(self, row: Order, asked: Asked, amount_minor: int) -> None:
        """What is released of an order from now on."""
        told = (asked.currency, amount_minor, asked.is_prepaid)
        if (row.currency, row.amount_minor, row.is_prepaid) != told:
            is_new = row.amount_minor == row.shipped_minor
            self._move(row, "confirmed" if is_new else "amended", asked.currency, amount_minor)
            row.currency, row.amount_minor, row.is_prepaid = told
        if asked.margin_minor is not None:
            row.margin_minor = asked.margin_minor
        self._change(row)

    def release(self, row: Order, case: HoldCase) -> None:
        """Release what a hold asks for: a person takes it upon themselves."""
        asked = Asked(row.customer_id, case.currency, case.amount_minor, row.ref, "confirm")
        self._grant(row, asked._replace(is_prepaid=row.is_prepaid), case.amount_minor)
        self.end(case, "released")

    def ship(self, row: Order, amount_minor: int) -> None:
        """Some of an order left the house."""
        self._move(row, "shipped", row.currency, amount_minor)
        row.shipped_minor += amount_minor
        self._change(row)

    def cancel(self, row: Order, case: HoldCase | None) -> None:
        """Nothing more is to come of an order, which may wait."""
        dropped = row.amount_minor - row.shipped_minor
        if dropped or case is not None:
            self._move(row, "cancelled", row.currency, dropped)
        row.amount_minor = row.shipped_minor
        self._change(row)
        if case is not None:
            self.end(case, "cancelled")

    def end(self, case: HoldCase, ending: str) -> None:
        """A hold ends, and how."""
        case.ending, case.ended_at = ending, self._author.at
        if case.pk is not None:
            self._changed[case.pk] = case

    def _move(self, row: Order, kind: str, currency: str, amount_minor: int) -> None:
        movement = OrderMovement(
            kind=kind,
            currency=currency,
            amount_minor=amount_minor,
            on=self._on,
            actor=self._author.actor,
            recorded_at=self._author.at,
        )
        self._movements.append((row, movement))

    def _change(self, row: Order) -> None:
        if row.pk is not None:  # one that was taken up just now is written with what came of it
            row.settled_on = NEVER
            self._orders[row.pk] = row

    def write(self) -> None:
        """Write everything that was gathered."""
        _add(self._added)
        for row, movement in self._movements:
            movement.order_id = row.pk
        for row, case in self._new:
            case.order_id = row.pk
        _add([movement for _, movement in self._movements])
        Order.objects.bulk_update(self._orders.values(), _ORDER_FIELDS, batch_size=500)
        _add([case for _, case in self._new])
        HoldCase.objects.bulk_update(self._changed.values(), _CASE_FIELDS, batch_size=500)
        if self._tested:
            tested = HoldCase.objects.filter(pk__in=among(self._tested))
            tested.update(tested_at=self._author.at)


def _add(rows: Sequence[Model]) -> None:
    """Write new rows; a single one, as most orders come, without Django's way of many."""
    if len(rows) == 1:
        bulk.insert_row(rows[0])
    elif rows:
        type(rows[0])._default_manager.bulk_create(rows)


def _left_of(row: Order, there: OrderLeft | None) -> OrderLeft:
    """An order as the next check sees it."""
    return OrderLeft(
        row.pk,
        row.ref,
        row.customer_id,
        row.currency,
        row.amount_minor,
        row.shipped_minor,
        there.invoiced_minor if there else 0,
        row.is_prepaid,
    )
