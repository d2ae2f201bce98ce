"""From the lines of a match to what is written: money and credit notes on items, and beside them.

Rule: credit notes settle first, those items before others that take no discount; money settles the
rest. A discount counts as late by the day the money came in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duly.cash_application.rules.residuals import BANK_FEE, DISCOUNT, SETTLED, TOLERANCE, Line
from duly.receivables.rules.applying import LATE_DISCOUNT, Wish


class Postings(NamedTuple):
    """What is asked of receivables: money applied, and credit notes applied."""

    cash: tuple[Wish, ...]
    credit: tuple[Wish, ...]


def postings_of(
    payment_id: int,
    lines: Sequence[Line],
    *,
    received_on: date,
    on: date,
    discount_until: Mapping[int, date | None],
) -> Postings:
    """What the lines of a match write on a day.

    Input: lines whose items are open to them; a credit note's line is below zero.

    >>> lines = [Line(1, 10000), Line(1, 200, "discount"), Line(9, -3000)]
    >>> day = date(2026, 3, 2)
    >>> told = postings_of(5, lines, received_on=day, on=day, discount_until={1: day})
    >>> [(wish.source_id, wish.item_id, wish.amount_minor) for wish in told.credit]
    [(9, 1, 3000)]
    >>> [(wish.amount_minor, wish.discount_minor) for wish in told.cash]
    [(7000, 200)]
    """
    beside = _beside(lines, received_on, discount_until)
    owed = {line.item_id: line.minor for line in lines if line.reason == SETTLED and line.minor > 0}
    credits = {line.item_id: -line.minor for line in lines if line.minor < 0}
    credit = list(_credits(credits, owed, beside, on))
    cash = []
    for item_id, minor in owed.items():
        if minor:
            earned, let_go = beside.pop(item_id, (0, ()))
            cash.append(Wish(payment_id, item_id, minor, on, earned, let_go))
    return Postings(tuple(cash), tuple(credit))


_Beside = dict[int, tuple[int, tuple[tuple[str, int], ...]]]


def _credits(
    credits: Mapping[int, int], owed: dict[int, int], beside: _Beside, on: date
) -> Iterable[Wish]:
    """Credit notes on the items, those without a discount first; what is owed goes down."""
    for credit_id, left in credits.items():
        for item_id in sorted(owed, key=lambda one: one in beside):
            part = min(left, owed[item_id])
            if part <= 0:
                continue
            owed[item_id] -= part
            left -= part
            earned, let_go = (0, ()) if owed[item_id] else beside.pop(item_id, (0, ()))
            yield Wish(credit_id, item_id, part, on, earned, let_go)


def _beside(
    lines: Sequence[Line], received_on: date, discount_until: Mapping[int, date | None]
) -> _Beside:
    """{item: (earned discount, what else is let go)}."""
    earned: dict[int, int] = defaultdict(int)
    let_go: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for line in lines:
        until = discount_until.get(line.item_id)
        if line.reason == DISCOUNT and until is not None and received_on <= until:
            earned[line.item_id] += line.minor
        elif line.reason == DISCOUNT:
            let_go[line.item_id].append((LATE_DISCOUNT, line.minor))
        elif line.reason in (BANK_FEE, TOLERANCE):
            let_go[line.item_id].append((line.reason, line.minor))
    return {
        item_id: (earned.get(item_id, 0), tuple(let_go.get(item_id, ())))
        for item_id in earned.keys() | let_go.keys()
    }
