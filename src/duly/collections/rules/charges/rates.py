"""Rates as dated tables: each period with its percent, its source, and whether it is verified.

Rule: the periods of a table follow each other day by day. A gap or an overlap is refused when a
table is read; a day outside it is refused when it is asked for: no rate is carried forward.
See: docs/charges.md.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, NamedTuple

from duly.collections.errors import RateMissing, RatesUnfit
from duly.kernel.errors import Problem

_DAY = timedelta(days=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_CHECKED = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_HIGHEST = Decimal(1000)  # percent a year
_KEYS = {"from", "to", "percent", "source", "checked", "verified"}


class RatePeriod(NamedTuple):
    """A yearly rate in percent, through the last day `to_on`; `checked` is a day or a month."""

    from_on: date
    to_on: date
    percent: Decimal
    source: str
    checked: str
    is_verified: bool


class RateTable(NamedTuple):
    """Periods that follow each other, the earliest first."""

    id: str
    name: str
    periods: tuple[RatePeriod, ...]


def rate_on(table: RateTable, day: date) -> RatePeriod:
    """The period of a day. Refuses: RateMissing, which names table and day."""
    place = bisect_right(table.periods, day, key=lambda period: period.from_on) - 1
    if place < 0 or table.periods[place].to_on < day:
        raise RateMissing(
            f"The table {table.id} has no rate for {day}.",
            facts={
                "table": table.id,
                "day": day,
                "first_day": table.periods[0].from_on,
                "last_day": table.periods[-1].to_on,
            },
            remedy="Look the rate up at its source, and add it with `duly rates add FILE`.",
        )
    return table.periods[place]


def periods_within(table: RateTable, first: date, last: date) -> list[RatePeriod]:
    """The periods from one day to another, in order. Refuses: RateMissing."""
    rate_on(table, first), rate_on(table, last)
    return [one for one in table.periods if one.from_on <= last and one.to_on >= first]


def laid_over(table: RateTable, own: Iterable[RatePeriod]) -> RateTable:
    """A table with periods of one's own: the same days are replaced, others are added.

    Refuses: RatesUnfit where a gap or an overlap would come of it.
    """
    by_days = {(one.from_on, one.to_on): one for one in table.periods}
    by_days.update({(one.from_on, one.to_on): one for one in own})
    periods = tuple(sorted(by_days.values()))
    problems = _breaks(periods, f"table {table.id}")
    if problems:
        raise unfit(problems)
    return table._replace(periods=periods)


def read_tables(document: Mapping[str, Any], place: str) -> list[RateTable]:
    """Tables of a document. Refuses: RatesUnfit with every problem and its place.

    Given: {"table": [{"id", "name", "periods": [{"from", "to", "percent", "source", "checked",
    "verified"}]}]}.
    """
    problems: list[Problem] = []
    told = document.get("table")
    if not isinstance(told, list) or not told or set(document) - {"table", "law"}:
        raise unfit([_problem(place, "It has [[table]] with id, name and periods, nothing else.")])
    tables = [_read_table(one, f"{place}, table {n}", problems) for n, one in enumerate(told, 1)]
    names = [table.id for table in tables]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(_problem(place, f"The table {name} stands there twice."))
    if problems:
        raise unfit(problems)
    return tables


def unfit(problems: Sequence[Problem]) -> RatesUnfit:
    """The refusal of some problems."""
    more = f" There are {len(problems)} problems." if len(problems) > 1 else ""
    return RatesUnfit(
        f"{problems[0].where}: {problems[0].message}{more}",
        facts={"problems": list(problems)},
        remedy="Mend the file at the places named; docs/charges.md tells its form.",
    )


def _problem(where: str, message: str) -> Problem:
    return Problem(where, RatesUnfit.code, message)


def _read_table(told: Any, place: str, problems: list[Problem]) -> RateTable:
    if not isinstance(told, dict) or set(told) - {"id", "name", "periods"}:
        problems.append(_problem(place, "A table has id, name and periods, nothing else."))
        return RateTable("", "", ())
    id_, name, rows = told.get("id"), told.get("name", ""), told.get("periods")
    if not isinstance(id_, str) or not _NAME.fullmatch(id_):
        problems.append(_problem(place, "Its id is small letters, digits and hyphens."))
        return RateTable("", "", ())
    if not isinstance(name, str) or not isinstance(rows, list) or not rows:
        problems.append(_problem(place, "It has a name and at least one period."))
        return RateTable(id_, "", ())
    periods = []
    for number, row in enumerate(rows, 1):
        where = f"{place} ({id_}), period {number}"
        read = _read_period(row)
        if isinstance(read, str):
            problems.append(_problem(where, read))
        else:
            periods.append(read)
    if len(periods) == len(rows):
        problems += _breaks(sorted(periods), f"{place} ({id_})")
    return RateTable(id_, name[:120], tuple(sorted(periods)))


def _read_period(row: Any) -> RatePeriod | str:
    """A period, or what is wrong with it."""
    if not isinstance(row, dict) or set(row) - _KEYS or _KEYS - set(row):
        return f"A period has {', '.join(sorted(_KEYS))}."
    first, last = row["from"], row["to"]
    if type(first) is not date or type(last) is not date or last < first:
        return "from and to are days, and to is not before from."
    try:
        percent = Decimal(row["percent"]) if isinstance(row["percent"], str) else None
    except InvalidOperation:
        percent = None
    if percent is None or not percent.is_finite() or abs(percent) > _HIGHEST:
        return 'percent is a number in quotes, such as "3.75".'
    if not (isinstance(row["source"], str) and row["source"].strip()):
        return "source tells where the rate is published."
    if not (isinstance(row["checked"], str) and _CHECKED.fullmatch(row["checked"])):
        return 'checked is the day or month in which somebody looked, such as "2026-11".'
    if not isinstance(row["verified"], bool):
        return "verified is true or false."
    source = row["source"].strip()[:200]
    return RatePeriod(first, last, percent, source, row["checked"], row["verified"])


def _breaks(periods: Sequence[RatePeriod], place: str) -> list[Problem]:
    """Gaps and overlaps of periods in order."""
    found = []
    for before, after in pairwise(periods):
        if after.from_on <= before.to_on:
            found.append(_problem(place, f"Two periods hold on {after.from_on}: they overlap."))
        elif after.from_on > before.to_on + _DAY:
            gap = before.to_on + _DAY
            found.append(_problem(place, f"No period holds on {gap}: there is a gap."))
    return found
