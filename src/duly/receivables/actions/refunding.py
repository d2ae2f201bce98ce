"""Refund money: asked for by one person, approved by another, booked when it is paid.

What is asked for is reserved at once: nobody can apply it. The books move when it is paid, in one
step: unapplied cash (or the credit note's receivable) / bank.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from duly.access.actions import (
    Author,
    announce,
    ask_approval,
    decide_approval,
    record_changes,
    require_authority,
)
from duly.access.queries import user_acting
from duly.kernel.errors import Malformed
from duly.kernel.money import Money
from duly.ledger.actions import Recorder, hold_books
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.errors import PaymentUnknown, RefundSettled, RefundUnknown
from duly.receivables.events import RefundChanged
from duly.receivables.models import Item, Payment, Refund
from duly.receivables.queries.refunds import reserved_of_credits, reserved_of_payments
from duly.receivables.queries.standing import (
    courses_of_items,
    courses_of_payments,
    items_of,
    last_attributions,
    numbers_of,
    payments_of,
)
from duly.receivables.rules.course import Course
from duly.receivables.rules.refunding import (
    APPROVED,
    ASKED,
    LAPSED,
    PAID,
    REFUSED,
    RESERVING,
    Refundable,
    refusal_of_paying,
    refusal_of_refund,
)
from duly.storage import bulk
from duly.storage.among import among
from duly.storage.writing import whole

REFUND = "refund"  # the act that a second person approves
LONGEST_ACCOUNT = 64


class RefundDraft(NamedTuple):
    """A refund to be asked for: of a payment, or of a credit note's only item.

    `account` "" is the one that the money came from.
    """

    payment_id: int | None
    credit_item_id: int | None
    amount_minor: int
    reason: str
    asked_on: date
    account: str = ""


def ask_refund(*, recorder: Recorder, entity_id: int, draft: RefundDraft) -> int:
    """Ask for a refund and reserve its money; return its number.

    Announces: RefundChanged. Refuses: PaymentUnknown, ItemUnknown, AmountNotPositive, OverApplied,
    RefundReasonMissing, PeriodLocked, Malformed for an account that is too long.
    """
    recorder.refuse_closed(entity_id, draft.asked_on.isoformat())
    source = _source(entity_id, draft.payment_id, draft.credit_item_id)
    refundable = _refundable(source, after=draft.asked_on, is_reserved=True)
    refusal = refusal_of_refund(refundable, draft.amount_minor, draft.reason)
    if refusal is not None:
        raise refusal
    came_from = source.payer_account if isinstance(source, Payment) else ""
    account = draft.account.strip() or came_from
    if len(account) > LONGEST_ACCOUNT:  # cut, it would be another one
        raise Malformed(
            f"An account has at most {LONGEST_ACCOUNT} characters; this has {len(account)}.",
            remedy="Give the number of the account alone.",
        )
    facts = {
        "entity_id": entity_id,
        "source": refundable.number,
        "currency": refundable.currency,
        "amount_minor": draft.amount_minor,
        "account": account,
        "reason": draft.reason,
    }
    approval = ask_approval(act=REFUND, facts=facts, author=recorder.author)
    (id_,) = bulk.reserve_ids(Refund, 1)
    recorder.write(
        Refund,
        [
            (
                id_,
                recorder.batch_id,
                entity_id,
                approval.pk,
                draft.payment_id,
                draft.credit_item_id,
                refundable.currency,
                draft.amount_minor,
                draft.asked_on.isoformat(),
                draft.reason.strip()[:300],
                account,
                came_from,
                ASKED,
                None,
            )
        ],
    )
    announce(event=RefundChanged(entity_id, id_, ASKED), at=recorder.at)
    return id_


@whole()
def decide_refund(*, entity_id: int, refund_id: int, is_approved: bool, author: Author) -> None:
    """Approve a refund that another person asked for, or refuse it; what was approved and is not
    paid yet can be refused too.

    Announces: RefundChanged. Refuses: RefundUnknown, RefundSettled, OwnWorkApproval,
    AuthorityExceeded: what was approved of the same money before counts too.
    """
    hold_books(entity_id=entity_id)
    row = _refund(entity_id, refund_id)
    if row.state not in RESERVING or (is_approved and row.state != ASKED):
        raise RefundSettled(
            f"Refund {refund_id} is {row.state} already.",
            facts={"refund": refund_id, "state": row.state},
            remedy="Ask for a new one if money is to go back.",
        )
    if row.state == ASKED:
        decide_approval(
            approval_id=row.approval_id, act=REFUND, is_approved=is_approved, author=author
        )
    if is_approved:
        money = Money(row.amount_minor + _approved_minor(row), row.currency)
        require_authority(user=user_acting(author.actor), act="approve_refund", money=money)
    _set_state([row], APPROVED if is_approved else REFUSED, author)


def _approved_minor(row: Refund) -> int:
    """What was approved already of the money that a refund is asked of."""
    beside = Refund.objects.filter(
        entity_id=row.entity_id, payment_id=row.payment_id, credit_item_id=row.credit_item_id
    )
    approved = beside.filter(state__in=(APPROVED, PAID)).exclude(pk=row.pk)
    return sum(approved.values_list("amount_minor", flat=True))


def pay_refund(*, recorder: Recorder, entity_id: int, refund_id: int, on: date) -> None:
    """Book an approved refund as paid on a day.

    Posts: unapplied cash (of a credit note: receivable) / bank. Announces: RefundChanged.
    Refuses: RefundUnknown, RefundSettled, TakenBackTooEarly, PeriodLocked.
    """
    row = _refund(entity_id, refund_id)
    source = _source(entity_id, row.payment_id, row.credit_item_id)
    refundable = _refundable(source, after=row.asked_on, is_reserved=False)
    refusal = refusal_of_paying(
        refundable, row.amount_minor, state=row.state, on=on, asked_on=row.asked_on
    )
    if refusal is not None:
        raise refusal
    (application_id,) = write_settlements(recorder, entity_id, [_settlement(row, source, on)])
    _set_state([row], PAID, recorder.author, application_id)


def lapse_refunds(*, payment_ids: Collection[int], author: Author) -> int:
    """Let refunds lapse whose payments the bank took back; return how many."""
    rows = Refund.objects.filter(payment_id__in=among(payment_ids), state__in=RESERVING)
    found = list(rows.order_by("id"))
    _set_state(found, LAPSED, author)
    return len(found)


def _set_state(
    rows: Collection[Refund], state: str, author: Author, application_id: int | None = None
) -> None:
    for row in rows:
        was = row.state
        row.state, row.application_id = state, application_id
        row.save(update_fields=["state", "application_id"])
        record_changes(
            noun="refund", changes=[(row.pk, {"state": was}, {"state": state})], author=author
        )
        announce(event=RefundChanged(row.entity_id, row.pk, state), at=author.at)


def _refund(entity_id: int, refund_id: int) -> Refund:
    row = Refund.objects.filter(entity_id=entity_id, pk=refund_id).first()
    if row is None:
        raise RefundUnknown(
            f"There is no refund {refund_id}.",
            facts={"refund": refund_id},
            remedy="Look at `duly refund list`.",
        )
    return row


def _source(entity_id: int, payment_id: int | None, item_id: int | None) -> Payment | Item:
    if payment_id is not None:
        return payments_of(entity_id, [payment_id])[payment_id]
    item = items_of(entity_id, [item_id or 0])[item_id or 0]
    if item.amount_minor >= 0:
        raise PaymentUnknown(
            "An invoice can't be refunded.",
            facts={"item": item.pk},
            remedy="Refund the payment, or a credit note.",
        )
    return item


def _refundable(source: Payment | Item, *, after: date, is_reserved: bool) -> Refundable:
    """A source as rules see it; `is_reserved`: without what other refunds wait for."""
    if isinstance(source, Payment):
        first = min(after, source.received_on)
        course = courses_of_payments({source.pk: source}, after=first)[source.pk]
        since = last_attributions([source.pk]).get(source.pk, source.received_on)
        number, reserved = source.number, reserved_of_payments([source.pk])
    else:
        first = min(after, source.issued_on)
        course = courses_of_items({source.pk: source}, after=first)[source.pk]
        since, number = source.issued_on, numbers_of([source])[source.document_id]
        reserved = reserved_of_credits([source.pk])
    if is_reserved:
        course = Course(course.left_minor - reserved.get(source.pk, 0), course.moves)
    return Refundable(number, source.currency, since, course)


def _settlement(row: Refund, source: Payment | Item, on: date) -> Settlement:
    source_on = source.received_on if isinstance(source, Payment) else source.issued_on
    return Settlement(
        "refunded",
        None,
        row.payment_id,
        row.credit_item_id,
        None,
        source.customer_id,
        row.currency,
        row.amount_minor,
        on.isoformat(),
        None,
        None,
        source_on.isoformat(),
    )
