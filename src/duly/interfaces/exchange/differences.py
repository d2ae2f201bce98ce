"""How matching is set, and differences that a second person lets pass, for every interface."""

from collections.abc import Mapping, Sequence
from typing import Any

from duly.access.actions import Author
from duly.access.models import Approval
from duly.access.queries import approvals_of
from duly.cash_application.actions import ask_difference, decide_difference, set_matching
from duly.cash_application.actions.differences import DIFFERENCE
from duly.cash_application.queries import policy_on
from duly.cash_application.rules.knobs import written_knobs
from duly.cash_application.rules.residuals import TOLERANCE, Line
from duly.interfaces.exchange.settling import Asked, payment_and_item
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.receivables.queries import numbers_of_payments


def matching_document(asked: Asked, knobs: Mapping[str, str]) -> dict[str, Any]:
    """The knobs of matching on a day; those that are given are set from then on."""
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)
    if knobs:
        author = Author(asked.actor, asked.at)
        policy = set_matching(entity=entity, knobs=knobs, on=on, author=author)
    else:
        policy = policy_on(entity, on)
    told = written_knobs(policy, exponent(entity.currency))
    return {"entity": entity.name, "on": on.isoformat(), "knobs": told}


def ask_by_number(
    asked: Asked, *, payment: str, item: str, amount: str, let_pass: str, note: str
) -> dict[str, Any]:
    """Ask that a payment settle an item, with a difference above what policy lets pass."""
    entity = parties.entity(asked.entity_name)
    payment_id, customer_id, found = payment_and_item(entity, payment, item)
    decimals = exponent(found.currency)
    lines = [
        Line(found.id, minor_from_text(amount, decimals)),
        Line(found.id, minor_from_text(let_pass, decimals), TOLERANCE),
    ]
    approval = ask_difference(
        entity=entity,
        payment_id=payment_id,
        customer_id=customer_id,
        lines=lines,
        note=note,
        on=asked.day(entity),
        author=Author(asked.actor, asked.at),
    )
    return _document(entity, [approval])


def decide_by_number(asked: Asked, *, approval_id: int, is_approved: bool) -> dict[str, Any]:
    """Approve or decline one."""
    entity = parties.entity(asked.entity_name)
    approval = decide_difference(
        entity=entity,
        approval_id=approval_id,
        is_approved=is_approved,
        on=asked.day(entity),
        author=Author(asked.actor, asked.at),
    )
    return _document(entity, [approval])


def differences_document(entity_name: str | None) -> dict[str, Any]:
    """What was asked for, the newest first."""
    entity = parties.entity(entity_name)
    rows = [row for row in approvals_of(DIFFERENCE) if row.facts["entity"] == entity.pk]
    return _document(entity, rows)


def _document(entity: Entity, rows: Sequence[Approval]) -> dict[str, Any]:
    numbers = numbers_of_payments({row.facts["payment"] for row in rows})
    codes = parties.codes_and_names({row.facts["customer"] for row in rows})
    return {
        "differences": [
            {
                "id": row.pk,
                "payment": numbers.get(row.facts["payment"]),
                "customer": codes[row.facts["customer"]][0],
                "difference": text_from_minor(row.facts["minor"], row.facts["decimals"]),
                "currency": row.facts["currency"],
                "note": row.facts["note"],
                "asked_by": row.asked_by,
                "state": _state(row),
                "decided_by": row.decided_by,
            }
            for row in rows
        ]
    }


def _state(row: Approval) -> str:
    if row.decided_at is None:
        return "asked"
    return "approved" if row.is_approved else "declined"
