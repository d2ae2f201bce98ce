"""Return a payment by the number that people use, with all that follows from it."""

from datetime import date
from typing import Any

from duly.collections.actions import Aftermath, follow_returns
from duly.interfaces.exchange.settling import Asked, carry_out
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.ledger.actions import Recorder, recording
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.receivables.actions import ReturnDraft, return_payments
from duly.receivables.errors import PaymentUnknown
from duly.receivables.queries import opened_items, payments_by_number, returns_of


def return_by_number(asked: Asked, *, payment: str, reason: str) -> dict[str, Any]:
    """Take a payment out of the books again, as the bank did, and follow it up."""
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act() -> dict[str, Any]:
        with recording(
            kind="return", entity_id=entity.pk, actor=asked.actor, at=asked.at, note=payment
        ) as recorder:
            return _return(recorder, entity, payment, on, reason)

    given = [entity.pk, payment, asked.on.isoformat() if asked.on else None, reason]
    return carry_out(act, asked.key, "payment return", given, asked.at, asked.is_dry_run)


def _return(
    recorder: Recorder, entity: Entity, number: str, on: date, reason: str
) -> dict[str, Any]:
    found = payments_by_number(entity.pk, [number]).get(number)
    if found is None:
        raise PaymentUnknown(
            f"There is no payment {number}.",
            facts={"payment": number},
            remedy="Look at the number, on the customer's page or in `duly match`.",
        )
    draft = ReturnDraft(found.id, on, reason)
    return_payments(recorder=recorder, entity_id=entity.pk, returns=[draft])
    after = follow_returns(recorder=recorder, entity=entity, payment_ids=[found.id])
    return _document(found.id, after)


def _document(payment_id: int, after: Aftermath) -> dict[str, Any]:
    told = returns_of([payment_id])[payment_id]
    decimals = exponent(told.currency)
    return {
        "payment": told.number,
        "on": told.returned_on.isoformat(),
        "amount": text_from_minor(told.amount_minor, decimals),
        "currency": told.currency,
        "reason": {
            "code": told.reason.code,
            "text": told.reason.words,
            "worth_a_try": told.reason.is_worth_a_try,
        },
        "opened": [
            {"item": number, "amount": text_from_minor(minor, decimals)}
            for number, minor in opened_items([payment_id]).get(payment_id, [])
        ],
        "promises": [{"id": one.id, "verdict": one.state} for one in after.verdicts],
        "fees": [
            {"item": one.number, "amount": text_from_minor(one.amount_minor, decimals)}
            for one in after.fees
        ],
    }
