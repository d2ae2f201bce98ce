"""The figures of an aging page: today's from the sums kept, any other day's counted in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from duly.interfaces.web.pages.aging.asked import Asked
from duly.ledger.queries import control_by_customer, known_sequence
from duly.receivables.queries import (
    AgingRow,
    Scope,
    TieOut,
    aging_sums,
    entities_today,
    is_current,
    largest_of,
    largest_today,
    tie_out,
    totals_of,
    totals_today,
)

Found = TypeVar("Found")
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Figures:
    """What an aging says: the total rows by currency, of the whole book and of the part asked for.

    `rows` are those of `currency`, the most owed first, from a place in the table on.
    """

    whole: dict[str, AgingRow]
    part: dict[str, AgingRow]
    currency: str
    rows: list[AgingRow]


def figures(asked: Asked, *, first: int = 0, limit: int | None = None) -> Figures:
    """Count what is asked for; rows from `first` on, at most `limit`."""
    if not asked.is_narrowed and is_current_for(asked):
        whole = part = totals_today(on=asked.on, chosen=asked.chosen, entity_id=asked.entity_id)
        currency = currency_on_top(asked, part)
        rows = _rows_today(asked, currency, part, first, limit)
    else:
        sums = aging_sums(
            on=asked.on,
            chosen=asked.chosen,
            scope=asked.part,
            by="none" if asked.by == "currency" else asked.by,
            known=asked.known,
        )
        part = totals_of(sums)
        whole = whole_book(asked) if asked.is_narrowed else kept(_whole(asked), lambda: part)
        currency = currency_on_top(asked, part)
        rows = _in_rows(asked, part)
        if asked.by not in ("currency", "none"):
            rows = largest_of(sums, by=asked.by, currency=currency, first=first, limit=limit)
    return Figures(whole, part, currency, rows)


def _rows_today(
    asked: Asked, currency: str, totals: dict[str, AgingRow], first: int, limit: int | None
) -> list[AgingRow]:
    if asked.by in ("currency", "none"):
        return _in_rows(asked, totals)
    if asked.by == "entity":
        return entities_today(on=asked.on, chosen=asked.chosen, currency=currency)
    if asked.by == "customer" and asked.entity_id is not None and limit is not None:
        return largest_today(
            on=asked.on,
            chosen=asked.chosen,
            entity_id=asked.entity_id,
            currency=currency,
            first=first,
            limit=limit,
        )
    scope = Scope(entity_id=asked.entity_id, currency=currency)
    sums = aging_sums(on=asked.on, chosen=asked.chosen, scope=scope, by=asked.by)
    return largest_of(sums, by=asked.by, currency=currency, first=first, limit=limit)


def _in_rows(asked: Asked, totals: dict[str, AgingRow]) -> list[AgingRow]:
    return list(totals.values()) if asked.by == "currency" else []


def is_current_for(asked: Asked) -> bool:
    """Tell whether the sums kept answer: asked as of today, and nothing is booked for later."""
    return asked.is_today and is_current(on=asked.on, entity_id=asked.entity_id)


def currency_on_top(asked: Asked, totals: dict[str, AgingRow]) -> str:
    """The currency asked for; else the company's own, or the first in which anything is open."""
    own = asked.entity.currency
    return asked.currency or (own if own in totals or not totals else next(iter(totals)))


def whole_book(asked: Asked) -> dict[str, AgingRow]:
    """The total rows of the whole book, by currency, whatever part of it is asked for."""
    if is_current_for(asked):
        return totals_today(on=asked.on, chosen=asked.chosen, entity_id=asked.entity_id)
    return kept(_whole(asked), lambda: _totals(asked, Scope(entity_id=asked.entity_id)))


def part_of_book(asked: Asked) -> dict[str, AgingRow]:
    """The total rows of what is asked for, by currency."""
    return _totals(asked, asked.part) if asked.is_narrowed else whole_book(asked)


def _totals(asked: Asked, scope: Scope) -> dict[str, AgingRow]:
    sums = aging_sums(on=asked.on, chosen=asked.chosen, scope=scope, by="none", known=asked.known)
    return totals_of(sums)


def _whole(asked: Asked) -> str:
    what = (asked.entity_id, asked.on, asked.basis, asked.last_days, asked.known)
    return f"whole:{what}"


def kept(name: str, count: Callable[[], Found]) -> Found:
    """What was counted, kept until the books change: its name holds the ledger's newest seal."""
    named = sha256(f"{name}:{known_sequence()}".encode()).hexdigest()
    return cache.get_or_set(f"aging:{named}", count, KEPT_SECONDS)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the totals on a page are held against, by currency: the control accounts.

    `is_of_part`: the customers asked for against their own control accounts; else the whole book.
    """

    ties: dict[str, TieOut]
    is_of_part: bool

    @property
    def off(self) -> list[str]:
        """The currencies that do not tie out."""
        return [currency for currency, tie in self.ties.items() if tie.difference]


def certify(asked: Asked, *, whole: dict[str, AgingRow], part: dict[str, AgingRow]) -> Certificate:
    """Hold the figures of a page against the ledger.

    One customer's control accounts are kept as of today; on any other day the whole book is held
    against its own.
    """
    if asked.customer_id and is_current_for(asked):
        control = control_by_customer([asked.customer_id])
        ties = {
            currency: TieOut(
                part[currency].total if currency in part else 0,
                control.get((asked.customer_id, currency), 0),
            )
            for currency in sorted(
                part.keys() | {code for (_, code), minor in control.items() if minor}
            )
        }
        return Certificate(ties, is_of_part=True)
    ties = tie_out(on=asked.on, entity_id=asked.entity_id, totals=whole, known=asked.known)
    return Certificate(ties, is_of_part=False)
