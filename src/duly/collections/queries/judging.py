"""The facts by which queued messages are judged again, read for all of them at once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from duly.cash_application.queries import latest_bank_day
from duly.collections.models import MAILED, Message, MessageLine
from duly.collections.policy import DELIVERY, GENTLE
from duly.collections.queries.messages import calls_taken_back, sending_of
from duly.collections.queries.standing import Standing, lines_of, works
from duly.collections.queries.statements import runs_of_messages, settled_statements
from duly.collections.rules.confirming import CONFIRMATION, never_confirms
from duly.collections.rules.handing import Clock, Now, is_shut, never, not_now
from duly.collections.rules.laws.gate import Stopped
from duly.collections.rules.on_account import ON_ACCOUNT, never_told
from duly.collections.rules.orders_told import ORDER_TOLD, SALES_TOLD, never_told_of_order
from duly.collections.rules.planning import Line
from duly.collections.rules.reasons import Reason
from duly.collections.rules.statement_texts import write_statement_mail
from duly.collections.rules.statement_ways import never_leaves
from duly.credit.queries.holds import orders_now
from duly.kernel.locales import reader
from duly.parties.models import Entity
from duly.receivables.queries import (
    due_days_of_items,
    free_of_payments,
    latest_money_day,
    open_of_items,
)
from duly.receivables.rules.statements import OPEN_ITEM

# What a statement that waits is given anew, so that it says what is true when it leaves.
ANEW = ("recipients", "language", "subject", "body")


class Facts:
    """What is true of some messages of an entity at a moment."""

    def __init__(
        self, entity: Entity, rows: Sequence[Message], clock: Clock, snapshot_on: date | None
    ) -> None:
        self._entity, self._clock = entity, clock
        self.switch = sending_of(entity.pk)
        days = (latest_money_day(entity.pk), latest_bank_day(entity.pk), snapshot_on)
        self._bank_on = max(filter(None, days), default=None)
        self._lines = lines_of([row.pk for row in rows])
        item_ids = {
            line.item_id
            for lines in self._lines.values()
            for line in lines
            if line.item_id is not None
        }
        self._open = open_of_items(item_ids)
        self._free = free_of_payments(
            line.payment_id
            for row in rows
            if row.channel == ON_ACCOUNT
            for line in self._lines[row.pk]
            if line.payment_id is not None
        )
        self._due = due_days_of_items(item_ids)
        confirming = [row.pk for row in rows if row.channel == CONFIRMATION]
        self._taken_back = calls_taken_back(confirming) if confirming else set()
        self._orders = orders_now(
            entity.pk,
            {
                line.number
                for row in rows
                if row.channel == ORDER_TOLD
                for line in self._lines[row.pk]
            },
        )
        statements = [row for row in rows if row.channel == "statement"]
        self._runs = runs_of_messages([row.pk for row in statements])
        listing = [row for row in statements if self._lists_open(row)]
        self._settled = settled_statements(entity.pk, listing)
        of_day: dict[date, set[int]] = {}
        for row in filter(_is_to_customer, rows):
            of_day.setdefault(self.local(row).date(), set()).add(row.customer_id)
        self._standing = {
            on: Standing(entity=entity, on=on, customer_ids=sorted(ids))
            for on, ids in of_day.items()
        }

    def local(self, row: Message) -> datetime:
        """The moment where the recipient of a message is."""
        return self._clock.where(row.timezone)

    def never(self, row: Message) -> Reason | None:
        """Why a message must not leave any more: what is owed, or a rule of law that does not lift
        by itself."""
        if not _is_to_customer(row):
            return None
        lasting = [one for one in self._law_stops(row) if one.until is None]
        return self._never(row) or (lasting[0].reason if lasting else None)

    def _law_stops(self, row: Message) -> list[Stopped]:
        gate = self._standing[self.local(row).date()].gate
        found = gate.stopped(row.customer_id, "email", self._clock)
        return [one for one in found if one.is_stop]

    def _never(self, row: Message) -> Reason | None:
        standing = self._standing[self.local(row).date()]
        if row.channel == "statement":
            return never_leaves(
                barred=standing.barred.get(row.customer_id),
                addressed=standing.addressed(row.customer_id),
                is_settled=row.pk in self._settled,
                waited=self.local(row).date() - row.planned_on,
                policy=DELIVERY,
            )
        if row.channel == CONFIRMATION:
            return never_confirms(
                barred=standing.barred.get(row.customer_id),
                is_taken_back=row.pk in self._taken_back,
                is_suppressed=all(map(standing.is_suppressed, row.recipients)),
            )
        lines = self._lines[row.pk]
        if row.channel == ORDER_TOLD:
            return never_told_of_order(
                told=row.step,
                now=self._orders.get(lines[0].number),
                barred=standing.barred.get(row.customer_id),
                recipients=tuple(row.recipients),
                addressed=standing.addressed(row.customer_id).recipients,
            )
        if row.channel == ON_ACCOUNT:
            return never_told(
                told={line.payment_id or 0: -line.open_minor for line in lines},
                free=self._free,
                barred=standing.barred.get(row.customer_id),
                recipients=tuple(row.recipients),
                addressed=standing.addressed(row.customer_id).recipients,
            )
        return never(
            [_line(line) for line in lines],
            tuple(row.recipients),
            Now(
                open_minor=self._open,
                credits=standing.credits.get((row.customer_id, row.currency), ()),
                disputed=standing.guards.disputed,
                promised=standing.guards.promised,
                blocked=standing.guards.blocked,
                silence=standing.silence(row.customer_id) or standing.holds.get(row.customer_id),
                recipients=standing.addressed(row.customer_id).recipients,
                has_fallen_due=self._has_fallen_due(row),
            ),
        )

    def anew(self, row: Message) -> dict[str, Any]:
        """What a statement must say and to whom, where that is no longer as it was queued."""
        if row.channel != "statement":
            return {}
        on = self.local(row).date()
        standing = self._standing[on]
        to, reach = standing.addressed(row.customer_id), standing.reach[row.customer_id]
        subject, body = write_statement_mail(
            customer=reach.name,
            entity=self._entity.name,
            on=on if self._lists_open(row) else self._runs[row.pk].due_on,
            locale=reader(to.language, tag=reach.language, country=reach.country),
        )
        told = zip(ANEW, (list(to.recipients), to.language, subject, body), strict=True)
        return {name: value for name, value in told if getattr(row, name) != value}

    def _lists_open(self, row: Message) -> bool:
        return row.pk in self._runs and self._runs[row.pk].asked["kind"] == OPEN_ITEM

    def _has_fallen_due(self, row: Message) -> bool:
        """Tell whether a message was to come before the due date of what it names, and is late."""
        days = [
            self._due[line.item_id]
            for line in self._lines[row.pk]
            if line.item_id is not None and line.open_minor > 0
        ]
        first = min(days, default=date.min)
        return row.planned_on <= first < self.local(row).date()

    def not_now(self, row: Message) -> Reason | None:
        """Why a message waits."""
        local = self.local(row)
        told = {
            "mode": self.switch.mode,
            "allowed": self.switch.allowed,
            "recipients": [address.lower() for address in row.recipients],
            "local": local,
            "not_before": row.not_before,
        }
        if row.channel == SALES_TOLD:
            return not_now(
                **told,
                is_business_day=works(local.date(), self._entity.country),
                policy=GENTLE,
                bank_on=local.date(),
            )
        if not _is_to_customer(row):
            return is_shut(**told)
        standing = self._standing[local.date()]
        if row.channel != "email" and row.customer_id in standing.holds:
            return standing.holds[row.customer_id]
        reach = standing.reach[row.customer_id]
        why = not_now(
            **told,
            is_business_day=works(local.date(), reach.country or self._entity.country),
            policy=standing.policy_of(row.customer_id, reach),
            bank_on=self._bank_on,
            needs_bank=row.channel not in (ORDER_TOLD, CONFIRMATION),
        )
        if why is not None:
            return why
        return next((one.reason for one in self._law_stops(row)), None)


def _is_to_customer(row: Message) -> bool:
    return row.channel in MAILED


def _line(line: MessageLine) -> Line:
    if line.item_id is not None:
        return Line("item", line.item_id, line.open_minor, line.level)
    return Line("payment", line.payment_id or 0, line.open_minor, line.level)
