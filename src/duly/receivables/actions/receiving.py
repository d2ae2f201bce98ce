"""Receive payments: money in, not yet applied."""

from collections.abc import Sequence
from typing import NamedTuple

from duly.access.actions import announce
from duly.ledger.actions import Recorder
from duly.ledger.rules.accounts import BANK, UNAPPLIED_CASH
from duly.ledger.rules.entries import Transfers
from duly.receivables.actions.sums import Sums
from duly.receivables.events import PaymentsReceived
from duly.receivables.models import Payment
from duly.storage import bulk


class PaymentDraft(NamedTuple):
    """A payment to be; `customer_id` is None while the payer is not known; dates are ISO texts."""

    number: str
    customer_id: int | None
    currency: str
    amount_minor: int
    received_on: str
    payer_name: str = ""
    payer_account: str = ""
    reference: str = ""


def receive_payments(
    *, recorder: Recorder, entity_id: int, payments: Sequence[PaymentDraft]
) -> range:
    """Write payments with their entries; return their ids.

    Posts: bank / unapplied cash. Announces: PaymentsReceived. Refuses: PeriodLocked.
    """
    if not payments:
        return range(0)
    ids = bulk.reserve_ids(Payment, len(payments))
    batch_id = recorder.batch_id
    recorder.write(
        Payment,
        [
            (
                id_,
                batch_id,
                entity_id,
                p.customer_id,
                p.number,
                p.currency,
                p.amount_minor,
                p.received_on,
                p.payer_name,
                p.payer_account,
                p.reference,
                0,
                p.amount_minor,
            )
            for id_, p in zip(ids, payments, strict=True)
        ],
    )
    recorder.transfer(
        entity_id=entity_id,
        from_account=UNAPPLIED_CASH,
        to_account=BANK,
        moved=Transfers(
            "payment",
            ids,
            [p.received_on for p in payments],
            ["payment"] * len(payments),
            [p.amount_minor for p in payments],
            [p.currency for p in payments],
            [p.customer_id for p in payments],
        ),
    )
    sums = recorder.gather(Sums)
    for p in payments:
        sums.cash(p.customer_id, p.currency, p.received_on, p.amount_minor)
    announce(event=PaymentsReceived(batch_id, entity_id, len(payments)), at=recorder.at)
    return ids
