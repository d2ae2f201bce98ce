"""Statements of account of many customers: a constant number of reads, however many they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.db import connection

from duly.receivables.rules.statements import (
    ACTIVITY,
    Account,
    Line,
    Movement,
    Part,
    Statement,
    part_of,
    without_voided_pairs,
)

Accounts = dict[tuple[int, str], Account]

# What is open on a day: today's open amount, with back what was applied later. An item's instalment
# is told where it is not the only one.
_OPEN_ITEMS = """SELECT i.customer_id, i.currency, i.id, d.kind, d.number,
  CASE WHEN EXISTS (SELECT 1 FROM receivables_item o
                     WHERE o.document_id = i.document_id AND o.id <> i.id)
       THEN i.instalment ELSE 0 END,
  d.po_number, i.issued_on, i.due_on, i.amount_minor, i.open_minor
  + COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
               WHERE a.item_id = i.id AND a.applied_on > %s), 0)
  - COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
               WHERE a.credit_item_id = i.id AND a.applied_on > %s), 0)
 FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id
 WHERE i.customer_id IN ({ids}) AND i.issued_on <= %s
  AND (i.open_minor <> 0 OR EXISTS (SELECT 1 FROM receivables_application a
        WHERE (a.item_id = i.id OR a.credit_item_id = i.id) AND a.applied_on > %s))"""
_OPEN_PAYMENTS = """SELECT p.customer_id, p.currency, NULL, 'payment', p.number, 0, p.reference,
  p.received_on, p.received_on, -p.amount_minor, -p.unapplied_minor
  - COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
               WHERE a.payment_id = p.id AND a.applied_on > %s), 0)
 FROM receivables_payment p
 WHERE p.customer_id IN ({ids}) AND p.received_on <= %s
  AND (p.unapplied_minor <> 0 OR EXISTS (SELECT 1 FROM receivables_application a
        WHERE a.payment_id = p.id AND a.applied_on > %s))"""
_DOCUMENTS = """SELECT customer_id, currency, issued_on, kind, number, po_number, amount_minor, id
 FROM receivables_document WHERE issued_on BETWEEN %s AND %s AND customer_id IN ({ids})"""
_RECEIVED = """SELECT customer_id, currency, received_on, number, reference, amount_minor, id
 FROM receivables_payment WHERE received_on BETWEEN %s AND %s AND customer_id IN ({ids})"""
# What moves a balance by itself; cash and credit applied inside one account do not. Cash is that of
# whom its payment is held to be of today, as what was received is.
_SETTLED = """SELECT a.customer_id, COALESCE(p.customer_id, a.payer_id), a.item_id, a.currency,
  a.applied_on, a.reason, a.amount_minor, d.id, d.number, c.id, c.number, p.id, p.number
 FROM receivables_application a
 LEFT JOIN receivables_item i ON i.id = a.item_id
 LEFT JOIN receivables_document d ON d.id = i.document_id
 LEFT JOIN receivables_item ci ON ci.id = a.credit_item_id
 LEFT JOIN receivables_document c ON c.id = ci.document_id
 LEFT JOIN receivables_payment p ON p.id = a.payment_id
 WHERE a.applied_on BETWEEN %s AND %s
  AND (a.item_id IS NULL OR COALESCE(p.customer_id, a.payer_id) IS NULL
       OR a.customer_id <> COALESCE(p.customer_id, a.payer_id))
  AND (a.customer_id IN ({ids}) OR a.payer_id IN ({ids})
       OR a.payment_id IN (SELECT payment_id FROM receivables_attribution
                            WHERE customer_id IN ({ids})))
 ORDER BY a.id"""


def statements(
    *,
    on: date,
    groups: Mapping[int, Sequence[int]],
    kind: str,
    from_on: date | None = None,
    disputed: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Statement]:
    """The statements of some customers on a day, in the order given.

    Given: `groups` {the customer who is written to: whose accounts are told}; for an activity
    statement `from_on`, its first day; `disputed` {item: minor units}. Customers
    with nothing to tell have no parts.
    Refuses: DoesNotAddUp.
    """
    ids = sorted({pk for group in groups.values() for pk in group})
    accounts: Accounts = {}
    if ids:
        _read_open(accounts, on, ids, disputed)
        if kind == ACTIVITY and from_on is not None:
            _read_openings(accounts, from_on - timedelta(days=1), ids)
            _read_movements(accounts, from_on, on, ids)
    of_customer: dict[int, list[str]] = {}
    for customer_id, currency in accounts:
        of_customer.setdefault(customer_id, []).append(currency)
    for customer_id, group in groups.items():
        currencies = sorted({currency for pk in group for currency in of_customer.get(pk, ())})
        parts: list[Part] = []
        for currency in currencies:
            told = [accounts[pk, currency] for pk in group if (pk, currency) in accounts]
            parts.append(part_of(told, currency=currency, kind=kind, on=on))
        yield Statement(customer_id, tuple(group), kind, on, from_on, tuple(parts))


def _account(accounts: Accounts, customer_id: int, currency: str) -> Account:
    return accounts.setdefault((customer_id, currency), Account())


def _rows(sql: str, params: Sequence[object], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Rows of SQL in which {ids} stands for the customers, as often as it is there."""
    listed = ", ".join(map(str, ids))  # our own numbers: nothing to quote
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{ids}", listed), list(params))
        return cursor.fetchall()


def _open_rows(on: date, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    rows = _rows(_OPEN_ITEMS, [on] * 4, ids) + _rows(_OPEN_PAYMENTS, [on] * 3, ids)
    return [row for row in rows if row[-1]]


def _read_open(
    accounts: Accounts, on: date, ids: Sequence[int], disputed: Mapping[int, int]
) -> None:
    for row in _open_rows(on, ids):
        customer, currency, item, kind, number, part, said, issued, due, amount, left = row
        line = Line(
            customer,
            kind,
            number,
            part,
            said,
            _day(issued),
            _day(due),
            amount,
            int(left),
            max(0, min(disputed.get(item, 0), int(left))),
        )
        _account(accounts, customer, currency).lines.append(line)


def _read_openings(accounts: Accounts, on: date, ids: Sequence[int]) -> None:
    for customer, currency, *_, left in _open_rows(on, ids):
        _account(accounts, customer, currency).opening_minor += int(left)


def _read_movements(accounts: Accounts, first: date, last: date, ids: Sequence[int]) -> None:
    wanted = set(ids)
    found: dict[tuple[int, str], list[tuple[str, Movement]]] = {}

    def add(currency: str, key: str, movement: Movement) -> None:
        if movement.customer_id in wanted:
            found.setdefault((movement.customer_id, currency), []).append((key, movement))

    for pk, currency, on, kind, number, said, amount, document in _rows(
        _DOCUMENTS, [first, last], ids
    ):
        add(currency, f"d{document}", Movement(pk, _day(on), kind, number, said, amount))
    for pk, currency, on, number, said, amount, payment in _rows(_RECEIVED, [first, last], ids):
        add(currency, f"p{payment}", Movement(pk, _day(on), "payment", number, said, -amount))
    for row in _rows(_SETTLED, [first, last], ids):
        customer, payer, item, currency, applied, reason, amount, d, d_no, c, c_no, p, p_no = row
        on = _day(applied)
        source, said = (f"p{p}", p_no) if p else (f"d{c}", c_no)
        if item is not None:
            add(currency, f"d{d}", Movement(customer, on, reason, d_no, said or "", -amount))
        if p or c:
            add(currency, source, Movement(payer, on, reason, said, d_no or "", amount))
    for (customer, currency), movements in found.items():
        _account(accounts, customer, currency).movements += without_voided_pairs(movements)


def _day(value: date | str) -> date:
    """A date as the database driver gives it: SQLite keeps ISO texts."""
    return date.fromisoformat(value) if isinstance(value, str) else value
