"""The lines that wait for a person: which are shown, in which order, and how many there are.

Rule: what a person has dealt with (put on account, set aside as no receivable) no longer asks; it
is counted apart. By value goes by what money is worth in the entity's currency at the stated rate;
currencies without a rate come last, each by itself, and are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

ASKS, KEPT, ASIDE = "asks", "kept", "aside"
STATES = (ASKS, KEPT, ASIDE)
NEW = "new"  # of what no run of matching has looked at
AGE, VALUE = "age", "value"


class Queued(NamedTuple):
    """A payment that waits, with what the last run of matching made of it."""

    id: int
    customer_id: int | None
    number: str
    currency: str
    amount_minor: int
    unapplied_minor: int
    received_on: date
    name: str
    reference: str
    state: str = ASKS
    outcome: str = NEW
    why: str = ""  # set aside: what was said


class Wanted(NamedTuple):
    """What is asked of the queue; "" and None ask for any."""

    state: str = ASKS
    outcome: str = ""
    currency: str = ""
    customer_id: int | None = None
    order: str = AGE


class Sum(NamedTuple):
    """How many, and how much of a currency."""

    name: str
    currency: str
    number: int
    minor: int
    oldest_on: date


def chosen(
    rows: Iterable[Queued], wanted: Wanted, worth: Mapping[str, Decimal] | None = None
) -> list[Queued]:
    """Those asked for, in the order asked for.

    Input: what a minor unit of each currency is `worth` in one that all are compared in.
    """
    found = [
        row
        for row in rows
        if row.state == wanted.state
        and wanted.outcome in ("", row.outcome)
        and wanted.currency in ("", row.currency)
        and wanted.customer_id in (None, row.customer_id)
    ]
    if wanted.order == VALUE:
        known = worth or {}
        return sorted(
            found,
            key=lambda row: (
                "" if row.currency in known else row.currency,
                -row.unapplied_minor * known.get(row.currency, 1),
                row.id,
            ),
        )
    return sorted(found, key=lambda row: (row.received_on, row.id))


def counted(rows: Sequence[Queued], by: str) -> list[Sum]:
    """Sums by a column ("outcome", "state") and currency, in their order."""
    found: dict[tuple[str, str], list[Queued]] = {}
    for row in rows:
        found.setdefault((getattr(row, by), row.currency), []).append(row)
    return [
        Sum(
            name,
            currency,
            len(some),
            sum(row.unapplied_minor for row in some),
            min(row.received_on for row in some),
        )
        for (name, currency), some in sorted(found.items())
    ]


AGES = ((5, "0-5"), (30, "6-30"), (90, "31-90"), (None, "over-90"))
AGE_NAMES = tuple(name for _, name in AGES)


def age_of(received_on: date, on: date) -> int:
    """In which bucket of age money is that came in on a day; the first are good for five days.

    >>> [age_of(date(2026, 3, day), date(2026, 3, 31)) for day in (31, 26, 25, 1)]
    [0, 0, 1, 1]
    """
    days = (on - received_on).days
    return next(n for n, (most, _) in enumerate(AGES) if most is None or days <= most)


class Aged(NamedTuple):
    """What is not applied of a currency: minor units by bucket, how many, since when."""

    currency: str
    amounts: tuple[int, ...]
    number: int
    oldest_on: date

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.amounts)


def aged(rows: Iterable[Queued], on: date) -> list[Aged]:
    """What is not applied by currency and age."""
    found: dict[str, list[Queued]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append(row)
    return [
        Aged(
            currency,
            tuple(
                sum(row.unapplied_minor for row in some if age_of(row.received_on, on) == bucket)
                for bucket in range(len(AGES))
            ),
            len(some),
            min(row.received_on for row in some),
        )
        for currency, some in sorted(found.items())
    ]
