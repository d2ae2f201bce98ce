"""Refunds by the numbers that people use: ask, approve, refuse, pay, list."""

from collections.abc import Collection
from datetime import date
from typing import Any

from duly.access.actions import Author
from duly.interfaces.exchange.settling import Asked, carry_out
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.ledger.actions import recording
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.receivables.actions import RefundDraft, ask_refund, decide_refund, pay_refund
from duly.receivables.errors import InstalmentUnclear, NumberUnclear, PaymentUnknown
from duly.receivables.queries import (
    RefundRow,
    items_by_number,
    payments_by_number,
    refund_row,
    refunds,
)

OPEN = ("asked", "approved")


def ask_by_number(
    asked: Asked, *, source: str, amount: str, reason: str, account: str = ""
) -> dict[str, Any]:
    """Ask that money of a payment (or of a credit note) goes back to who paid it."""
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act() -> dict[str, Any]:
        with recording(
            kind="refund", entity_id=entity.pk, actor=asked.actor, at=asked.at, note=source
        ) as recorder:
            draft = _draft(entity, source, amount, reason, on, account)
            refund_id = ask_refund(recorder=recorder, entity_id=entity.pk, draft=draft)
        return _told(entity, refund_id)

    given = [entity.pk, source, amount, reason, account, asked.on and asked.on.isoformat()]
    return carry_out(act, asked.key, "refund ask", given, asked.at, asked.is_dry_run)


def _draft(
    entity: Entity, source: str, amount: str, reason: str, on: date, account: str
) -> RefundDraft:
    payment = payments_by_number(entity.pk, [source]).get(source)
    if payment is not None:
        minor = minor_from_text(amount, exponent(payment.currency))
        return RefundDraft(payment.id, None, minor, reason, on, account)
    there = items_by_number(entity.pk, [source])
    credits = [item for found in there.values() for item in found if item.amount_minor < 0]
    if not credits:
        raise PaymentUnknown(
            f"There is no payment and no credit note {source}.",
            facts={"payment": source},
            remedy="Look at the number: money is refunded from a payment or a credit note.",
        )
    if len({item.customer_id for item in credits}) > 1:
        raise NumberUnclear(
            f"Several customers have a credit note {source}.",
            facts={"number": source},
            remedy="Apply the credit note instead, or refund the payment.",
        )
    if len(credits) > 1:
        raise InstalmentUnclear(
            f"{source} has {len(credits)} parts.",
            facts={"item": source},
            remedy="Apply the credit note instead, or refund the payment.",
        )
    minor = minor_from_text(amount, exponent(credits[0].currency))
    return RefundDraft(None, credits[0].id, minor, reason, on, account)


def decide_by_number(asked: Asked, *, refund_id: int, is_approved: bool) -> dict[str, Any]:
    """Approve a refund that another person asked for, or refuse it."""
    entity = parties.entity(asked.entity_name)

    def act() -> dict[str, Any]:
        decide_refund(
            entity_id=entity.pk,
            refund_id=refund_id,
            is_approved=is_approved,
            author=Author(asked.actor, asked.at),
        )
        return _told(entity, refund_id)

    given = [entity.pk, refund_id, is_approved]
    return carry_out(act, asked.key, "refund decide", given, asked.at, asked.is_dry_run)


def pay_by_number(asked: Asked, *, refund_id: int) -> dict[str, Any]:
    """Book an approved refund as paid."""
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act() -> dict[str, Any]:
        with recording(
            kind="refund", entity_id=entity.pk, actor=asked.actor, at=asked.at, note=str(refund_id)
        ) as recorder:
            pay_refund(recorder=recorder, entity_id=entity.pk, refund_id=refund_id, on=on)
        return _told(entity, refund_id)

    given = [entity.pk, refund_id, asked.on and asked.on.isoformat()]
    return carry_out(act, asked.key, "refund paid", given, asked.at, asked.is_dry_run)


def refunds_document(entity: Entity, *, states: Collection[str] = ()) -> dict[str, Any]:
    """The refunds of an entity: what waits for a second person first, then the newest."""
    rows = refunds(entity.pk, states=states)
    codes = parties.codes_and_names({row.customer_id for row in rows if row.customer_id})
    return {"refunds": [_document(row, codes.get(row.customer_id or 0, ("", ""))) for row in rows]}


def _told(entity: Entity, refund_id: int) -> dict[str, Any]:
    row = refund_row(entity.pk, refund_id)
    codes = parties.codes_and_names({row.customer_id} if row.customer_id else set())
    return _document(row, codes.get(row.customer_id or 0, ("", "")))


def _document(row: RefundRow, customer: tuple[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "payment": row.source,
        "customer": customer[0] or None,
        "amount": text_from_minor(row.amount_minor, exponent(row.currency)),
        "currency": row.currency,
        "reason": row.reason,
        "account": row.account or None,
        "warning": row.warning or None,
        "asked_on": row.asked_on.isoformat(),
        "asked_by": row.asked_by,
        "decided_by": row.decided_by or None,
        "paid_on": row.paid_on.isoformat() if row.paid_on else None,
    }
