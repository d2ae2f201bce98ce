"""What some customers owe on a day, as SQL that another statement can take in.

Whoever decides by several kinds of amounts reads them in one statement: what moves from one kind to
another meanwhile is then counted once.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db import connection

from duly.storage.among import listed


class Late(NamedTuple):
    """An open item that was due before a day."""

    item_id: int
    number: str
    currency: str
    open_minor: int
    due_on: date


def owed_sql(
    *, entity_id: int, customer_ids: Collection[int], on: date
) -> tuple[str, list[object]]:
    """(SELECT customer_id, currency, items, unapplied; its parameters), minor units, several rows
    a customer. Credits and money not applied are below zero and stand under `unapplied`.

    Rule: open today of what was there on the day, with back what was applied, and what changed
    hands, later; as the aging counts it.
    """
    select, some = listed(customer_ids)
    there = f"entity_id = %s AND customer_id IN ({select})"
    handed = "attributed_on > %s AND source_on <= %s AND entity_id = %s"
    # NOT (x = 0), as the indexes of what is open say it: SQLite takes an index for no other form.
    parts: list[tuple[str, list[object]]] = [
        (
            "SELECT customer_id, currency,"
            " CASE WHEN open_minor > 0 THEN open_minor ELSE 0 END AS items,"
            " CASE WHEN open_minor < 0 THEN open_minor ELSE 0 END AS unapplied"
            " FROM receivables_item"
            f" WHERE NOT (open_minor = 0) AND issued_on <= %s AND {there}",
            [on, entity_id, some],
        ),
        (
            "SELECT customer_id, currency, 0, -unapplied_minor FROM receivables_payment"
            f" WHERE NOT (unapplied_minor = 0) AND received_on <= %s AND {there}",
            [on, entity_id, some],
        ),
        (
            "SELECT customer_id, currency, amount_minor, 0 FROM receivables_application"
            f" WHERE applied_on > %s AND item_issued_on <= %s AND {there}",
            [on, on, entity_id, some],
        ),
        (
            "SELECT payer_id, currency, 0, -amount_minor FROM receivables_application"
            f" WHERE payer_id = customer_id AND applied_on > %s AND source_on <= %s AND {there}",
            [on, on, entity_id, some],
        ),
        (
            "SELECT payer_id, currency, 0, -amount_minor FROM receivables_application"
            " WHERE (customer_id IS NULL OR customer_id < payer_id OR customer_id > payer_id)"
            " AND applied_on > %s AND source_on <= %s AND entity_id = %s"
            f" AND payer_id IN ({select})",
            [on, on, entity_id, some],
        ),
        (
            "SELECT from_customer_id, currency, 0, -amount_minor FROM receivables_attribution"
            f" WHERE {handed} AND from_customer_id IN ({select})",
            [on, on, entity_id, some],
        ),
        (
            "SELECT customer_id, currency, 0, amount_minor FROM receivables_attribution"
            f" WHERE {handed} AND customer_id IN ({select})",
            [on, on, entity_id, some],
        ),
    ]
    return " UNION ALL ".join(sql for sql, _ in parts), [one for _, some in parts for one in some]


def late_items(*, entity_id: int, customer_ids: Collection[int], on: date) -> dict[int, list[Late]]:
    """{customer: its open items that were due before a day, oldest first}, as it is known now."""
    select, some = listed(customer_ids)
    found: dict[int, list[Late]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.customer_id, i.id, d.number, i.currency, i.open_minor, i.due_on"
            " FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id"
            " WHERE NOT (i.open_minor = 0) AND i.open_minor > 0 AND i.due_on < %s"
            f" AND i.entity_id = %s AND i.customer_id IN ({select}) ORDER BY i.due_on, i.id",
            [on, entity_id, some],
        )
        for customer_id, pk, number, currency, minor, due in cursor.fetchall():
            due_on = date.fromisoformat(due) if isinstance(due, str) else due
            found.setdefault(customer_id, []).append(Late(pk, number, currency, minor, due_on))
    return found
