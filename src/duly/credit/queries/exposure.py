"""Exposure of customers and their families, in a constant number of queries.

All amounts are read by one statement: an order that is invoiced while somebody reads counts once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection

from duly.credit.queries.limits import granted_to, imported_of, in_force
from duly.credit.rules.exposure import Book, Exposure, OrderLeft, Owed, Rates
from duly.credit.rules.limits_in_force import Granted
from duly.parties.models import Entity
from duly.parties.queries.families import Member, above_sql, families_of
from duly.parties.queries.reach import rates_on
from duly.receivables.queries.owed import owed_sql
from duly.storage.among import listed, listed_texts
from duly.storage.prepared import prepared_rows

# Documents name an order by its reference, whoever of a family is billed: that they are of the
# family is looked at where they are read. Credit notes have their sign.
_ORDER = "id, customer_id, ref, currency, amount_minor, shipped_minor, is_prepaid"
# Of orders that documents cover whole, only those that are asked about are read.
_AMOUNTS = """
WITH orders AS (
  SELECT {order} FROM credit_order WHERE NOT (amount_minor = 0) AND entity_id = %s
     AND customer_id IN ({some}) AND settled_on > %s
  UNION
  SELECT {order} FROM credit_order WHERE NOT (amount_minor = 0) AND entity_id = %s
     AND customer_id IN ({some}) AND ref IN ({refs}))
SELECT 'owed', customer_id, currency, SUM(items), SUM(unapplied), '', 0
  FROM ({owed}) AS owed GROUP BY customer_id, currency
UNION ALL
SELECT 'order', customer_id, currency, amount_minor, shipped_minor, ref,
       CASE WHEN is_prepaid THEN -id ELSE id END
  FROM orders
UNION ALL
SELECT 'invoiced', d.customer_id, d.currency, SUM(d.amount_minor), 0, d.order_ref, 0
  FROM receivables_document d
 WHERE d.entity_id = %s AND d.order_ref > '' AND d.order_ref IN (SELECT ref FROM orders)
   AND d.issued_on <= %s AND NOT d.is_void
 GROUP BY d.customer_id, d.order_ref, d.currency
"""
# Of those who ask for prepaid orders, as it is now: what is open of invoices of such orders, also
# where they were invoiced whole, whoever of the family is billed; what else is due; their money.
_PREPAYERS = """
UNION ALL
SELECT 'now', o.customer_id, i.currency, SUM(i.open_minor), 0, '', d.customer_id
  FROM credit_order o JOIN receivables_document d
    ON d.entity_id = o.entity_id AND d.order_ref = o.ref AND d.order_ref > ''
  JOIN receivables_item i ON i.document_id = d.id
 WHERE NOT (o.amount_minor = 0) AND o.is_prepaid AND o.entity_id = %s
   AND o.customer_id IN ({some}) AND i.open_minor > 0
 GROUP BY o.customer_id, i.currency, d.customer_id
UNION ALL
SELECT 'now', i.customer_id, i.currency, SUM(i.open_minor), 0, '', i.customer_id
  FROM receivables_item i
 WHERE NOT (i.open_minor = 0) AND i.open_minor > 0 AND i.entity_id = %s
   AND i.customer_id IN ({some}) AND i.due_on <= %s
   AND NOT EXISTS (
     SELECT 1 FROM receivables_document d JOIN credit_order o
         ON o.entity_id = d.entity_id AND o.ref = d.order_ref AND o.customer_id = d.customer_id
      WHERE d.id = i.document_id AND d.order_ref > '' AND o.is_prepaid
        AND NOT (o.amount_minor = 0))
 GROUP BY i.customer_id, i.currency
UNION ALL
SELECT 'now', customer_id, currency, 0, credits_minor - unapplied_minor, '', customer_id
  FROM receivables_customerbalance WHERE entity_id = %s AND customer_id IN ({some})
"""


def exposures(entity: Entity, customer_ids: Collection[int], on: date) -> dict[int, Exposure]:
    """{customer: the exposure of it and everybody below it on a day}; orders as they stand now.

    Refuses: ExposureRateMissing.
    """
    book = read_book(entity, customer_ids, on)
    return {one: book.exposure(one) for one in customer_ids}


# Which documents `d` count of an order `o` with somebody of `above`, each once: invoices of whoever
# is above or the customer itself; credit notes of anybody, so that in doubt an order counts whole.
COUNTED = """(d.amount_minor > 0 AND d.customer_id = above.above_id
        OR d.amount_minor < 0 AND above.above_id = o.customer_id)"""
# Of orders on credit what is not invoiced yet; an invoice in another currency than its order leaves
# that whole, and so does one that neither the customer nor anybody above it was sent.
_ORDERED = f"""
WITH RECURSIVE {above_sql("{some}")}
SELECT o.customer_id, o.currency, o.amount_minor, COALESCE(SUM(d.amount_minor), 0)
  FROM credit_order o JOIN above ON above.customer_id = o.customer_id
  LEFT JOIN receivables_document d
    ON d.entity_id = o.entity_id AND d.order_ref = o.ref AND d.order_ref > ''
   AND d.currency = o.currency AND d.issued_on <= %s AND NOT d.is_void
   AND {COUNTED}
 WHERE NOT (o.amount_minor = 0) AND o.entity_id = %s AND o.customer_id IN ({{some}})
   AND NOT o.is_prepaid
 GROUP BY o.id, o.customer_id, o.currency, o.amount_minor
"""


def ordered(entity_id: int, customer_ids: Collection[int], on: date) -> dict[int, dict[str, int]]:
    """{customer: {currency: what it ordered on credit and is not invoiced}}. One query."""
    select, some = listed(customer_ids)
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        params: list[Any] = [some, on, entity_id, some]
        cursor.execute(_ORDERED.format(some=select), params)
        for customer_id, currency, amount, invoiced in cursor.fetchall():
            found[customer_id][currency] += max(int(amount) - max(int(invoiced), 0), 0)
    return found


def read_book(
    entity: Entity,
    customer_ids: Collection[int],
    on: date,
    *,
    family: dict[int, Member] | None = None,
    granted: Mapping[int, Collection[Granted]] | None = None,
    currencies: Collection[str] = (),
    refs: Collection[str] = (),
    prepayers: Collection[int] = (),
) -> Book:
    """What the families of some customers owe, their orders and limits. Three queries, and one
    for rates where there are other currencies.

    Given: `family` and the limits `granted` to it where they were read already; `currencies` and
    `refs` of the orders that are asked about, and `prepayers`, who ask for prepaid ones.
    """
    members = families_of(customer_ids) if family is None else family
    if granted is None:
        granted = granted_to(entity.pk, members.keys())
    limits = in_force(imported_of(members, entity.currency), granted, on)
    owed, orders, invoiced, now = _amounts(entity.pk, members, refs, prepayers, on)
    seen = {one.currency for one in (*owed, *now)} | {one.currency for one in orders}
    seen |= {one.currency for one in limits.values()} - {""}
    seen |= {*currencies, *(code for of in invoiced.values() for code in of)}
    seen |= {members[one].currency for one in customer_ids if one in members} - {""}
    seen -= {entity.currency}
    per_own = rates_on(entity_id=entity.pk, currencies=seen, on=on) if seen else {}
    rates = Rates(entity.currency, per_own)
    return Book(
        rates=rates,
        owed=owed,
        orders={
            one.ref: one._replace(
                invoiced_minor=max(
                    sum(
                        rates.over(minor, code, one.currency)
                        for code, minor in invoiced[one.ref].items()
                    ),
                    0,
                )
            )
            for one in orders
        },
        parents={pk: one.parent_id for pk, one in members.items() if one.parent_id is not None},
        limits=limits,
        currencies={pk: one.currency for pk, one in members.items() if one.currency},
        codes={pk: one.code for pk, one in members.items()},
        now=now,
    )


def _amounts(
    entity_id: int,
    members: Mapping[int, Member],
    refs: Collection[str],
    prepayers: Collection[int],
    on: date,
) -> tuple[list[Owed], list[OrderLeft], dict[str, dict[str, int]], list[Owed]]:
    """What is owed, orders that are released, {reference: {currency: what was invoiced}}, and what
    those who prepay owe now.
    """
    select, some = listed(members.keys())
    select_refs, told = listed_texts(refs)
    owed_by, params = owed_sql(entity_id=entity_id, customer_ids=members.keys(), on=on)
    values: list[Any] = [entity_id, some, on, entity_id, some, told, *params, entity_id, on]
    sql = _AMOUNTS.format(owed=owed_by, some=select, refs=select_refs, order=_ORDER)
    if prepayers:
        select, few = listed(prepayers)
        sql += _PREPAYERS.format(some=select)
        values += [entity_id, few, entity_id, few, on, entity_id, few]
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for kind, *row in prepared_rows(sql, values):
        rows[kind].append(tuple(row))
    orders = {
        ref: OrderLeft(
            abs(order), ref, customer, currency, int(first), int(second), is_prepaid=order < 0
        )
        for customer, currency, first, second, ref, order in rows["order"]
    }
    invoiced: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for customer, currency, minor, _, ref, _ in rows["invoiced"]:
        if _top(members, customer) == _top(members, orders[ref].customer_id):
            invoiced[ref][currency] += int(minor)
    now = [
        Owed(customer, currency, int(first), int(second))
        for customer, currency, first, second, _, billed in rows["now"]
        if _top(members, billed) == _top(members, customer)
    ]
    owed = [Owed(row[0], row[1], int(row[2]), int(row[3])) for row in rows["owed"]]
    return owed, list(orders.values()), invoiced, now


def _top(members: Mapping[int, Member], customer_id: int) -> int:
    """Who stands at the top of a customer's family: itself where it is none of the members."""
    passed = {customer_id}
    while (one := members.get(customer_id)) and one.parent_id and one.parent_id not in passed:
        customer_id = one.parent_id
        passed.add(customer_id)
    return customer_id
