"""What interest is worked out from: late items, and how their open amounts moved by value day.

A payment counts from the day the money came in, a credit note from its own day, whenever they were
applied; what is settled beside one counts from the same day.
"""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from duly.receivables.models import CHARGE
from duly.storage.among import listed


class LateItem(NamedTuple):
    """An item due before a day; days as ordinals."""

    id: int
    document_id: int
    customer_id: int
    number: str
    currency: str
    issued: int
    due: int
    amount_minor: int
    open_minor: int  # today


_ITEMS = """SELECT i.id, i.document_id, i.customer_id, d.number, i.currency,
  CAST(i.issued_on AS text), CAST(i.due_on AS text), i.amount_minor, i.open_minor
 FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id
 WHERE {which} AND i.entity_id = %s AND i.amount_minor > 0 AND i.due_on < %s
  AND d.kind <> %s AND d.is_void = %s"""
_OPEN = "i.customer_id IN ({ids}) AND NOT (i.open_minor = 0)"
_SETTLED_SINCE = """i.open_minor = 0 AND i.id IN (SELECT a.item_id FROM receivables_application a
  WHERE a.customer_id IN ({ids}) AND a.applied_on >= %s)"""
_MOVES = """SELECT a.item_id, COALESCE(a.source_on, b.source_on, rb.source_on, a.applied_on),
  a.amount_minor
 FROM receivables_application a
 LEFT JOIN receivables_application b ON b.id = a.beside_id
 LEFT JOIN receivables_application r ON r.id = a.reverses_id
 LEFT JOIN receivables_application rb ON rb.id = r.beside_id
 WHERE a.customer_id IN ({ids}) AND a.applied_on >= %s AND a.item_id IS NOT NULL"""
_WAITING = """SELECT customer_id FROM receivables_payment
  WHERE customer_id IN ({ids}) AND NOT (unapplied_minor = 0) AND entity_id = %s
   AND received_on <= %s
 UNION SELECT customer_id FROM receivables_item
  WHERE customer_id IN ({ids}) AND NOT (open_minor = 0) AND open_minor < 0 AND entity_id = %s
   AND issued_on <= %s"""


def late_items(
    entity_id: int, customer_ids: Collection[int], first: date, last: date
) -> list[LateItem]:
    """Items due before `last` that are open, or were settled on `first` or later; no charges."""
    select, ids = listed(customer_ids)
    common = [entity_id, last, CHARGE, False]
    found: list[LateItem] = []
    with connection.cursor() as cursor:
        for which, params in ((_OPEN, [ids]), (_SETTLED_SINCE, [ids, first])):
            sql = _ITEMS.replace("{which}", which).replace("{ids}", select)
            cursor.execute(sql, [*params, *common])
            found += [
                LateItem(*row[:5], ordinal(row[5]), ordinal(row[6]), *row[7:])
                for row in cursor.fetchall()
            ]
    return found


def value_moves(customer_ids: Collection[int], first: date) -> dict[int, list[tuple[int, int]]]:
    """{item: (value day, what it settled)} of what was applied on `first` or later."""
    select, ids = listed(customer_ids)
    found: dict[int, list[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MOVES.replace("{ids}", select), [ids, first])
        for item_id, day, minor in cursor.fetchall():
            found.setdefault(item_id, []).append((ordinal(day), minor))
    return found


def with_money_waiting(entity_id: int, customer_ids: Collection[int], until: date) -> set[int]:
    """Customers with money or credit of a day or before that is not applied."""
    select, ids = listed(customer_ids)
    with connection.cursor() as cursor:
        sql = _WAITING.replace("{ids}", select)
        cursor.execute(sql, [ids, entity_id, until, ids, entity_id, until])
        return {customer_id for (customer_id,) in cursor.fetchall()}


@lru_cache(maxsize=20_000)
def ordinal(day: date | str) -> int:
    """A day as a number; SQLite gives ISO texts, and texts cost less to read than days."""
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
