"""Take money off account that a person put there: it asks again, as though nobody had."""

from datetime import date

from duly.cash_application.actions.aliases import unlearn
from duly.cash_application.errors import NothingToMatch
from duly.cash_application.models import TakenOff
from duly.cash_application.queries.waiting import kept_by
from duly.ledger.actions import Recorder
from duly.receivables.actions import attribute_payments
from duly.receivables.queries.standing import payer_before
from duly.storage import bulk


def take_off_account(*, recorder: Recorder, entity_id: int, payment_id: int, on: date) -> None:
    """Take all of a payment off account; it is whose it was before, and what it taught forgotten.

    Refuses: NothingToMatch, AttributedTooEarly, PeriodLocked.
    """
    match = kept_by(entity_id, payment_id)
    if match is None:
        raise NothingToMatch(
            "Nobody put all of this payment on account.",
            facts={"payment": payment_id},
            remedy="Open the list again: it may have been taken off, or applied.",
        )
    was = payer_before(payment_id, match.batch_id)
    if was is not None:
        payers = {payment_id: was.customer_id}
        attribute_payments(recorder=recorder, entity_id=entity_id, payers=payers, on=on)
    (id_,) = bulk.reserve_ids(TakenOff, 1)
    recorder.write(TakenOff, [(id_, recorder.batch_id, entity_id, match.pk)])
    unlearn(payment_ids=[payment_id], actor=recorder.actor, at=recorder.at)
