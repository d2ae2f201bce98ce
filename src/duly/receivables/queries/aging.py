"""Aging on any day, as known now or as known then.

Open amounts of a past day are today's open amounts with everything added back that was applied
later: only open items and later applications are read, never the whole history. As known then
counts from the rows themselves, up to a batch of the chain of seals. Both ways must agree, and
`duly check` proves it (I5, I6).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db import connection

from duly.ledger.queries import control_totals
from duly.parties.queries import codes_and_names, ids_under, tops_of
from duly.receivables.rules.aging import Buckets, buckets


@dataclass(frozen=True, slots=True)
class AgingRow:
    """What one customer (or everyone: `customer_id` None and no code) owes in one currency.

    `amounts` are minor units a bucket; `unapplied` is zero or negative: credit notes and money
    not applied. `customer_id` 0 is money whose payer is not known.
    """

    customer_id: int | None
    code: str | None
    name: str
    currency: str
    amounts: tuple[int, ...]
    unapplied: int

    @property
    def total(self) -> int:
        """Buckets and unapplied together."""
        return sum(self.amounts) + self.unapplied

    @property
    def overdue(self) -> int:
        """Everything beyond the first bucket."""
        return sum(self.amounts[1:])


@dataclass(frozen=True, slots=True)
class Aging:
    """An aging: its buckets, a total row a currency, and rows by customer where asked for."""

    on: date
    buckets: Buckets
    totals: dict[str, AgingRow]
    rows: list[AgingRow]


@dataclass(frozen=True, slots=True)
class TieOut:
    """Open items less unapplied money against the control accounts, in minor units."""

    open_items: int
    control_account: int

    @property
    def difference(self) -> int:
        """Zero, or the books are wrong."""
        return self.open_items - self.control_account


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the book is asked for; None is all of it."""

    entity_id: int | None = None
    currency: str | None = None
    customer_id: int | None = None
    parent_id: int | None = None  # the customer and everyone under it


EVERYTHING = Scope()


def aging(
    *,
    on: date,
    basis: str = "due",
    scope: Scope = EVERYTHING,
    by: str = "customer",
    last_days: tuple[int, ...] | None = None,
    known: int | None = None,
) -> Aging:
    """Open amounts by age on a day.

    Given: `basis` due or invoice; `by` customer, parent (the top of each hierarchy) or none;
    `last_days` the last day of each bucket; `known` the sequence of the last batch to count.
    Returns: totals by currency, and with `by` rows in order of code and currency.
    See: M-10; pains E1-E5; rules/aging.py.
    """
    chosen = buckets(basis, last_days)
    sums = _sums(on, chosen, scope, known)
    if by == "parent":
        sums = _under_parents(sums)
    width = len(chosen.names)
    totals: dict[str, list[int]] = {}
    for (_, currency), cells in sums.items():
        total = totals.setdefault(currency, [0] * (width + 1))
        for index, cell in enumerate(cells):
            total[index] += cell
    rows = [] if by == "none" else _rows(sums)
    return Aging(
        on=on,
        buckets=chosen,
        totals={
            currency: AgingRow(None, None, "", currency, tuple(cells[:-1]), cells[-1])
            for currency, cells in sorted(totals.items())
        },
        rows=rows,
    )


def _rows(sums: dict[tuple[int, str], tuple[int, ...]]) -> list[AgingRow]:
    known_as = codes_and_names({customer_id for customer_id, _ in sums})
    rows = []
    for (customer_id, currency), cells in sums.items():
        if any(cells):
            code, name = known_as.get(customer_id, (None, ""))
            rows.append(AgingRow(customer_id or None, code, name, currency, cells[:-1], cells[-1]))
    return sorted(rows, key=lambda row: (row.code or "", row.currency))


def _under_parents(
    sums: dict[tuple[int, str], tuple[int, ...]],
) -> dict[tuple[int, str], tuple[int, ...]]:
    top = tops_of({customer_id for customer_id, _ in sums})
    gathered: dict[tuple[int, str], tuple[int, ...]] = {}
    for (customer_id, currency), cells in sums.items():
        key = (top.get(customer_id, customer_id), currency)
        before = gathered.get(key)
        gathered[key] = (
            cells if before is None else tuple(a + b for a, b in zip(before, cells, strict=True))
        )
    return gathered


def _sums(
    on: date, chosen: Buckets, scope: Scope, known: int | None
) -> dict[tuple[int, str], tuple[int, ...]]:
    """{(customer id, currency): (a sum a bucket, ..., unapplied)} in minor units."""
    sources, params = _sources(on, chosen, scope, known)
    firsts = chosen.first_dates(on)
    cells, cell_params = _cells(firsts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, currency, {cells},"
            " SUM(CASE WHEN age_on IS NULL THEN amount ELSE 0 END)"
            f" FROM ({sources}) AS open_on_day GROUP BY customer_id, currency",
            [*cell_params, *params],
        )
        return {
            (customer_id or 0, currency): tuple(int(cell) for cell in cells)
            for customer_id, currency, *cells in cursor.fetchall()
        }


def _cells(firsts: tuple[date, ...]) -> tuple[str, list[date]]:
    """A sum for each bucket over `age_on`, newest bucket first, with its parameters."""
    parts, params = ["SUM(CASE WHEN age_on >= %s THEN amount ELSE 0 END)"], [firsts[0]]
    for later, earlier in pairwise(firsts):
        parts.append("SUM(CASE WHEN age_on < %s AND age_on >= %s THEN amount ELSE 0 END)")
        params += [later, earlier]
    parts.append("SUM(CASE WHEN age_on < %s THEN amount ELSE 0 END)")
    params.append(firsts[-1])
    return ", ".join(parts), params


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
    return clauses, params


def _sources(
    on: date, chosen: Buckets, scope: Scope, known: int | None
) -> tuple[str, list[object]]:
    """A union of (customer, currency, day from which its age counts or NULL, amount)."""
    if known is not None:
        return _sources_known(on, chosen, scope, known)
    age = "due_on" if chosen.basis == "due" else "issued_on"
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    next_day = on + timedelta(days=1)
    parts = [
        f"SELECT customer_id, currency, CASE WHEN open_minor > 0 THEN {age} END AS age_on,"
        f" open_minor AS amount FROM receivables_item"
        f" WHERE open_minor <> 0 AND issued_on <= %s{own}",
        "SELECT customer_id, currency, NULL, -unapplied_minor FROM receivables_payment"
        f" WHERE unapplied_minor <> 0 AND received_on <= %s{own}",
        # What was applied later was still open: added back to the item and to its source.
        f"SELECT customer_id, currency, item_{age}, amount_minor FROM receivables_application"
        f" WHERE applied_on >= %s AND item_issued_on <= %s{own}",
        "SELECT payer_id, currency, NULL, -amount_minor FROM receivables_application"
        f" WHERE applied_on >= %s AND source_on <= %s{payer}",
    ]
    params: list[object] = [
        on,
        *own_params,
        on,
        *own_params,
        next_day,
        on,
        *own_params,
        next_day,
        on,
        *payer_params,
    ]
    return " UNION ALL ".join(parts), params


def _sources_known(on: date, chosen: Buckets, scope: Scope, known: int) -> tuple[str, list[object]]:
    """The same union, counted from the rows themselves up to a batch of the chain."""
    age = "due_on" if chosen.basis == "due" else "issued_on"
    own, own_params = narrow(scope)
    payer, payer_params = narrow(scope, customer="payer_id")
    then = "batch_id IN (SELECT batch_id FROM ledger_seal WHERE sequence <= %s)"
    parts = [
        f"SELECT customer_id, currency, CASE WHEN amount_minor > 0 THEN {age} END AS age_on,"
        " amount_minor AS amount FROM receivables_item"
        f" WHERE issued_on <= %s AND {then}{own}",
        "SELECT customer_id, currency, NULL, -amount_minor FROM receivables_payment"
        f" WHERE received_on <= %s AND {then}{own}",
        f"SELECT customer_id, currency, item_{age}, -amount_minor FROM receivables_application"
        f" WHERE applied_on <= %s AND item_id IS NOT NULL AND {then}{own}",
        "SELECT payer_id, currency, NULL, amount_minor FROM receivables_application"
        f" WHERE applied_on <= %s AND source_on IS NOT NULL AND {then}{payer}",
    ]
    params: list[object] = []
    for of_part in (own_params, own_params, own_params, payer_params):
        params += [on, known, *of_part]
    return " UNION ALL ".join(parts), params


def tie_out(
    *, on: date, entity_id: int | None = None, totals: dict[str, AgingRow], known: int | None = None
) -> dict[str, TieOut]:
    """Hold an aging of the whole book (its `totals`) against the control accounts, by currency.

    Rule: aging = open items = control account; a difference is a defect that `duly check` names.
    See: field.md idea 1; E1.
    """
    control = control_totals(on=on, entity_id=entity_id, known=known)
    return {
        currency: TieOut(
            totals[currency].total if currency in totals else 0, control.get(currency, 0)
        )
        for currency in sorted(totals.keys() | control.keys())
    }
