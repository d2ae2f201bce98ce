"""Aging on any day, as known now or as known then, and its tie-out to the control accounts."""

from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import NamedTuple

from duly.ledger.queries import control_totals
from duly.parties.queries import codes_and_names, entities, tops_of
from duly.receivables.queries.open_sums import EVERYTHING, Scope, Sums, open_sums
from duly.receivables.rules.aging import Buckets, buckets


class AgingRow(NamedTuple):
    """What one customer (or everyone: `customer_id` None and no code) owes in one currency.

    `amounts` are minor units a bucket; `unapplied` is zero or negative: credit notes and money
    not applied. Money whose payer is not known has neither id, code nor name. A row of a company
    has its `entity_id` and name.
    """

    customer_id: int | None
    code: str | None
    name: str
    currency: str
    amounts: tuple[int, ...]
    unapplied: int
    entity_id: int | None = None

    @property
    def owed(self) -> int:
        """All buckets together, before credits and money not applied."""
        return sum(self.amounts)

    @property
    def total(self) -> int:
        """Buckets and unapplied together."""
        return self.owed + self.unapplied

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

    Given: `basis` due or invoice; `by` customer, parent (the top of each hierarchy), entity,
    currency or none; `last_days` the last day of each bucket; `known` the sequence of the last
    batch to count.
    Returns: totals by currency, and with `by` rows in order of code and currency.
    See: rules/aging.py; docs/sources.md, M-10 and pains E1-E4.
    """
    chosen = buckets(basis, last_days)
    is_whole = by in ("currency", "none")
    sums = aging_sums(on=on, chosen=chosen, scope=scope, by="none" if is_whole else by, known=known)
    totals = totals_of(sums)
    rows: list[AgingRow] = []
    if by == "currency":
        rows = list(totals.values())
    elif not is_whole:
        rows = _rows(list(sums.items()), by)
        rows.sort(key=lambda row: (row.code or "", row.name, row.currency))
    return Aging(on=on, buckets=chosen, totals=totals, rows=rows)


def aging_sums(
    *,
    on: date,
    chosen: Buckets,
    scope: Scope = EVERYTHING,
    by: str = "customer",
    known: int | None = None,
) -> Sums:
    """An aging before its rows are named: `totals_of` and `largest_of` look at it."""
    sums = open_sums(
        on=on, chosen=chosen, scope=scope, known=known, by="customer" if by == "parent" else by
    )
    return _under_parents(sums, scope.parent_id) if by == "parent" else sums


def totals_of(sums: Sums) -> dict[str, AgingRow]:
    """The total row of each currency in which anything is open."""
    of_currency: dict[str, list[list[int]]] = {}
    for (_, currency), cells in sums.items():
        of_currency.setdefault(currency, []).append(cells)
    totals = {
        currency: [sum(column) for column in zip(*cells, strict=True)]
        for currency, cells in of_currency.items()
    }
    return {
        currency: AgingRow(None, None, "", currency, tuple(cells[:-1]), cells[-1])
        for currency, cells in sorted(totals.items())
        if any(cells)
    }


def largest_of(
    sums: Sums,
    *,
    by: str,
    currency: str,
    first: int = 0,
    limit: int | None = None,
    is_overdue: bool = False,
) -> list[AgingRow]:
    """Rows of one currency, those who owe most first; only the rows returned are named.

    With `is_overdue` those of whom most is overdue, and no others.
    """
    young = 1 if is_overdue else 0  # what is not yet due counts in the first bucket
    found = (
        (-sum(cells[young:-1]), id_)
        for (id_, code), cells in sums.items()
        if code == currency and (any(cells[1:-1]) if is_overdue else any(cells))
    )
    ordered = sorted(found) if limit is None else nsmallest(first + limit, found)
    return _rows([((id_, currency), sums[id_, currency]) for _, id_ in ordered[first:]], by)


def _rows(sums: list[tuple[tuple[int, str], list[int]]], by: str) -> list[AgingRow]:
    """Named rows, in the order given; those in which nothing is open are left out."""
    if by == "entity":
        named = {one.pk: one.name for one in entities()}
        return [
            AgingRow(None, None, named[id_], currency, tuple(cells[:-1]), cells[-1], id_)
            for (id_, currency), cells in sums
            if any(cells)
        ]
    known_as = codes_and_names({id_ for (id_, _), _ in sums})
    return [
        AgingRow(
            id_ or None, *known_as.get(id_, (None, "")), currency, tuple(cells[:-1]), cells[-1]
        )
        for (id_, currency), cells in sums
        if any(cells)
    ]


def _under_parents(sums: Sums, asked: int | None) -> Sums:
    """Sums by the top of each hierarchy, or all under the parent that was asked for."""
    under = {customer_id for customer_id, _ in sums}
    top = tops_of(under) if asked is None else dict.fromkeys(under, asked)
    gathered: Sums = {}
    for (customer_id, currency), cells in sums.items():
        key = (top.get(customer_id, customer_id), currency)
        before = gathered.get(key)
        gathered[key] = (
            cells if before is None else [a + b for a, b in zip(before, cells, strict=True)]
        )
    return gathered


def tie_out(
    *, on: date, entity_id: int | None = None, totals: dict[str, AgingRow], known: int | None = None
) -> dict[str, TieOut]:
    """Hold an aging of the whole book (its `totals`) against the control accounts, by currency.

    Rule: aging = open items = control account; a difference is a defect that `duly check` names.
    See: docs/sources.md, pain E1.
    """
    control = control_totals(on=on, entity_id=entity_id, known=known)
    return {
        currency: TieOut(
            totals[currency].total if currency in totals else 0, control.get(currency, 0)
        )
        for currency in sorted(totals.keys() | control.keys())
    }
