"""Sums of open amounts on any day, by customer, currency and age.

Open amounts of a past day are today's open amounts with everything added back that was applied
later: only open items and later applications are read, never the whole history. As known then
counts from the rows themselves, up to a batch of the chain of seals. Both ways must agree, and
`duly check` proves it (I5, I6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from duly.parties.queries import ids_under
from duly.receivables.models import TOLD_PAYER, Application, Attribution
from duly.receivables.rules.aging import Buckets

Sums = dict[tuple[int, str], list[int]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the book is asked for; None is all of it."""

    entity_id: int | None = None
    currency: str | None = None
    customer_id: int | None = None
    parent_id: int | None = None  # the customer and everyone under it
    customer_ids: tuple[int, ...] | None = None


EVERYTHING = Scope()


class _Part(NamedTuple):
    """One table's share of what was open: rows of it, grouped by customer and currency."""

    source: str  # table and WHERE
    params: list[object]
    amount: str
    age: str | None  # the day that decides the bucket; None counts as unapplied
    customer: str = "customer_id"
    is_split: bool = False  # what is below zero is credit, and counts as unapplied


def open_sums(
    *, on: date, chosen: Buckets, scope: Scope, known: int | None, by: str = "customer"
) -> Sums:
    """{(id, currency): [a sum a bucket, ..., unapplied]}, minor units.

    Given: `by` customer (0 where the payer is not known), entity, or none (every id is 0); `known`
    the sequence of the last batch to count, None counts all.
    """
    firsts = chosen.first_dates(on)
    width = len(chosen.names)
    sums: Sums = {}
    parts = (
        _parts_now(on, chosen, scope) if known is None else _parts_then(on, chosen, scope, known)
    )
    for part in parts:
        for id_, currency, *cells in _grouped(part, firsts, by):
            key = (id_ or 0, currency)
            total = sums.get(key)
            if total is None and part.age is not None:  # nearly every row
                sums[key] = cells
                continue
            if total is None:
                total = sums[key] = [0] * (width + 1)
            for index, minor in enumerate(cells, width + 1 - len(cells)):
                total[index] += minor
    for total in sums.values():
        # Each bucket held what is younger, too.
        for index in range(width - 1, 0, -1):
            total[index] -= total[index - 1]
    return sums


def _grouped(part: _Part, firsts: tuple[date, ...], by: str) -> Iterator[tuple]:
    """(id, currency, what is as young as each bucket's first day or younger ..., all, unapplied).

    What has no age is (id, currency, unapplied).
    """
    id_ = {"customer": part.customer, "entity": "entity_id", "none": "NULL"}[by]
    group = "currency" if by == "none" else f"{id_}, currency"
    owed, unapplied = part.amount, "0"
    if part.is_split:
        owed = f"CASE WHEN {part.amount} > 0 THEN {part.amount} ELSE 0 END"
        unapplied = f"CASE WHEN {part.amount} < 0 THEN {part.amount} ELSE 0 END"
    cells, params = [part.amount], []
    if part.age is not None:
        # One comparison a bucket: sums of all younger ones, told apart by subtraction afterwards.
        cells = [f"CASE WHEN {part.age} >= %s THEN {owed} ELSE 0 END" for _ in firsts]
        cells += [owed, unapplied]
        params += firsts
    columns = ", ".join(f"CAST(SUM({cell}) AS bigint)" for cell in cells)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {id_}, currency, {columns} FROM {part.source} GROUP BY {group}",
            [*params, *part.params],
        )
        yield from cursor.fetchall()


def narrow(scope: Scope, prefix: str = "", customer: str = "customer_id") -> tuple[str, list]:
    """SQL that keeps to a scope (" AND ..." with its parameters), for columns after a prefix."""
    clauses, params = "", []
    if scope.entity_id is not None:
        clauses += f" AND {prefix}entity_id = %s"
        params.append(scope.entity_id)
    if scope.currency is not None:
        clauses += f" AND {prefix}currency = %s"
        params.append(scope.currency)
    if scope.customer_id == 0:
        clauses += f" AND {prefix}{customer} IS NULL"
    elif scope.customer_id is not None:
        clauses += f" AND {prefix}{customer} = %s"
        params.append(scope.customer_id)
    elif scope.parent_id is not None:
        ids = ids_under(scope.parent_id)
        clauses += f" AND {prefix}{customer} IN ({', '.join(['%s'] * len(ids))})"
        params += ids
    elif scope.customer_ids is not None:
        clauses += f" AND {prefix}{customer} IN ({', '.join(['%s'] * len(scope.customer_ids))})"
        params += scope.customer_ids
    return clauses, params


# What one customer's money and credit settled, by the indexes application_customer and
# application_payer_alone: no index begins with the payer of all applications.
_OF_PAYER = (
    "(SELECT * FROM receivables_application WHERE customer_id = %s AND payer_id = customer_id"
    " UNION ALL SELECT * FROM receivables_application WHERE payer_id = %s"
    " AND (customer_id IS NULL OR customer_id < payer_id OR customer_id > payer_id)) AS used"
)


# Payments with their payer as told when they came in.
TOLD_PAYMENTS = (
    f"(SELECT p.*, {TOLD_PAYER.format(payment='p')} AS told_customer_id"
    " FROM receivables_payment p) AS told"
)


def used_by(scope: Scope) -> tuple[str, list[object]]:
    """SQL to select from, with its parameters: what money and credit of a scope settled."""
    if scope.customer_id:
        return _OF_PAYER, [scope.customer_id, scope.customer_id]
    return "receivables_application", []


def _parts_now(on: date, chosen: Buckets, scope: Scope) -> list[_Part]:
    """What is open today and was there on the day, and what was applied after it."""
    age = "due_on" if chosen.basis == "due" else "issued_on"
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    used, used_params = used_by(scope)
    next_day = on + timedelta(days=1)
    # NOT (x = 0), as the indexes of what is open say it: SQLite takes an index for no other form.
    items = f"receivables_item WHERE NOT (open_minor = 0) AND issued_on <= %s{own}"
    there: list[object] = [on, *own_params]
    parts = [
        _Part(items, there, "open_minor", age, is_split=True),
        _Part(
            f"receivables_payment WHERE NOT (unapplied_minor = 0) AND received_on <= %s{own}",
            there,
            "-unapplied_minor",
            None,
        ),
    ]
    if not has_moved_after(on):
        return parts
    return [
        *parts,
        _Part(
            f"receivables_application WHERE applied_on >= %s AND item_issued_on <= %s{own}",
            [next_day, on, *own_params],
            "amount_minor",
            f"item_{age}",
        ),
        _Part(
            f"{used} WHERE applied_on >= %s AND source_on <= %s{payer}",
            [*used_params, next_day, on, *payer_params],
            "-amount_minor",
            None,
            customer="payer_id",
        ),
        *_changed_hands(
            "attributed_on >= %s AND source_on <= %s", [next_day, on], scope, undone=True
        ),
    ]


def has_moved_after(on: date) -> bool:
    """Whether anything was applied, or changed hands, after a day."""
    # The latest day along its index: grouped, SQLite reads all rows to find that none is later.
    days = (
        Application.objects.order_by("-applied_on").values_list("applied_on", flat=True),
        Attribution.objects.order_by("-attributed_on").values_list("attributed_on", flat=True),
    )
    return any(last is not None and last > on for last in (rows.first() for rows in days))


class HandedOn(NamedTuple):
    """Money that changed hands, seen from one side: what it adds to the open sums of a customer."""

    customer: str  # the column that names the side
    amount: str
    source: str
    params: list[object]


def handed_on(when: str, params: list[object], scope: Scope, *, undone: bool) -> list[HandedOn]:
    """Both sides of the attributions of a time; `undone` as if they had not been."""
    sides = []
    for column, is_target in (("from_customer_id", False), ("customer_id", True)):
        own, own_params = narrow(scope, customer=column)
        amount = "-amount_minor" if is_target != undone else "amount_minor"
        source = f"receivables_attribution WHERE {when}{own}"
        sides.append(HandedOn(column, amount, source, [*params, *own_params]))
    return sides


def _changed_hands(
    when: str, params: list[object], scope: Scope, *, undone: bool = False
) -> list[_Part]:
    return [
        _Part(side.source, side.params, side.amount, None, customer=side.customer)
        for side in handed_on(when, params, scope, undone=undone)
    ]


def _parts_then(on: date, chosen: Buckets, scope: Scope, known: int) -> list[_Part]:
    """The same, counted from the rows themselves up to a batch of the chain."""
    age = "due_on" if chosen.basis == "due" else "issued_on"
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    told, told_params = narrow(scope, customer="told_customer_id")
    then = "batch_id IN (SELECT batch_id FROM ledger_seal WHERE sequence <= %s)"
    items = f"receivables_item WHERE issued_on <= %s AND {then}{own}"
    counted: list[object] = [on, known, *own_params]
    parts = [
        _Part(items, counted, "amount_minor", age, is_split=True),
        _Part(
            f"{TOLD_PAYMENTS} WHERE received_on <= %s AND {then}{told}",
            [on, known, *told_params],
            "-amount_minor",
            None,
            customer="told_customer_id",
        ),
        _Part(
            "receivables_application WHERE applied_on <= %s AND item_id IS NOT NULL"
            f" AND {then}{own}",
            counted,
            "-amount_minor",
            f"item_{age}",
        ),
        _Part(
            "receivables_application WHERE applied_on <= %s AND source_on IS NOT NULL"
            f" AND {then}{payer}",
            [on, known, *payer_params],
            "amount_minor",
            None,
            customer="payer_id",
        ),
        *_changed_hands(f"attributed_on <= %s AND {then}", [on, known], scope),
    ]
    # +id is in the order of no index: SQLite would go by one, and look up every row of the book.
    return [part._replace(customer=f"+{part.customer}") for part in parts]
