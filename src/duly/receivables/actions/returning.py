"""Return payments: what they settled is open again, and the days before stay as they were."""

from collections.abc import Mapping, Sequence
from datetime import date

from duly.access.actions import announce
from duly.ledger.actions import Recorder
from duly.ledger.queries import entries_of
from duly.receivables.actions.refunding import lapse_refunds
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.events import PaymentsReturned, ReturnsTakenBack
from duly.receivables.models import Application, Payment, PaymentReturn
from duly.receivables.queries.returns import applied_of, opened_by_returns, refusals_of
from duly.receivables.queries.standing import payments_of
from duly.receivables.rules.returning import ReturnDraft, refuse_unknown_reason
from duly.storage import bulk
from duly.storage.among import among


def return_payments(
    *,
    recorder: Recorder,
    entity_id: int,
    returns: Sequence[ReturnDraft],
    is_told_by_bank: bool = False,
) -> None:
    """Take payments out of the books again, each whole and on its day.

    What a payment settled, and the discounts beside, is taken back on that day, or on its own day
    where it was applied later; the payment is then consumed. No day before moves, and refunds of it
    that wait lapse. A code that nobody knows is kept where the bank told it. Posts: reversals of
    the applications; unapplied cash / bank. Announces: PaymentsReturned.
    Refuses: PaymentUnknown, ReturnReasonUnknown, AlreadyReturned, AlreadyVoid, PaymentRefunded,
    TakenBackTooEarly, PeriodLocked.
    """
    if not returns:
        return
    for draft in returns:
        if not is_told_by_bank:
            refuse_unknown_reason(draft.reason)
    ids = [draft.payment_id for draft in returns]
    payments, applied = payments_of(entity_id, ids), applied_of(ids)
    for refusal in refusals_of(payments, applied, returns):
        if refusal is not None:
            raise refusal
    entry_of = entries_of("application", [row.pk for rows in applied.values() for row in rows])
    settlements: list[Settlement] = []
    reverses: dict[int, int] = {}
    for draft in returns:
        payment, rows = payments[draft.payment_id], applied.get(draft.payment_id, [])
        for row in rows:
            if row.pk in entry_of:
                reverses[len(settlements)] = entry_of[row.pk]
            settlements.append(Settlement.taking_back(row, max(draft.on, row.applied_on)))
        settlements += _consumed(payment, rows, draft.on)
    write_settlements(recorder, entity_id, settlements, reverses)
    _keep(recorder, entity_id, returns)
    lapse_refunds(payment_ids=ids, author=recorder.author)
    announce(event=PaymentsReturned(recorder.batch_id, entity_id, tuple(ids)), at=recorder.at)


def _keep(recorder: Recorder, entity_id: int, returns: Sequence[ReturnDraft]) -> None:
    """Write down which payments came back, when and why."""
    ids = bulk.reserve_ids(PaymentReturn, len(returns))
    recorder.write(
        PaymentReturn,
        [
            (
                id_,
                recorder.batch_id,
                entity_id,
                draft.payment_id,
                draft.on.isoformat(),
                draft.reason.strip().upper()[:64],
                0,
            )
            for id_, draft in zip(ids, returns, strict=True)
        ],
    )


def _consumed(payment: Payment, rows: Sequence[Application], on: date) -> list[Settlement]:
    """The applications that take a payment whole: unapplied cash goes back to the bank.

    What was applied while it was held to be somebody else's money is theirs again when it is taken
    back, and goes from them.
    """
    of_payer: dict[int | None, int] = {payment.customer_id: payment.unapplied_minor}
    for row in rows:
        if row.payment_id is not None:
            of_payer[row.payer_id] = of_payer.get(row.payer_id, 0) + row.amount_minor
    return [
        Settlement(
            "returned",
            None,
            payment.pk,
            None,
            None,
            payer_id,
            payment.currency,
            minor,
            on.isoformat(),
            None,
            None,
            payment.received_on.isoformat(),
        )
        for payer_id, minor in of_payer.items()
        if minor
    ]


def take_back_returns(*, recorder: Recorder, entity_id: int, batch_id: int) -> int:
    """Take back the returns that a batch wrote; return how many.

    What they had opened is settled again from the day on which it was opened, as if the payments
    had never come back. Look at `dependents_of_returns` first. Posts: reversals of what the
    returns posted, and what they had reversed anew. Announces: ReturnsTakenBack.
    """
    returns = list(PaymentReturn.objects.filter(batch_id=batch_id, is_void=False).order_by("id"))
    if not returns:
        return 0
    consumed = list(
        Application.objects.filter(
            batch_id=batch_id,
            reason="returned",
            payment_id__in=among([row.payment_id for row in returns]),
        ).order_by("id")
    )
    entry_of = entries_of("application", [row.pk for row in consumed])
    opened = opened_by_returns(batch_id)
    cash = [pair for pair in opened if pair[0].beside_id is None]
    settlements = [Settlement.taking_back(row, row.applied_on) for row in consumed]
    reverses = {at: entry_of[row.pk] for at, row in enumerate(consumed)}
    again = [_again(stood, back, None) for stood, back in cash]
    written = write_settlements(recorder, entity_id, settlements + again, reverses)
    new_id = {
        stood.pk: id_ for (stood, _), id_ in zip(cash, written[len(settlements) :], strict=True)
    }
    beside = [_again(*pair, new_id) for pair in opened if pair[0].beside_id is not None]
    write_settlements(recorder, entity_id, beside)
    PaymentReturn.objects.filter(batch_id=batch_id).update(is_void=True)
    ids = tuple(row.payment_id for row in returns)
    announce(event=ReturnsTakenBack(recorder.batch_id, entity_id, ids), at=recorder.at)
    return len(returns)


def _again(stood: Application, back: Application, new_id: Mapping[int, int] | None) -> Settlement:
    """An application that a return took back, from that day on again."""
    settlement = Settlement.taking_back(back, back.applied_on)
    beside_id = new_id[stood.beside_id] if new_id and stood.beside_id else None
    return settlement._replace(beside_id=beside_id, reverses_id=None)
