"""Debits that did not come in: a person is to look for each, some days after it was due."""

from datetime import date, datetime

from duly.collections.actions import DEBIT_MISSING, TaskDraft, raise_debit_tasks
from duly.collections.policy import DEBITS, DebitPolicy
from duly.kernel.currencies import exponent
from duly.kernel.ids import digest
from duly.kernel.locales import locale_of
from duly.parties.models import Entity
from duly.parties.queries.reach import collected_from
from duly.receivables.queries import line_facts, overdue_by_customer


def look_for_debits(
    *, entity: Entity, on: date, actor: str, at: datetime, policy: DebitPolicy = DEBITS
) -> int:
    """Have people look for what we collect by direct debit and did not get; return how many."""
    ids = collected_from(entity.pk)
    late = [
        (customer_id, currency, item_id, due, minor)
        for customer_id, currency, items in (
            overdue_by_customer(entity_id=entity.pk, on=on, customer_ids=ids) if ids else ()
        )
        for due, item_id, minor in items
        if (on - due).days >= policy.wait_days
    ]
    facts = line_facts({item_id for _, _, item_id, _, _ in late}, set())
    english = locale_of("en", "")
    drafts = [
        TaskDraft(
            customer_id,
            digest(DEBIT_MISSING, str(item_id)),
            DEBIT_MISSING,
            f"The debit of {facts['item', item_id].number}, {currency}"
            f" {english.money(minor, exponent(currency))} due on {due}, has not come in.",
            on,
        )
        for customer_id, currency, item_id, due, minor in late
    ]
    return raise_debit_tasks(entity_id=entity.pk, drafts=drafts, actor=actor, at=at)
