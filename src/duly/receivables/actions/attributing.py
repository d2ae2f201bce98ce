"""Say whose money a payment is: what is left of it moves to that customer, from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.ledger.actions import Recorder
from duly.ledger.rules.accounts import UNAPPLIED_CASH
from duly.ledger.rules.entries import Draft, Leg
from duly.receivables.actions.sums import Sums
from duly.receivables.errors import AlreadyVoid, AttributedTooEarly
from duly.receivables.models import Application, Attribution, Payment
from duly.receivables.queries.standing import (
    last_attributions,
    last_days_of_payments,
    payments_of,
)
from duly.storage import bulk
from duly.storage.projections import set_column


class Move(NamedTuple):
    """Money of a payment that goes from one customer (None: nobody known) to another."""

    payment: Payment
    from_customer_id: int | None
    customer_id: int | None
    amount_minor: int


def attribute_payments(
    *, recorder: Recorder, entity_id: int, payers: Mapping[int, int | None], on: date
) -> int:
    """Say who paid, {payment: customer}; what is left of each is theirs from a day on.

    Returns how many changed hands. What was applied before stays as it was. Posts: unapplied cash
    of the one / unapplied cash of the other. Refuses: PaymentUnknown, AlreadyVoid,
    AttributedTooEarly, PeriodLocked.
    """
    payments = payments_of(entity_id, payers)
    moved = [one for pk, one in payments.items() if one.customer_id != payers[pk]]
    last = last_days_of_payments({one.pk for one in moved})
    for one in moved:
        _refuse(one, on, max(one.received_on, last.get(one.pk, one.received_on)))
    _write(
        recorder,
        entity_id,
        [Move(one, one.customer_id, payers[one.pk], one.unapplied_minor) for one in moved],
        on,
    )
    set_column(Payment, "customer_id", {one.pk: payers[one.pk] for one in moved})
    return len(moved)


def give_back(
    recorder: Recorder, entity_id: int, rows: Sequence[Application], on: date | None
) -> None:
    """What was taken back of payments that changed hands since goes to whom they are held to be of.

    Input: the applications that were taken back; `on` as they were: None, each on its own day.
    Money that changed hands after that day goes on from the day on which it did.
    """
    gone = [row for row in rows if row.payment_id is not None]
    payments = payments_of(entity_id, {row.payment_id for row in gone if row.payment_id})
    changed = last_attributions(payments)
    by_day: dict[date, list[Move]] = {}
    for row in gone:
        payment = payments[row.payment_id or 0]
        if payment.customer_id != row.payer_id:
            move = Move(payment, row.payer_id, payment.customer_id, row.amount_minor)
            day = on or row.applied_on
            by_day.setdefault(max(day, changed.get(payment.pk, day)), []).append(move)
    for day, moves in sorted(by_day.items()):
        _write(recorder, entity_id, moves, day)


def _write(recorder: Recorder, entity_id: int, moves: Sequence[Move], on: date) -> None:
    """Write attributions with their entries and sums."""
    if not moves:
        return
    recorder.refuse_closed(entity_id, on.isoformat())
    ids = bulk.reserve_ids(Attribution, len(moves))
    rows, drafts, sums = [], [], recorder.gather(Sums)
    for id_, (payment, source, target, minor) in zip(ids, moves, strict=True):
        day, received = on.isoformat(), payment.received_on.isoformat()
        head = (id_, recorder.batch_id, entity_id, payment.pk)
        rows.append((*head, source, target, payment.currency, minor, day, received))
        if not minor:
            continue
        sums.cash(source, payment.currency, received, -minor)
        sums.cash(target, payment.currency, received, minor)
        legs = (
            Leg(UNAPPLIED_CASH.id, payment.currency, minor, source),
            Leg(UNAPPLIED_CASH.id, payment.currency, -minor, target),
        )
        drafts.append(Draft(day, "attributed", "attribution", id_, None, legs))
    recorder.write(Attribution, rows)
    recorder.post(entity_id=entity_id, drafts=drafts)


def _refuse(payment: Payment, on: date, since: date) -> None:
    """Refuses: AlreadyVoid, AttributedTooEarly."""
    if payment.is_void:
        raise AlreadyVoid(
            f"Payment {payment.number} was voided before.", facts={"number": payment.number}
        )
    if on < since:
        raise AttributedTooEarly(
            f"Who paid {payment.number} can't be said for {on}: it was used, or came in, on "
            f"{since}.",
            facts={"payment": payment.number, "on": on.isoformat(), "earliest": since.isoformat()},
            remedy=f"Say it for {since} or later.",
        )
