"""Items on a day, for lists of an entity or a customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from duly.parties.queries import codes_and_names
from duly.receivables.queries.open_sums import Scope, narrow
from duly.receivables.rules.state import state_of


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item, or money not applied, as lists show it on a day.

    Amounts are signed minor units: credit notes and payments are negative. `kind` is a kind of
    document, or "payment"; `id` is the document's or the payment's.
    """

    id: int
    kind: str
    number: str
    instalment: int
    customer_id: int | None
    customer_code: str | None
    customer_name: str
    currency: str
    issued_on: date
    due_on: date
    amount_minor: int
    open_minor: int
    days_past_due: int
    state: str
    entity_id: int


# An item's open amount on a day: today's, with back what was applied later.
_ITEMS = """
SELECT d.id, d.kind, d.number, i.instalment, i.customer_id, i.currency, i.issued_on, i.due_on,
       i.amount_minor, i.open_minor
         + COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
                      WHERE a.item_id = i.id AND a.applied_on > %s), 0)
         - COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
                      WHERE a.credit_item_id = i.id AND a.applied_on > %s), 0) AS open_then,
       d.is_void, i.entity_id
  FROM receivables_item i JOIN receivables_document d ON d.id = i.document_id
 WHERE i.issued_on <= %s
"""
_PAYMENTS = """
SELECT p.id, 'payment', p.number, 1, p.customer_id, p.currency, p.received_on, p.received_on,
       -p.amount_minor, -p.unapplied_minor
         - COALESCE((SELECT SUM(a.amount_minor) FROM receivables_application a
                      WHERE a.payment_id = p.id AND a.applied_on > %s), 0) AS open_then,
       p.is_void, p.entity_id
  FROM receivables_payment p
 WHERE p.received_on <= %s
"""


def items_on(
    *,
    on: date,
    entity_id: int,
    customer_id: int | None = None,
    only_open: bool = False,
    limit: int | None = None,
) -> list[ItemRow]:
    """The items of an entity (or one customer) as they stood on a day, by due date.

    Voided documents are left out where only open ones are asked for.
    """
    scope = Scope(entity_id=entity_id, customer_id=customer_id)
    clauses, params = narrow(scope, "i.")
    # Unless something is open, or was settled after the day, it was not open on it.
    if only_open:
        clauses += (
            " AND (i.open_minor <> 0 OR EXISTS (SELECT 1 FROM receivables_application a"
            " WHERE (a.item_id = i.id OR a.credit_item_id = i.id) AND a.applied_on > %s))"
        )
        params.append(on)
    sql = f"{_ITEMS}{clauses} ORDER BY i.due_on, d.number, i.instalment"
    rows = _rows(sql, [on, on, on, *params], on, limit)
    return [row for row in rows if row.open_minor] if only_open else rows


def unapplied_on(
    *, on: date, entity_id: int, customer_id: int | None = None, limit: int | None = None
) -> list[ItemRow]:
    """Money of an entity (or one customer) that was not applied on a day, as negative rows."""
    clauses, params = narrow(Scope(entity_id=entity_id, customer_id=customer_id), "p.")
    clauses += (
        " AND (p.unapplied_minor <> 0 OR EXISTS (SELECT 1 FROM receivables_application a"
        " WHERE a.payment_id = p.id AND a.applied_on > %s))"
    )
    sql = f"{_PAYMENTS}{clauses} ORDER BY p.received_on, p.number"
    rows = _rows(sql, [on, on, *params, on], on, limit)
    return [row for row in rows if row.open_minor]


def _rows(sql: str, params: Iterable[object], on: date, limit: int | None) -> list[ItemRow]:
    if limit is not None:
        sql, params = f"{sql} LIMIT %s", [*params, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        found = cursor.fetchall()
    names = codes_and_names({row[4] for row in found if row[4]})
    rows = []
    for pk, kind, number, instalment, customer, currency, issued, due, amount, left, *more in found:
        code, name = names.get(customer, (None, ""))
        issued_on, due_on = _day(issued), _day(due)
        is_void, entity_id = more
        state = (
            "unapplied"
            if kind == "payment"
            else state_of(
                amount_minor=amount,
                open_minor=int(left),
                due_on=due_on,
                on=on,
                is_void=bool(is_void) and not left,
            )
        )
        rows.append(
            ItemRow(
                pk,
                kind,
                number,
                instalment,
                customer,
                code,
                name,
                currency,
                issued_on,
                due_on,
                amount,
                int(left),
                (on - due_on).days,
                state,
                entity_id,
            )
        )
    return rows


def _day(value: date | str) -> date:
    """A date as the database driver gives it: SQLite keeps ISO texts."""
    return date.fromisoformat(value) if isinstance(value, str) else value
