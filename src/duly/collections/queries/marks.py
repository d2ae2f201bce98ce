"""What a judgement of messages was made from, row by row, so that it holds for as long as these
rows stay as they are: looked at again in one statement where the facts themselves take dozens."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import connection, models

from duly.collections.models import (
    Block,
    Call,
    ChannelWish,
    DebtorProfile,
    InstalmentPlan,
    LawLevel,
    LawPack,
    PolicyChoice,
    PolicyVersion,
    Promise,
    Sending,
    Suppression,
    Task,
)
from duly.disputes.models import Dispute
from duly.ledger.queries import known_sequence_sql
from duly.parties.models import Contact, Customer
from duly.storage.among import listed

Mark = tuple[tuple[str, str], ...]

# Of customers: every row, and every column of it that a judgement looks at.
_OF_CUSTOMERS: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    Customer: (
        "id",
        ("name", "email", "language", "country", "timezone", "segment", "payment_method",
         "do_not_chase"),
    ),
    Contact: ("customer_id", ("id", "role", "email", "language", "do_not_contact")),
    Promise: ("customer_id", ("id", "state", "amount_minor", "due_on", "condition_met_on")),
    Block: ("customer_id", ("id", "item_id", "kind", "from_on", "until_on", "ended_at")),
    Task: ("customer_id", ("id", "kind", "done_at")),
    Call: ("customer_id", ("id", "outcome", "taken_back_at")),
    InstalmentPlan: ("customer_id", ("id", "state", "accelerated_on")),
    ChannelWish: ("customer_id", ("id",)),
    DebtorProfile: ("customer_id", ("id",)),
    Dispute: ("customer_id", ("id", "item_id", "amount_minor", "verdict", "closed_on",
                              "credit_minor", "credit_document_id")),
}  # fmt: skip
# Of the entity: rows that are never changed are counted, with the newest, as some are removed.
_COUNTED = (Suppression, PolicyVersion, PolicyChoice, LawPack, LawLevel)


def marks_of(*, entity_id: int, customer_ids: Collection[int]) -> dict[int, Mark]:
    """{customer: what a judgement of its messages rests on}.

    Rule: everything booked, through the newest seal; the customer with its contacts, promises,
    plans, calls, blocks and disputes; the entity's policies, suppressions and switch. Days and
    hours are no rows.
    """
    parts = [
        f"SELECT 0, 'seal', CAST(({known_sequence_sql()}) AS TEXT)",
        f"SELECT 0, 'switch', {_joined(('mode', 'allowed', 'sender', 'reply_to'))}"
        f' FROM "{Sending._meta.db_table}" WHERE entity_id = %s',
        *(
            f"SELECT 0, '{model.__name__}', {_joined(('COUNT(*)', 'MAX(id)'))}"
            f' FROM "{model._meta.db_table}" WHERE entity_id = %s'
            for model in _COUNTED
        ),
    ]
    params: list[Any] = [entity_id] * (len(parts) - 1)
    some, given = listed(customer_ids)
    for model, (column, told) in _OF_CUSTOMERS.items():
        parts.append(
            f"SELECT {column}, '{model.__name__}', {_joined(told)}"
            f' FROM "{model._meta.db_table}" WHERE {column} IN ({some})'
        )
        params.append(given)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for customer_id, source, row in cursor.fetchall():
            found[customer_id].append((source, row))
    of_all = found.pop(0, [])
    return {pk: tuple(sorted([*of_all, *found.get(pk, [])])) for pk in customer_ids}


def _joined(columns: tuple[str, ...]) -> str:
    return " || '|' || ".join(f"COALESCE(CAST({name} AS TEXT), '')" for name in columns)
