"""Stacked columns of aging at month ends as numbers for an SVG: exact, no float."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from duly.kernel.currencies import exponent
from duly.receivables.queries import AgingRow

WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 6, 10, 24
_PLOT = HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Part:
    """One bucket of a column: shade 0-4 and its place, in tenths of a unit as text."""

    shade: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One month end: where its column stands, and its parts from the bottom up."""

    on: date
    x: str
    middle: str
    parts: list[Part]
    total_minor: int


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line and its label."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    columns: list[Column]
    lines: list[Line]
    column_width: str
    unit: str


def month_ends(*, until: date, months: int = 12) -> list[date]:
    """The last days of the months before `until`, oldest first, and `until` itself at the end."""
    found, day = [until], until.replace(day=1) - timedelta(days=1)
    while len(found) < months:
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]


def shade(index: int, count: int) -> int:
    """The shade, 0 calm to 4 alarming, of one of so many buckets.

    >>> [shade(index, 5) for index in range(5)], [shade(index, 4) for index in range(4)]
    ([0, 1, 2, 3, 4], [0, 1, 3, 4])
    """
    last = max(count - 1, 1)
    return min(4, (index * 4 + last // 2) // last)


def _tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}"


def _step(top: int) -> int:
    """A round step (1, 2 or 5 times a power of ten) that gives at most five grid lines."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if top <= step * factor * 5:
                return step * factor
        step *= 10


def _units(one: int, step: int) -> tuple[int, str]:
    """(minor units in the unit of the axis, its name) for a step in minor units."""
    for factor, name in ((1_000_000, "million"), (1_000, "thousand")):
        if step % (one * factor) == 0 or step >= one * factor:
            return one * factor, name
    return one, ""


def stacked(*, rows: list[tuple[date, AgingRow | None]], decimals: int) -> Chart:
    """Columns for (day, total row) pairs; a day with nothing open is an empty column."""
    one = 10**decimals
    sums = [sum(max(a, 0) for a in row.amounts) if row else 0 for _, row in rows]
    top = max([*sums, one])
    step = max(_step(-(-top // one)) * one, one)
    ceiling = -(-top // step) * step
    slot = (WIDTH - LEFT - RIGHT) * 10 // max(len(rows), 1)
    bar = slot * 6 // 10

    def y_of(minor: int) -> int:
        return (TOP + _PLOT) * 10 - minor * _PLOT * 10 // ceiling

    columns = []
    for index, (on, row) in enumerate(rows):
        x, below, parts = LEFT * 10 + slot * index + (slot - bar) // 2, 0, []
        amounts = row.amounts if row else ()
        for place, amount in enumerate(amounts):
            if amount > 0:
                low, high = y_of(below), y_of(below + amount)
                parts.append(Part(shade(place, len(amounts)), _tenths(high), _tenths(low - high)))
                below += amount
        columns.append(
            Column(on, _tenths(x), _tenths(x + bar // 2), parts, row.total if row else 0)
        )
    unit, name = _units(one, step)
    lines = [
        Line(_tenths(y_of(value)), f"{value // unit:,}") for value in range(0, ceiling + 1, step)
    ]
    return Chart(columns, lines, _tenths(bar), name)


@dataclass(frozen=True, slots=True)
class Month:
    """One month end: its total row (None: nothing was open) and the aging of that day."""

    on: date
    row: AgingRow | None
    address: str


@dataclass(frozen=True, slots=True)
class Change:
    """How what is late changed between two days, and the bucket that moved most that way."""

    since: date
    minor: int
    bucket: str

    @property
    def size(self) -> int:
        """How much, whichever way."""
        return abs(self.minor)

    @property
    def where(self) -> str:
        """The bucket in words."""
        if self.bucket.startswith("over-"):
            return f"beyond {self.bucket.removeprefix('over-')} days"
        return f"at {self.bucket.replace('-', '–')} days"


def told_months(
    months: list[Month], *, names: tuple[str, ...], currency: str, today: date
) -> dict[str, Any]:
    """What the part with the month ends is drawn from."""
    rows = [(month.on, month.row) for month in months]
    return {
        "chart": stacked(rows=rows, decimals=exponent(currency)),
        "months": months,
        "names": names,
        "currency": currency,
        "today": today,
        "change": change_of(months, names) if names[0] == "current" else None,
    }


def change_of(months: list[Month], names: tuple[str, ...]) -> Change | None:
    """The change from the last month end but one to the last; None where there is nothing to say.

    >>> def end(day, *amounts):
    ...     return Month(day, AgingRow(None, None, "", "EUR", amounts, 0), "")
    >>> change_of([end(date(2026, 1, 31), 5, 20, 9), end(date(2026, 2, 28), 9, 12, 10)],
    ...           ("current", "1-30", "over-30"))
    Change(since=datetime.date(2026, 1, 31), minor=-7, bucket='1-30')
    """
    before, now = months[-2].row, months[-1].row
    if before is None or now is None or before.overdue == now.overdue:
        return None
    minor = now.overdue - before.overdue
    moves = [later - earlier for earlier, later in zip(before.amounts, now.amounts, strict=True)]
    most = max(range(1, len(moves)), key=lambda index: moves[index] if minor > 0 else -moves[index])
    return Change(months[-2].on, minor, names[most])
