"""Our bank accounts and their other numbers: told, said to be one, said to be two after all."""

from datetime import datetime
from typing import Any

from duly.cash_application.actions import join_accounts, part_accounts
from duly.cash_application.models import BankAccount
from duly.cash_application.queries import account_rows
from duly.parties import queries as parties


def accounts_document(entity_name: str | None) -> dict[str, Any]:
    """Each bank account with the other numbers that are of it, and who said so."""
    rows = account_rows(parties.entity(entity_name).pk)
    others: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row.same_as_id is not None:
            said = {"number": row.number, "said_by": row.same_said_by or None}
            others.setdefault(row.same_as_id, []).append(said)
    return {
        "accounts": [
            {**_told(row), "bank": row.bank, "owner": row.owner, "also": others.get(row.pk, [])}
            for row in rows
            if row.same_as_id is None
        ]
    }


def say_same(
    entity_name: str | None, numbers: tuple[str, str], *, actor: str, at: datetime
) -> dict[str, Any]:
    """Two numbers are of one account. Refuses: BankAccountUnknown, AccountsBothUsed."""
    entity = parties.entity(entity_name)
    rows = join_accounts(entity_id=entity.pk, numbers=numbers, actor=actor, at=at)
    return {"same": [_told(row) for row in rows], **accounts_document(entity_name)}


def say_apart(entity_name: str | None, number: str, *, actor: str, at: datetime) -> dict[str, Any]:
    """A number is of an account of its own after all. Refuses: BankAccountUnknown."""
    entity = parties.entity(entity_name)
    rows = part_accounts(entity_id=entity.pk, number=number, actor=actor, at=at)
    return {"apart": [_told(row) for row in rows], **accounts_document(entity_name)}


def _told(row: BankAccount) -> dict[str, Any]:
    return {"number": row.number, "currency": row.currency}
