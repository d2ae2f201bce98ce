"""What became of invoices so many days after they were due, for whole books."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from duly.storage.streaming import stream


class ItemOutcome(NamedTuple):
    """An item of an invoice or debit note, and what of it was open so many days after its due
    date."""

    customer_id: int
    currency: str
    issued_on: date
    minor: int
    late_minor: int


def outcomes(
    entity_id: int, first: date, last: date, *, on: date, late_days: int
) -> Iterator[ItemOutcome]:
    """Items issued within two days (both in), that are `late_days` past due on a day. Two queries.

    A voided one was none: it is left out.
    """
    settled: dict[int, int] = {}
    void: set[int] = set()
    sql = (
        "SELECT item_id, reason, applied_on, item_due_on, amount_minor"
        " FROM receivables_application WHERE entity_id = %s AND applied_on >= %s"
        " AND applied_on <= %s AND item_id IS NOT NULL AND item_issued_on >= %s"
        " AND item_issued_on <= %s"
    )
    for rows in stream(sql, [entity_id, first, on, first, last]):
        for item_id, reason, applied, due, minor in rows:
            if reason == "void":
                void.add(item_id)
            elif _day(applied) <= _day(due) + timedelta(days=late_days):
                settled[item_id] = settled.get(item_id, 0) + minor
    sql = (
        "SELECT id, customer_id, currency, issued_on, amount_minor FROM receivables_item"
        " WHERE entity_id = %s AND issued_on >= %s AND issued_on <= %s AND due_on < %s"
        " AND amount_minor > 0"
    )
    matured = on - timedelta(days=late_days)
    for rows in stream(sql, [entity_id, first, last, matured]):
        for pk, customer_id, currency, issued, minor in rows:
            if pk not in void:
                late = max(minor - settled.get(pk, 0), 0)
                yield ItemOutcome(customer_id, currency, _day(issued), minor, late)


def _day(told: str | date) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told
