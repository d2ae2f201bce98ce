"""Books kept by hand: lists and plain arithmetic, nothing of the product. Slow, and easy to read.

An item or a payment is an amount with dated changes. What is open on a day is the amount plus the
changes dated on or before it. Amounts are whole minor units; a credit note's are negative.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

DUE_NAMES = ("current", "1-30", "31-60", "61-90", "over-90")
INVOICE_NAMES = ("0-30", "31-60", "61-90", "over-90")

Cells = dict[str, int]
Key = tuple[str | None, str]  # customer, currency


@dataclass(eq=False)
class Record:
    """An item, or a payment (`due` is then None)."""

    number: str
    customer: str | None
    currency: str
    since: date
    due: date | None
    amount: int
    grant_until: date | None = None
    grant: int = 0
    opening: int = 0  # settled before the books were opened: goes with it when it is voided
    changes: list[tuple[date, int]] = field(default_factory=list)
    is_void: bool = False

    @property
    def is_payment(self) -> bool:
        return self.due is None

    @property
    def is_credit(self) -> bool:
        return self.amount < 0

    def left(self, on: date | None = None) -> int:
        """What is open, or not applied, on a day; None: after everything."""
        if on is not None and self.since > on:
            return 0
        return self.amount + sum(by for day, by in self.changes if on is None or day <= on)

    def floor(self) -> date:
        """The first day on which a change leaves every earlier day as it was."""
        return max([self.since, *(day for day, _ in self.changes)])

    def least_from(self, on: date) -> int:
        """How much may still be used on a day: no later day may fall beyond zero."""
        days = [on, *(day for day, _ in self.changes if day > on)]
        return min(abs(self.left(day)) for day in days)

    def first_day_for(self, amount: int, since: date) -> date:
        """The first day, `since` or later, on which as much may be used."""
        days = [since, *(day for day, _ in self.changes if day > since)]
        return next(day for day in sorted(days) if self.least_from(day) >= amount)

    def is_within_bounds(self) -> bool:
        """On no day below nothing, on none more than the whole."""
        low, high = min(0, self.amount), max(0, self.amount)
        return all(low <= self.left(day) <= high for day, _ in self.changes)


@dataclass(eq=False)
class Applied:
    """A source applied to an item; `discount` is settled beside the cash."""

    source: Record
    item: Record
    amount: int
    discount: int
    on: date
    back_on: date | None = None

    @property
    def is_taken_back(self) -> bool:
        return self.back_on is not None


class Model:
    """What the books of one entity should say."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.applied: list[Applied] = []

    def add(self, record: Record) -> Record:
        self.records.append(record)
        return record

    def apply(
        self, source: Record, item: Record, amount: int, on: date, discount: int = 0
    ) -> Applied:
        toward = 1 if source.is_credit else -1
        source.changes.append((on, toward * amount))
        item.changes.append((on, -amount - discount))
        made = Applied(source, item, amount, discount, on)
        self.applied.append(made)
        return made

    def take_back(self, made: Applied, on: date) -> None:
        made.back_on = on
        toward = 1 if made.source.is_credit else -1
        made.source.changes.append((on, -toward * made.amount))
        made.item.changes.append((on, made.amount + made.discount))

    def void(self, record: Record, on: date) -> None:
        record.changes.append((on, -record.left()))
        record.is_void = True

    def grant_left(self, item: Record, on: date) -> int:
        """How much discount the terms still grant on a day, and on every later one."""
        taken = [one for one in self.applied if one.item is item and one.discount]
        days = {on} | {day for one in taken for day in (one.on, one.back_on) if day and day > on}

        def taken_on(day: date) -> int:
            return sum(
                one.discount
                for one in taken
                if one.on <= day and (one.back_on is None or one.back_on > day)
            )

        return item.grant - max(taken_on(day) for day in days)

    def aging(self, on: date, basis: str = "due") -> dict[Key, Cells]:
        """{(customer, currency): {bucket or unapplied: minor units}}, zeros left out."""
        rows: dict[Key, Cells] = defaultdict(lambda: defaultdict(int))
        for record in self.records:
            left = record.left(on)
            row = rows[record.customer, record.currency]
            if record.due is None:
                row["unapplied"] -= left
            elif record.is_credit:
                row["unapplied"] += left
            else:
                row[self._bucket(record, on, basis)] += left
        told = {key: {n: value for n, value in row.items() if value} for key, row in rows.items()}
        return {key: row for key, row in told.items() if row}

    def _bucket(self, record: Record, on: date, basis: str) -> str:
        assert record.due is not None
        if basis == "due":
            days = (on - record.due).days
            return DUE_NAMES[0 if days <= 0 else min(4, (days - 1) // 30 + 1)]
        days = (on - record.since).days
        return INVOICE_NAMES[0 if days <= 30 else min(3, (days - 1) // 30)]

    def owed(self, on: date) -> dict[str, int]:
        """{currency: everything open less money not applied}: what the control accounts hold."""
        sums: dict[str, int] = defaultdict(int)
        for record in self.records:
            sums[record.currency] += -record.left(on) if record.is_payment else record.left(on)
        return {currency: total for currency, total in sums.items() if total}
