"""Return a payment by the number that people use, with all that follows from it."""

from typing import Any

from duly.cash_application.actions import tie_line, untie_lines
from duly.cash_application.queries import undoing_lines
from duly.collections.actions import Aftermath, follow_returns, follow_returns_taken_back
from duly.credit.actions.settled_orders import void_documents
from duly.intake.queries import imports_by_batch
from duly.interfaces.exchange.settling import Asked, carry_out
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.ledger.actions import Recorder, recording
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.receivables.actions import (
    ReturnDraft,
    return_payments,
    take_back_returns,
)
from duly.receivables.errors import NotReturned, PaymentUnknown, ReturnInUse
from duly.receivables.queries import (
    PaymentFacts,
    dependents_of_documents,
    dependents_of_returns,
    ids_by_batch,
    numbers_of_payments,
    opened_items,
    payments_by_number,
    returns_of,
    returns_of_batch,
)
from duly.receivables.queries.returns import batch_of_return


def return_by_number(
    asked: Asked, *, payment: str, reason: str, line_id: int | None = None
) -> dict[str, Any]:
    """Take a payment out of the books again, as the bank did, and follow it up.

    `line_id` is the bank's line that took it back, where the import could not say which it meant.
    """
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act() -> dict[str, Any]:
        with recording(
            kind="return", entity_id=entity.pk, actor=asked.actor, at=asked.at, note=payment
        ) as recorder:
            told = _return(recorder, entity, payment, ReturnDraft(0, on, reason), line_id)
            if line_id is not None:
                tie_line(
                    recorder=recorder,
                    entity_id=entity.pk,
                    line_id=line_id,
                    payment_id=told.pop("id"),
                )
            return {name: value for name, value in told.items() if name != "id"}

    given = [entity.pk, payment, asked.on.isoformat() if asked.on else None, reason, line_id]
    return carry_out(act, asked.key, "payment return", given, asked.at, asked.is_dry_run)


def _return(
    recorder: Recorder, entity: Entity, number: str, draft: ReturnDraft, line_id: int | None
) -> dict[str, Any]:
    """Return a payment; one that was returned before is only tied to its line."""
    found = _payment(entity, number)
    if line_id is not None and returns_of([found.id]):
        return _document(found.id, Aftermath([], []))
    draft = draft._replace(payment_id=found.id)
    return_payments(recorder=recorder, entity_id=entity.pk, returns=[draft])
    after = follow_returns(recorder=recorder, entity=entity, payment_ids=[found.id])
    return _document(found.id, after)


def take_return_back(asked: Asked, *, payment: str) -> dict[str, Any]:
    """Take back the return of a payment that a person entered: it settles again what it settled.

    Its fee is void, promises are judged anew, deductions that it dropped are open again.
    Refuses: PaymentUnknown, NotReturned, ReturnInUse, PeriodLocked.
    """
    entity = parties.entity(asked.entity_name)

    def act() -> dict[str, Any]:
        with recording(
            kind="unreturn", entity_id=entity.pk, actor=asked.actor, at=asked.at, note=payment
        ) as recorder:
            return _take_back(recorder, entity, payment)

    return carry_out(
        act, asked.key, "payment unreturn", [entity.pk, payment], asked.at, asked.is_dry_run
    )


def _take_back(recorder: Recorder, entity: Entity, number: str) -> dict[str, Any]:
    found = _payment(entity, number)
    batch_id = batch_of_return(found.id)
    if batch_id is None:
        raise NotReturned(
            f"Payment {number} was not returned.",
            facts={"payment": number},
            remedy="Look at the payment.",
        )
    _refuse_in_use(batch_id, number)
    returned = returns_of_batch(batch_id)
    opened = opened_items([found.id]).get(found.id, [])
    fees = ids_by_batch(batch_id)[0]
    take_back_returns(recorder=recorder, entity_id=entity.pk, batch_id=batch_id)
    if fees:
        void_documents(recorder=recorder, entity_id=entity.pk, document_ids=fees, on=None)
    follow_returns_taken_back(
        entity=entity,
        returns=returned.values(),
        batch_id=batch_id,
        actor=recorder.actor,
        at=recorder.at,
    )
    untie_lines(batch_id=batch_id)
    told, decimals = returned[found.id], exponent(returned[found.id].currency)
    return {
        "payment": number,
        "on": told.returned_on.isoformat(),
        "amount": text_from_minor(told.amount_minor, decimals),
        "currency": told.currency,
        "settled": [
            {"item": item, "amount": text_from_minor(minor, decimals)} for item, minor in opened
        ],
        "fees_voided": len(fees),
    }


def _refuse_in_use(batch_id: int, number: str) -> None:
    """Refuses: ReturnInUse."""
    if imports_by_batch([batch_id]):
        raise ReturnInUse(
            f"The return of {number} came with a bank's file.",
            facts={"payment": number, "batch": batch_id},
            remedy=f"Take that import back: `duly import --revert {batch_id}`.",
        )
    found = [*dependents_of_returns(batch_id), *dependents_of_documents(batch_id)]
    if found:
        raise ReturnInUse(
            f"The return of {number} can't be taken back: what it opened was settled since.",
            facts={"depends": [{"what": what, "why": why} for what, why in found[:100]]},
            remedy="Take that back first: `duly unapply PAYMENT`.",
        )


def _payment(entity: Entity, number: str) -> PaymentFacts:
    found = payments_by_number(entity.pk, [number]).get(number)
    if found is None:
        raise PaymentUnknown(
            f"There is no payment {number}.",
            facts={"payment": number},
            remedy="Look at the number, on the customer's page or in `duly match`.",
        )
    return found


def _document(payment_id: int, after: Aftermath) -> dict[str, Any]:
    told = returns_of([payment_id])[payment_id]
    decimals = exponent(told.currency)
    return {
        "id": payment_id,
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


def lines_document(entity: Entity, *, only_unknown: bool) -> dict[str, Any]:
    """Lines by which banks took money back, newest first, with their payments or why none."""
    lines = undoing_lines(entity.pk, only_unknown=only_unknown)
    numbers = numbers_of_payments({pk for one in lines for pk in one.payment_ids})
    return {
        "returns": [
            {
                "line": one.line_id,
                "booked_on": one.undoing.booked_on.isoformat(),
                "amount": text_from_minor(one.undoing.amount_minor, exponent(one.undoing.currency)),
                "currency": one.undoing.currency,
                "name": one.undoing.name,
                "text": one.undoing.text,
                "reason": one.undoing.reason,
                "payments": [numbers[pk] for pk in one.payment_ids],
                "because": one.because or None,
            }
            for one in lines
        ]
    }
