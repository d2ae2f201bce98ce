"""What one overdue item is charged for a month: interest, what a dispute kept back, a fixed sum.

Rule: interest by the day on what was open and not disputed, from the day after the due date and
the days of grace; on what was disputed without right once the verdict is in; a fixed sum once an
invoice. Each has a key under which it is charged once.
Never: on what is disputed, or found to be the customer's; on days of insolvency or outside
collection, or on an instalment plan; more than the caps.
See: docs/sources.md, K-04, L-03 to L-10.
"""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duly.collections.rules.charges.interest import Curves, Run, at_most, balance_runs, rounded
from duly.collections.rules.charges.laws import Law, fixed_sum
from duly.kernel.rounding import down

NEVER = 10**9  # an ordinal after every day


class Debt(NamedTuple):
    """An item in a month, days as ordinals.

    `balance_minor` was open when the month's first day began; `moves` (day, change) since then;
    `earlier` the moves before it, back to the opening of disputes that were denied in the month.
    `charged_minor` is what it was charged so far, where a cap needs it.
    """

    item_id: int
    document_id: int
    customer_id: int
    number: str
    currency: str
    issued: int
    due: int
    amount_minor: int
    balance_minor: int
    moves: Sequence[tuple[int, int]] = ()
    objections: "Sequence[Objected]" = ()
    charged_minor: int = 0
    earlier: Sequence[tuple[int, int]] = ()


class Objected(NamedTuple):
    """A dispute of an item: `closed` is the day of its verdict (NEVER while open), `minor` what it
    keeps out until then, `credit_minor` what it keeps out through `credit_until` after that.

    `is_denied`: some of it was without right, and bears interest for its days after all.
    """

    id: int
    opened: int
    closed: int
    minor: int
    credit_minor: int = 0
    credit_until: int = 0
    is_denied: bool = False


class Terms(NamedTuple):
    """By what a customer is charged; from a policy, its law and its tables."""

    basis: str
    curves: Curves
    day_count: str
    grace_days: int
    signed: int  # the day from which documents are charged; 0: all
    cap_share: Decimal | None
    law: Law | None  # whose fixed sums are charged
    unverified: str  # the law, if nobody verified it


class Line(NamedTuple):
    """One charge of an item, as it is kept; days as ordinals."""

    key: str
    kind: str
    debt: Debt
    first: int
    last: int
    amount_minor: int
    runs: tuple[Run, ...]
    rates: str
    unverified: str  # what nobody verified of what it came of; "" for nothing


class Month(NamedTuple):
    """The first and the last day, as ordinals, and how keys call it."""

    first: int
    last: int
    name: str


def month_of(first_on: date, last_on: date) -> Month:
    """A month by its first and last day."""
    return Month(first_on.toordinal(), last_on.toordinal(), f"{first_on:%Y-%m}")


def charge(
    debt: Debt,
    terms: Terms,
    month: Month,
    barred: Sequence[tuple[int, int]],
    taken: Collection[str],
) -> list[Line]:
    """What an item is charged for a month that it was not charged yet.

    Given: `barred` days of the customer (first, last); `taken` keys. Refuses: RateMissing,
    ChargingUnfit.
    """
    start = debt.due + 1 + terms.grace_days
    first = max(start, month.first)
    if first > month.last or debt.issued < terms.signed:
        return []
    kept_out = [(day, until, debt.amount_minor) for day, until in barred]
    for one in debt.objections:
        kept_out.append((one.opened, one.closed - 1, one.minor))
        if one.credit_minor:
            kept_out.append((one.closed, one.credit_until, one.credit_minor))
    balance = debt.balance_minor
    if first > month.first and debt.moves:
        balance += sum(change for day, change in debt.moves if day < first)
    if kept_out or debt.moves:
        runs = tuple(balance_runs(first, month.last, balance, debt.moves, kept_out))
    else:
        runs = (Run(first, month.last, balance),) if balance > 0 else ()
    lines: list[Line] = []
    key = f"interest:{debt.item_id}:{month.name}"
    if runs and key not in taken:
        line = _interest(key, "interest", debt, terms, runs, (month.first, month.last, start), ())
        lines += [line] if line else []
    lines += _denied(debt, terms, month, barred, taken, start, tuple(lines))
    key = f"fixed:{debt.document_id}"
    if terms.law is not None and lines and key not in taken:
        law, due = terms.law, lines[0].runs[0].balance_minor
        minor = fixed_sum(law, due) if law.currency == debt.currency else 0
        if minor:
            at = (Run(runs[0].first, runs[0].first, due),) if runs else lines[0].runs[:1]
            day = at[0].first
            lines.append(Line(key, "fixed_sum", debt, day, day, minor, at, "", terms.unverified))
    return lines


def _denied(
    debt: Debt,
    terms: Terms,
    month: Month,
    barred: Sequence[tuple[int, int]],
    taken: Collection[str],
    start: int,
    made: tuple[Line, ...],
) -> list[Line]:
    """Interest for the days of disputes that were found without right in the month.

    Each day bears on the lesser of the dispute and what was open that day.
    """
    lines: list[Line] = []
    for place, one in enumerate(debt.objections):
        key = f"dispute:{one.id}"
        minor = one.minor - one.credit_minor
        if not one.is_denied or minor <= 0 or key in taken:
            continue
        first, last = max(start, one.opened), one.closed - 1
        if not month.first <= one.closed <= month.last or first > last:
            continue
        kept_out = [(day, until, debt.amount_minor) for day, until in barred]
        kept_out.append((first, last, one.credit_minor))  # found right: it was never owed
        kept_out += [(had.opened, had.closed - 1, had.minor) for had in debt.objections[:place]]
        runs = at_most(minor, _open_runs(debt, first, last, kept_out))
        days = (first, last, start)
        told = (*made, *lines)
        line = _interest(key, "dispute", debt, terms, runs, days, told) if runs else None
        lines += [line] if line else []
    return lines


def _open_runs(
    debt: Debt, first: int, last: int, kept_out: Sequence[tuple[int, int, int]]
) -> list[Run]:
    """What was open of an item by day, back to where its moves were read."""
    balance = debt.balance_minor - sum(change for day, change in debt.earlier if day >= first)
    balance += sum(change for day, change in debt.moves if day < first)
    return balance_runs(first, last, balance, [*debt.earlier, *debt.moves], kept_out)


def _interest(
    key: str,
    kind: str,
    debt: Debt,
    terms: Terms,
    runs: tuple[Run, ...],
    days: tuple[int, int, int],
    made: tuple[Line, ...],
) -> Line | None:
    """Interest on runs, rounded once, within the cap of the item; None where it is nothing.

    Given: `made`, the lines of the item in the same run; the cap holds over all of them.
    """
    line, rates, table = terms.curves.between(*days)
    minor = rounded(line, runs)
    if terms.cap_share is not None:
        most = down((debt.amount_minor * terms.cap_share).scaleb(-2)) - debt.charged_minor
        minor = min(minor, most - sum(one.amount_minor for one in made))
    if minor <= 0:
        return None
    doubt = ", ".join(filter(None, (terms.unverified, table)))
    return Line(key, kind, debt, runs[0].first, runs[-1].last, minor, runs, rates, doubt)
