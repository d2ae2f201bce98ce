"""Write settlements: the one way in which an open amount or a payment's rest goes down or up.

Every verb that settles (cash, credit, discount, opening, settled elsewhere, void) and every one
that takes a settlement back makes `Settlement`s; this file writes their rows, lowers what they
settle, posts their entries and keeps the sums.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from duly.ledger.actions import Recorder
from duly.ledger.rules.accounts import (
    BANK,
    BANK_CHARGES,
    BILLING_CLEARING,
    DISCOUNT_ALLOWED,
    FINANCE_CHARGE_INCOME,
    OPENING_BALANCES,
    RECEIVABLE,
    SETTLED_ELSEWHERE,
    SMALL_DIFFERENCES,
    UNAPPLIED_CASH,
)
from duly.ledger.rules.entries import Draft, Leg, transfer
from duly.receivables.actions.sums import Sums
from duly.receivables.models import Application
from duly.receivables.rules.applying import BANK_FEE, LATE_DISCOUNT, TOLERANCE
from duly.storage import bulk

CHARGE_WAIVED, CHARGE_REVERSED = "charge_waived", "charge_reversed"

# Where the other side of a settlement without cash is booked.
COUNTER_ACCOUNTS = {
    "discount": DISCOUNT_ALLOWED,
    LATE_DISCOUNT: DISCOUNT_ALLOWED,
    BANK_FEE: BANK_CHARGES,
    TOLERANCE: SMALL_DIFFERENCES,
    "opening": OPENING_BALANCES,
    "settled_elsewhere": SETTLED_ELSEWHERE,
    "void": BILLING_CLEARING,
    "refunded": BANK,
    CHARGE_WAIVED: FINANCE_CHARGE_INCOME,
    CHARGE_REVERSED: FINANCE_CHARGE_INCOME,
}


class Settlement(NamedTuple):
    """An application to be written; the fields are Application's columns after `entity_id`.

    `item_id` is an invoice's or debit note's item, `credit_item_id` a credit note's. A positive
    amount settles, a negative one takes a settlement back.
    """

    reason: str
    item_id: int | None
    payment_id: int | None
    credit_item_id: int | None
    customer_id: int | None
    payer_id: int | None
    currency: str
    amount_minor: int
    applied_on: str
    item_issued_on: str | None
    item_due_on: str | None
    source_on: str | None
    beside_id: int | None = None
    reverses_id: int | None = None

    @classmethod
    def of_item(
        cls,
        reason: str,
        item_id: int,
        customer_id: int,
        currency: str,
        amount_minor: int,
        applied_on: str,
        issued_on: str,
        due_on: str,
    ) -> "Settlement":
        """Settle an item without cash; a negative amount settles that much of a credit note."""
        if amount_minor < 0:
            return cls(
                reason,
                None,
                None,
                item_id,
                None,
                customer_id,
                currency,
                -amount_minor,
                applied_on,
                None,
                None,
                issued_on,
            )
        return cls(
            reason,
            item_id,
            None,
            None,
            customer_id,
            None,
            currency,
            amount_minor,
            applied_on,
            issued_on,
            due_on,
            None,
        )

    @classmethod
    def taking_back(cls, row: Application, on: date) -> "Settlement":
        """Take an application back: its own fields, with the amount negated."""

        def text(day: date | None) -> str | None:
            return None if day is None else day.isoformat()

        return cls(
            row.reason,
            row.item_id,
            row.payment_id,
            row.credit_item_id,
            row.customer_id,
            row.payer_id,
            row.currency,
            -row.amount_minor,
            on.isoformat(),
            text(row.item_issued_on),
            text(row.item_due_on),
            text(row.source_on),
            None,
            row.pk,
        )

    def legs(self) -> tuple[Leg, ...]:
        """What is posted: () where no account changes (a credit note on the same customer)."""
        if self.item_id is not None and self.payment_id is not None:
            return (
                Leg(UNAPPLIED_CASH.id, self.currency, self.amount_minor, self.payer_id),
                Leg(RECEIVABLE.id, self.currency, -self.amount_minor, self.customer_id),
            )
        if self.item_id is not None and self.credit_item_id is not None:
            if self.customer_id == self.payer_id:
                return ()
            return (
                Leg(RECEIVABLE.id, self.currency, self.amount_minor, self.payer_id),
                Leg(RECEIVABLE.id, self.currency, -self.amount_minor, self.customer_id),
            )
        if self.payment_id is not None:
            return transfer(BANK, UNAPPLIED_CASH, self.amount_minor, self.currency, self.payer_id)
        counter = COUNTER_ACCOUNTS[self.reason]
        if self.item_id is not None:
            return transfer(RECEIVABLE, counter, self.amount_minor, self.currency, self.customer_id)
        return transfer(counter, RECEIVABLE, self.amount_minor, self.currency, self.payer_id)

    def count(self, sums: Sums) -> None:
        """Take the settlement into the projections."""
        if self.item_id is not None:
            sums.item(
                self.customer_id or 0,
                self.currency,
                self.item_due_on or "",
                self.item_issued_on or "",
                -self.amount_minor,
            )
        if self.payment_id is not None:
            sums.cash(self.payer_id, self.currency, self.source_on or "", -self.amount_minor)
        if self.credit_item_id is not None:
            sums.credit(self.payer_id or 0, self.currency, self.source_on or "", self.amount_minor)


def write_settlements(
    recorder: Recorder,
    entity_id: int,
    settlements: Sequence[Settlement],
    reversed_entries: Mapping[int, int] | None = None,
) -> range:
    """Write settlements and everything that follows from them; return the applications' ids.

    `reversed_entries` maps the index of a settlement to the entry that its entry takes back.
    Refuses: PeriodLocked, also where no account moves: the aging of a closed day would.
    """
    if not settlements:
        return range(0)
    recorder.refuse_closed(entity_id, min(s.applied_on for s in settlements))
    ids = bulk.reserve_ids(Application, len(settlements))
    batch_id = recorder.batch_id
    recorder.write(
        Application,
        [(id_, batch_id, entity_id, *s) for id_, s in zip(ids, settlements, strict=True)],
    )
    _lower(ids)
    reverses = reversed_entries or {}
    sums = recorder.gather(Sums)
    drafts = []
    for index, (id_, s) in enumerate(zip(ids, settlements, strict=True)):
        s.count(sums)
        legs = s.legs()
        if legs:
            drafts.append(
                Draft(s.applied_on, s.reason, "application", id_, reverses.get(index), legs)
            )
    recorder.post(entity_id=entity_id, drafts=drafts)
    return ids


_LOWERED = (
    ("receivables_item", "open_minor", "item_id", "-"),
    ("receivables_item", "open_minor", "credit_item_id", "+"),
    ("receivables_payment", "unapplied_minor", "payment_id", "-"),
)


def _lower(applications: range) -> None:
    """Take applications (a run of ids) off what they settle: a statement for each kind of it.

    The database's own constraints refuse an open amount beyond zero or beyond its whole.
    """
    with connection.cursor() as cursor:
        for table, column, pointer, sign in _LOWERED:
            cursor.execute(
                f"UPDATE {table} SET {column} = {column} {sign} s.amount"
                f" FROM (SELECT {pointer} AS id, CAST(SUM(amount_minor) AS bigint) AS amount"
                "        FROM receivables_application"
                f"       WHERE id BETWEEN %s AND %s AND {pointer} IS NOT NULL"
                f"       GROUP BY {pointer}) AS s"
                f" WHERE {table}.id = s.id",
                [applications[0], applications[-1]],
            )
