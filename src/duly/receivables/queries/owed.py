"""What some customers owe on a day, as SQL that another statement can take in.

Whoever decides by several kinds of amounts reads them in one statement: what moves from one kind to
another meanwhile is then counted once.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from duly.storage.among import listed
from duly.storage.prepared import prepared_rows


class Late(NamedTuple):
    """An open item that was due before a day."""

    item_id: int
    number: str
    currency: str
    open_minor: int
    due_on: date


# Whether anything is open that is dated after a day, or was applied or changed hands after it.
_LATER = """
SELECT EXISTS (SELECT 1 FROM receivables_openday WHERE entity_id = %s AND "on" > %s
                AND side IN ('invoice', 'credit', 'unapplied') AND NOT (amount_minor = 0))
    OR EXISTS (SELECT 1 FROM receivables_application WHERE applied_on > %s AND entity_id = %s)
    OR EXISTS (SELECT 1 FROM receivables_attribution WHERE attributed_on > %s AND entity_id = %s)
"""
# The balances kept by customer tell it where nothing is later than the day, in a row a currency;
# else every open item is looked at.
_OWED = """
WITH wanted(id) AS ({some}),
later(is_any) AS ({later}),
kept(id) AS (SELECT id FROM wanted WHERE NOT (SELECT is_any FROM later)),
counted(id) AS (SELECT id FROM wanted WHERE (SELECT is_any FROM later))
SELECT customer_id, currency, owed_minor AS items, credits_minor - unapplied_minor AS unapplied
  FROM receivables_customerbalance WHERE entity_id = %s AND customer_id IN (SELECT id FROM kept)
UNION ALL {counted}
"""


def owed_sql(
    *, entity_id: int, customer_ids: Collection[int], on: date
) -> tuple[str, list[object]]:
    """(SELECT customer_id, currency, items, unapplied; its parameters), minor units, several rows
    a customer. Credits and money not applied are below zero and stand under `unapplied`.

    Rule: open today of what was there on the day, with back what was applied, and what changed
    hands, later; as the aging counts it.
    """
    select, some = listed(customer_ids)
    counted, params = _counted(entity_id, on)
    return _OWED.format(some=select, later=_LATER, counted=counted), [
        some,
        *(entity_id, on),
        *(on, entity_id),
        *(on, entity_id),
        entity_id,
        *params,
    ]


def _counted(entity_id: int, on: date) -> tuple[str, list[object]]:
    """What customers of `counted` owe, by every item and by what came later."""
    among = "IN (SELECT id FROM counted)"
    there = f"entity_id = %s AND customer_id {among}"
    handed = "attributed_on > %s AND source_on <= %s AND entity_id = %s"
    # NOT (x = 0), as the indexes of what is open say it: SQLite takes an index for no other form.
    parts: list[tuple[str, list[object]]] = [
        (
            "SELECT customer_id, currency,"
            " CASE WHEN open_minor > 0 THEN open_minor ELSE 0 END,"
            " CASE WHEN open_minor < 0 THEN open_minor ELSE 0 END"
            " FROM receivables_item"
            f" WHERE NOT (open_minor = 0) AND issued_on <= %s AND {there}",
            [on, entity_id],
        ),
        (
            "SELECT customer_id, currency, 0, -unapplied_minor FROM receivables_payment"
            f" WHERE NOT (unapplied_minor = 0) AND received_on <= %s AND {there}",
            [on, entity_id],
        ),
        (
            "SELECT customer_id, currency, amount_minor, 0 FROM receivables_application"
            f" WHERE applied_on > %s AND item_issued_on <= %s AND {there}",
            [on, on, entity_id],
        ),
        (
            "SELECT payer_id, currency, 0, -amount_minor FROM receivables_application"
            f" WHERE payer_id = customer_id AND applied_on > %s AND source_on <= %s AND {there}",
            [on, on, entity_id],
        ),
        (
            "SELECT payer_id, currency, 0, -amount_minor FROM receivables_application"
            " WHERE (customer_id IS NULL OR customer_id < payer_id OR customer_id > payer_id)"
            f" AND applied_on > %s AND source_on <= %s AND entity_id = %s AND payer_id {among}",
            [on, on, entity_id],
        ),
        (
            "SELECT from_customer_id, currency, 0, -amount_minor FROM receivables_attribution"
            f" WHERE {handed} AND from_customer_id {among}",
            [on, on, entity_id],
        ),
        (
            "SELECT customer_id, currency, 0, amount_minor FROM receivables_attribution"
            f" WHERE {handed} AND customer_id {among}",
            [on, on, entity_id],
        ),
    ]
    return " UNION ALL ".join(sql for sql, _ in parts), [one for _, some in parts for one in some]


def late_items(*, entity_id: int, customer_ids: Collection[int], on: date) -> dict[int, list[Late]]:
    """{customer: its open items that were due before a day, oldest first}, as it is known now."""
    select, some = listed(customer_ids)
    found: dict[int, list[Late]] = {}
    rows = prepared_rows(
        "SELECT i.customer_id, i.id, d.number, i.currency, i.open_minor, i.due_on"
        " FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id"
        " WHERE NOT (i.open_minor = 0) AND i.open_minor > 0 AND i.due_on < %s"
        f" AND i.entity_id = %s AND i.customer_id IN ({select}) ORDER BY i.due_on, i.id",
        [on, entity_id, some],
    )
    for customer_id, pk, number, currency, minor, due in rows:
        due_on = date.fromisoformat(due) if isinstance(due, str) else due
        found.setdefault(customer_id, []).append(Late(pk, number, currency, minor, due_on))
    return found
