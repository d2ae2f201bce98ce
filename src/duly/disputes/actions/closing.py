"""Give disputes their verdicts: credit what is theirs, ask again for what is ours."""

from datetime import date, datetime

from duly.access.actions import Author, announce, record_changes, require_authority
from duly.access.queries import user_acting
from duly.disputes.errors import CreditNothing, CreditNumberTaken, DisputeClosed
from duly.disputes.events import DisputeEnded
from duly.disputes.models import Dispute
from duly.disputes.queries import dispute_unknown
from duly.kernel.money import Money
from duly.ledger.actions import Recorder
from duly.receivables.actions import (
    DocumentDraft,
    InstalmentDraft,
    apply_payments,
    issue_documents,
)
from duly.receivables.queries import items_by_number
from duly.receivables.queries.standing import items_of
from duly.receivables.rules.applying import Wish
from duly.storage.writing import whole


@whole()
def close_dispute(
    *, dispute_id: int, verdict: str, credit_minor: int, on: date, actor: str, at: datetime
) -> Dispute:
    """Give a dispute its verdict; `credit_minor` is what a credit note is to take away.

    The credit note is asked for, and waited for as policy says; `credit_dispute` issues it. What
    is not credited is asked for again, at its old due date: a deduction so denied is a chargeback.
    Refuses: DisputeUnknown, DisputeClosed, CreditNothing below zero. Announces: DisputeEnded.
    """
    row = _open(dispute_id)
    if credit_minor < 0:
        raise CreditNothing(
            f"Less than nothing can't be credited of dispute {dispute_id}.",
            facts={"dispute": dispute_id, "verdict": verdict},
            remedy="Say how much of it is the customer's, or close it as invalid.",
        )
    row.verdict, row.closed_on = verdict, on
    row.credit_minor = min(credit_minor, row.amount_minor)
    return _close(row, Author(actor, at))


@whole()
def credit_dispute(
    *,
    recorder: Recorder,
    dispute_id: int,
    verdict: str,
    credit_minor: int,
    on: date,
    number: str = "",
) -> Dispute:
    """Give a dispute its verdict, issue the credit note for it and apply that to the item.

    Without a `number` the credit note is numbered by the dispute. What the item no longer owes
    stays open on the credit note.
    Posts: billing clearing / receivable. Announces: DisputeEnded, DocumentsIssued, CashApplied.
    Refuses: DisputeUnknown, DisputeClosed, CreditNothing, AuthorityExceeded, CreditNumberTaken,
    PeriodLocked, and as `apply_payments` does.
    """
    row = _open(dispute_id)
    if row.entity_id != recorder.entity_id:
        raise dispute_unknown(dispute_id)
    credit = min(credit_minor, row.amount_minor)
    if credit <= 0:
        raise CreditNothing(
            f"There is nothing to credit of dispute {dispute_id}.",
            facts={"dispute": dispute_id, "verdict": verdict},
            remedy="Say how much of it is the customer's, or close it as invalid.",
        )
    who = user_acting(recorder.author.actor)
    require_authority(user=who, act="credit", money=Money(credit, row.currency))
    number = number.strip() or f"CN-D{row.pk}"
    of_number = items_by_number(row.entity_id, [number]).get((row.customer_id, number), [])
    if any(item.kind == "credit_note" for item in of_number):
        raise CreditNumberTaken(
            f"The customer has a credit note {number} already.",
            facts={"number": number, "dispute": dispute_id},
            remedy="Give the credit note another number.",
        )
    row.verdict, row.closed_on, row.credit_minor = verdict, on, credit
    row.credit_document_id = _credit(recorder, row, number, on)
    return _close(row, recorder.author)


def _credit(recorder: Recorder, row: Dispute, number: str, on: date) -> int:
    """Issue the credit note and apply as much of it as is open; return its document."""
    day = on.isoformat()
    draft = DocumentDraft(
        customer_id=row.customer_id,
        kind="credit_note",
        number=number,
        currency=row.currency,
        amount_minor=-row.credit_minor,
        issued_on=day,
        instalments=(InstalmentDraft(day, -row.credit_minor),),
        reference=f"Dispute {row.pk} of {row.number}",
    )
    entity_id = row.entity_id
    (document_id,) = issue_documents(recorder=recorder, entity_id=entity_id, documents=[draft])
    applied = min(row.credit_minor, items_of(entity_id, [row.item_id])[row.item_id].open_minor)
    if applied:
        there = items_by_number(entity_id, [number])[row.customer_id, number]
        credit = next(item for item in there if item.document_id == document_id)
        wish = Wish(credit.id, row.item_id, applied, on)
        apply_payments(recorder=recorder, entity_id=entity_id, wishes=[wish], with_credit=True)
    return document_id


def _open(dispute_id: int) -> Dispute:
    row = Dispute.objects.select_for_update().filter(pk=dispute_id).first()
    if row is None:
        raise dispute_unknown(dispute_id)
    if row.verdict:
        raise DisputeClosed(
            f"Dispute {dispute_id} was closed as {row.verdict} on {row.closed_on}.",
            facts={"dispute": dispute_id, "verdict": row.verdict, "closed_on": row.closed_on},
            remedy="Open a new one if the customer objects again.",
        )
    return row


def _close(row: Dispute, author: Author) -> Dispute:
    row.save(update_fields=["verdict", "closed_on", "credit_minor", "credit_document_id"])
    after = {
        "verdict": row.verdict,
        "credit_minor": row.credit_minor,
        "credit_document_id": row.credit_document_id,
    }
    record_changes(noun="dispute", changes=[(row.pk, {"verdict": ""}, after)], author=author)
    announce(event=DisputeEnded(row.entity_id, row.pk, row.verdict), at=author.at)
    return row
