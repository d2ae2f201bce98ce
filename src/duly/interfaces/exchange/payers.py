"""What was learned of who pays from where: told and revoked."""

from datetime import datetime
from typing import Any

from duly.access.actions import Author
from duly.cash_application.actions import revoke_alias
from duly.cash_application.models import Alias
from duly.cash_application.queries import aliases
from duly.parties import queries as parties
from duly.receivables.queries import numbers_of_payments


def payers_document(entity_name: str | None, customer: str | None = None) -> dict[str, Any]:
    """The accounts and names of payers that stand, with the payment that taught each."""
    entity = parties.entity(entity_name)
    customer_id = (
        parties.customer(entity_id=entity.pk, code=customer).pk if customer is not None else None
    )
    rows = aliases(entity_id=entity.pk, customer_id=customer_id)
    codes = parties.codes_and_names({row.customer_id for row in rows})
    numbers = numbers_of_payments({row.payment_id for row in rows if row.payment_id})
    return {"payers": [_told(row, codes[row.customer_id][0], numbers) for row in rows]}


def revoke_payer(
    entity_name: str | None, alias_id: int, *, actor: str, at: datetime
) -> dict[str, Any]:
    """Forget an account or name. Refuses: AliasUnknown."""
    entity = parties.entity(entity_name)
    row = revoke_alias(entity_id=entity.pk, alias_id=alias_id, author=Author(actor, at))
    code = parties.codes_and_names({row.customer_id})[row.customer_id][0]
    return _told(row, code, {})


def _told(row: Alias, code: str, numbers: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "customer": code,
        "kind": row.kind,
        "shown": row.shown,
        "payment": numbers.get(row.payment_id or 0),
        "actor": row.actor,
        "learned_at": row.learned_at.isoformat(),
    }
