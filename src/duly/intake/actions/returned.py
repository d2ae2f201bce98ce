"""Return the payments that a bank's file takes back, and tell of each what became of it."""

from collections.abc import Sequence

from duly.cash_application.actions import LineOutcome, return_lines
from duly.cash_application.rules.returning import Undoing
from duly.collections.actions import TaskDraft, follow_returns, raise_tasks
from duly.intake.actions.taking import Taking
from duly.kernel.currencies import exponent
from duly.kernel.ids import digest
from duly.kernel.money import text_from_minor
from duly.receivables.rules.returning import reason_of

SHOWN = 5  # notes of a kind; the list of returns has them all


def return_what_came_back(taking: Taking, lines: Sequence[tuple[int, Undoing]]) -> None:
    """Return what lines of a file took back, in the batch of its import, and follow it up."""
    recorder, entity = taking.recorder, taking.entity
    outcomes = return_lines(recorder=recorder, entity_id=entity.pk, lines=lines)
    payment_ids = [
        one.found.payment.payment_id
        for one in outcomes
        if one.found.payment and one.is_returned_now
    ]
    after = follow_returns(recorder=recorder, entity=entity, payment_ids=payment_ids)
    lost = [one for one in outcomes if one.found.payment is None]
    raise_tasks(
        entity_id=entity.pk,
        drafts=[_task(one) for one in lost if one.found.customer_id is not None],
        actor=recorder.actor,
        at=recorder.at,
    )
    _tell(taking, [one for one in outcomes if one.found.payment], lost)
    taking.outcome.plan(
        "returns",
        [
            [one.found.payment.number if one.found.payment else "", _amount(one.undoing)]
            for one in outcomes
        ],
    )
    for fee in after.fees:
        minor = text_from_minor(fee.amount_minor, exponent(fee.currency))
        taking.outcome.notes.append(
            f"{fee.number} charges {minor} {fee.currency} for the returned payment."
        )


def _tell(taking: Taking, known: Sequence[LineOutcome], lost: Sequence[LineOutcome]) -> None:
    notes = taking.outcome.notes
    for one in known[:SHOWN]:
        payment, reason = one.found.payment, reason_of(one.undoing.reason)
        how = "is returned" if one.is_returned_now else "had been returned by hand"
        number, minor = (payment.number, payment.amount_minor) if payment else ("", 0)
        undone = one.undoing._replace(amount_minor=minor)  # the bank's line has its charges too
        notes.append(
            f"Payment {number} of {_amount(undone)} {how}: {reason.words} "
            f"({reason.code}); found by {one.found.because}."
        )
    if len(known) > SHOWN:
        notes.append(f"{len(known) - SHOWN:,} more payments are returned.")
    for one in lost[:SHOWN]:
        notes.append(
            f"{_amount(one.undoing)} were taken back on {one.undoing.booked_on}, and no payment "
            f"is returned: {one.found.because}. Say which with `duly payment return --line`."
        )
    if len(lost) > SHOWN:
        notes.append(f"{len(lost) - SHOWN:,} more lines took money back: `duly bank returns`.")


def _task(one: LineOutcome) -> TaskDraft:
    return TaskDraft(
        one.found.customer_id or 0,
        digest("returned line", str(one.line_id), _amount(one.undoing)),
        "return_unclear",
        f"{_amount(one.undoing)} were taken back by the bank: {one.found.because}. Say which "
        "payment it was.",
        one.undoing.booked_on,
    )


def _amount(undoing: Undoing) -> str:
    return f"{text_from_minor(undoing.amount_minor, exponent(undoing.currency))} {undoing.currency}"
