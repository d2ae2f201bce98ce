"""Exposure of customers and their families, in a constant number of queries.

All amounts are read by one statement: an order that is invoiced while somebody reads counts once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from duly.credit.queries.limits import granted_to, imported_of, in_force
from duly.credit.rules.exposure import Book, Exposure, OrderLeft, Owed, Rates
from duly.credit.rules.limits_in_force import Granted
from duly.parties.models import Entity
from duly.parties.queries.families import Member, families_of
from duly.parties.queries.reach import rates_on
from duly.receivables.queries.owed import owed_sql
from duly.storage.among import listed
from duly.storage.prepared import prepared_rows

# Documents name an order by its reference, whoever of a family is billed.
_AMOUNTS = """
SELECT 'owed', customer_id, currency, SUM(items), SUM(unapplied), '', 0
  FROM ({owed}) AS owed GROUP BY customer_id, currency
UNION ALL
SELECT 'order', customer_id, currency, amount_minor, shipped_minor, ref,
       CASE WHEN is_prepaid THEN -id ELSE id END
  FROM credit_order WHERE NOT (amount_minor = 0) AND entity_id = %s AND customer_id IN ({some})
UNION ALL
SELECT 'invoiced', 0, d.currency, SUM(d.amount_minor), 0, o.ref, 0
  FROM credit_order o JOIN receivables_document d
    ON d.entity_id = o.entity_id AND d.order_ref = o.ref AND d.order_ref > ''
 WHERE NOT (o.amount_minor = 0) AND o.entity_id = %s AND o.customer_id IN ({some})
   AND d.amount_minor > 0 AND d.issued_on <= %s AND NOT d.is_void
 GROUP BY o.ref, d.currency
"""


def exposures(entity: Entity, customer_ids: Collection[int], on: date) -> dict[int, Exposure]:
    """{customer: the exposure of it and everybody below it on a day}; orders as they stand now.

    Refuses: ExposureRateMissing.
    """
    book = read_book(entity, customer_ids, on)
    return {one: book.exposure(one) for one in customer_ids}


def read_book(
    entity: Entity,
    customer_ids: Collection[int],
    on: date,
    *,
    family: dict[int, Member] | None = None,
    granted: Mapping[int, Collection[Granted]] | None = None,
    currencies: Collection[str] = (),
) -> Book:
    """What the families of some customers owe, their orders and limits. Three queries, and one
    for rates where there are other currencies.

    Given: `family` and the limits `granted` to it where they were read already, `currencies` of
    what is asked for.
    """
    members = families_of(customer_ids) if family is None else family
    if granted is None:
        granted = granted_to(entity.pk, members.keys())
    limits = in_force(imported_of(members, entity.currency), granted, on)
    owed, orders, invoiced = _amounts(entity.pk, members.keys(), on)
    seen = {one.currency for one in owed} | {one.currency for one in orders}
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
                invoiced_minor=sum(
                    rates.over(minor, code, one.currency)
                    for code, minor in invoiced[one.ref].items()
                )
            )
            for one in orders
        },
        parents={pk: one.parent_id for pk, one in members.items() if one.parent_id is not None},
        limits=limits,
        currencies={pk: one.currency for pk, one in members.items() if one.currency},
        codes={pk: one.code for pk, one in members.items()},
    )


def _amounts(
    entity_id: int, customer_ids: Collection[int], on: date
) -> tuple[list[Owed], list[OrderLeft], dict[str, dict[str, int]]]:
    """What is owed, orders that are released, and {reference: {currency: what was invoiced}}."""
    select, some = listed(customer_ids)
    owed_by, params = owed_sql(entity_id=entity_id, customer_ids=customer_ids, on=on)
    owed: list[Owed] = []
    orders: list[OrderLeft] = []
    invoiced: dict[str, dict[str, int]] = defaultdict(dict)
    values: list[Any] = [*params, entity_id, some, entity_id, some, on]
    rows = prepared_rows(_AMOUNTS.format(owed=owed_by, some=select), values)
    for kind, customer, currency, first, second, ref, order in rows:
        if kind == "owed":
            owed.append(Owed(customer, currency, int(first), int(second)))
        elif kind == "order":
            amounts = (int(first), int(second))
            orders.append(
                OrderLeft(abs(order), ref, customer, currency, *amounts, is_prepaid=order < 0)
            )
        else:
            invoiced[ref][currency] = int(first)
    return owed, orders, invoiced
