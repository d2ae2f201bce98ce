"""Return the payments that lines of a bank took back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.errors import BankLineUnknown
from duly.cash_application.models import ReturnedLine
from duly.cash_application.queries.returns import came_before, tied_payments, undoing_line
from duly.cash_application.rules.returning import Came, Finding, Undoing, find_returned
from duly.ledger.actions import Recorder
from duly.receivables.actions import ReturnDraft, return_payments
from duly.receivables.queries import first_days_of_returns, returns_of
from duly.storage import bulk


class LineOutcome(NamedTuple):
    """What became of a line that took money back: its payment, or None and why."""

    line_id: int
    undoing: Undoing
    found: Finding
    is_returned_now: bool  # not if a person had returned it before


def return_lines(
    *, recorder: Recorder, entity_id: int, lines: Sequence[tuple[int, Undoing]]
) -> list[LineOutcome]:
    """Find the payments that lines took back, and return each on the day of its line.

    A payment that a person returned before is tied to its line. Where part of one was applied
    until later, or it was said later whose it is, it is returned on the first day since which all
    of it is there. What is not found is left as it is, and told why.
    Posts: as `return_payments`. Refuses: PeriodLocked.
    """
    came = came_before(entity_id, [undoing for _, undoing in lines])
    before = returns_of([one.payment_id for one in came])
    outcomes: list[LineOutcome] = []
    for line_id, undoing in lines:
        found = find_returned(undoing, came)
        if found.payment is not None:
            came.remove(found.payment)
        is_new = found.payment is not None and found.payment.payment_id not in before
        outcomes.append(LineOutcome(line_id, undoing, found, is_new))
    outcomes = _return(recorder, entity_id, outcomes)
    _tie(
        recorder,
        [(one.line_id, one.found.payment.payment_id) for one in outcomes if one.found.payment],
    )
    return outcomes


def _return(
    recorder: Recorder, entity_id: int, outcomes: Sequence[LineOutcome]
) -> list[LineOutcome]:
    """Return what can be; what was refunded can't, and is told."""
    new = [(one, one.found.payment) for one in outcomes if one.is_returned_now]
    wanted = [
        ReturnDraft(payment.payment_id, one.undoing.booked_on, one.undoing.reason)
        for one, payment in new
        if payment is not None
    ]
    days = dict(
        zip(
            (draft.payment_id for draft in wanted),
            first_days_of_returns(entity_id, wanted),
            strict=True,
        )
    )
    drafts = []
    for draft in wanted:
        day = days[draft.payment_id]
        if day is not None:
            drafts.append(draft._replace(on=day))
    return_payments(recorder=recorder, entity_id=entity_id, returns=drafts, is_told_by_bank=True)
    return [_refunded(one, days) for one in outcomes]


def _refunded(one: LineOutcome, days: Mapping[int, date | None]) -> LineOutcome:
    payment: Came | None = one.found.payment
    if payment is None or not one.is_returned_now or days[payment.payment_id] is not None:
        return one
    why = f"part of payment {payment.number} was refunded before"
    return one._replace(found=Finding(None, why, payment.customer_id), is_returned_now=False)


def tie_line(*, recorder: Recorder, entity_id: int, line_id: int, payment_id: int) -> None:
    """Say that a line took a payment back, which a person returned. Refuses: BankLineUnknown."""
    undoing = undoing_line(entity_id, line_id)
    if undoing is None or tied_payments([payment_id]):
        raise BankLineUnknown(
            f"Line {line_id} took no money back, or it is known which.",
            facts={"line": line_id},
            remedy="Look at `duly bank returns`.",
        )
    _tie(recorder, [(line_id, payment_id)])


def untie_lines(*, batch_id: int) -> int:
    """Say no more that lines took payments back which a batch tied; return how many."""
    return ReturnedLine.objects.filter(batch_id=batch_id, is_void=False).update(is_void=True)


def _tie(recorder: Recorder, pairs: Sequence[tuple[int, int]]) -> None:
    if not pairs:
        return
    ids = bulk.reserve_ids(ReturnedLine, len(pairs))
    rows = [(id_, recorder.batch_id, *pair, 0) for id_, pair in zip(ids, pairs, strict=True)]
    recorder.write(ReturnedLine, rows)
