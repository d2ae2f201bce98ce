"""Days as other systems write them, to ISO text; an order of day and month is never guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from duly.kernel.dates import FIRST_YEAR, LAST_YEAR
from duly.kernel.errors import InvalidDate
from duly.kernel.quoting import quoted, safe_text

ORDERS = ("dmy", "mdy", "ymd")
_CENTURY = 2000  # two-digit years: no receivable of the last century is imported

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene gennaio gen januari",
            "feb february februar février fevrier févr fev febrero febbraio februari",
            "mar march märz maerz mrz mär mars marzo maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag mei",
            "jun june juni juin junio giugno giu",
            "jul july juli juillet juil julio luglio lug",
            "aug august août aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober octobre octubre ottobre ott okt",
            "nov november novembre noviembre",
            "dec december dezember décembre decembre déc dez diciembre dicembre dic",
        ),
        1,
    )
    for name in names.split()
}

# A day that carries a time loses it: the day is the one that the file's own clock told.
_ZONE = r"(?:[AaPp][Mm]|Z|UTC|[+-]\d{2}:?\d{2})"
_TIME = rf"(?:[T ,]\s*\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?\s*{_ZONE}?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMERIC = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{2}}|\d{{4}}){_TIME}", re.ASCII)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})\.?[- ]([^\W\d_]+)\.?,?[- ](\d{{2}}|\d{{4}}){_TIME}")
_MONTH_DAY = re.compile(rf"([^\W\d_]+)\.? (\d{{1,2}}),? (\d{{4}}){_TIME}")
_YEAR_MONTH_NAME = re.compile(rf"(\d{{4}})[- ]([^\W\d_]+)\.?[- ](\d{{1,2}}){_TIME}")


def orders_fitting(text: str) -> frozenset[str]:
    """The orders in which a numeric text is a day; empty for a text that needs no order.

    >>> sorted(orders_fitting("03/04/2026")), orders_fitting("2026-04-03")
    (['dmy', 'mdy'], frozenset())
    """
    found = _NUMERIC.fullmatch(text.strip())
    if not found:
        return frozenset()
    first, second, third = int(found[1]), int(found[3]), found[4]
    orders = set()
    if second <= 12 and first <= 31:
        orders.add("dmy")
    if first <= 12 and second <= 31:
        orders.add("mdy")
    if len(third) == 2 and second <= 12 and int(third) <= 31:
        orders.add("ymd")
    if first == second and len(third) == 4:
        return frozenset()
    return frozenset(orders)


@dataclass(slots=True)
class OrderSearch:
    """Looks at every day of a file for one that fits a single order.

    A file has one order. It is recognised when some day rules out all others, and no other day
    contradicts it; `example` is that day, `unclear` one that fits several.
    """

    orders: frozenset[str] = frozenset(ORDERS)
    unclear: str = ""
    example: str = ""
    _seen: set[str] = field(default_factory=set)

    def look(self, texts: Iterable[str]) -> None:
        """Narrow the orders down by some days."""
        for text in texts:
            if text in self._seen:
                continue
            if len(self._seen) < 100_000:
                self._seen.add(text)
            orders = orders_fitting(text)
            if not orders:
                continue
            if len(orders) > 1:
                self.unclear = self.unclear or text
            elif not self.example:
                self.example = text
            self.orders &= orders

    @property
    def found(self) -> str | None:
        """The one order left; None when several fit or none does."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None

    @property
    def is_needed(self) -> bool:
        """Tell whether any day needs an order to be read."""
        return bool(self.unclear or self.example)


@dataclass(slots=True)
class DayStyle:
    """How days are written: an order, or a format of `strptime`; neither for ISO and month names.

    Days with the year first and four digits, and days with the month's name, are read without.
    """

    order: str | None = None
    format: str | None = None
    _read: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> str:
        """The ISO text of a day; '' stays ''.

        Refuses: InvalidDate, also for a day that fits two orders when none was declared.

        >>> DayStyle("dmy").read("31.12.2025"), DayStyle().read("5 March 2026")
        ('2025-12-31', '2026-03-05')
        """
        known = self._read.get(text)
        if known is None:
            known = self._day(text.strip()).isoformat() if text.strip() else ""
            if len(self._read) < 100_000:
                self._read[text] = known
        return known

    def _day(self, text: str) -> date:
        if self.format is not None:
            try:
                return _in_range(datetime.strptime(text, self.format).date(), text)  # noqa: DTZ007
            except ValueError:
                if not _YEAR_FIRST.fullmatch(text):
                    raise _refusal(text, f"Days are written as {self.format} here.") from None
        for pattern, order in (
            (_YEAR_FIRST, (1, 3, 4)),
            (_COMPACT, (1, 2, 3)),
            (_DAY_MONTH, (3, 2, 1)),
            (_MONTH_DAY, (3, 1, 2)),
            (_YEAR_MONTH_NAME, (1, 2, 3)),
        ):
            if found := pattern.fullmatch(text):
                return _date(text, *(found[place] for place in order))
        if found := _NUMERIC.fullmatch(text):
            return self._ordered(text, (found[1], found[3], found[4]))
        raise _refusal(text, "Write it as YYYY-MM-DD.")

    def _ordered(self, text: str, parts: tuple[str, str, str]) -> date:
        if self.order is None:
            if parts[0] == parts[1] and len(parts[2]) == 4:
                return _date(text, parts[2], parts[1], parts[0])
            raise _refusal(text, "Say date_order in a mapping: dmy, mdy or ymd.")
        of = dict(zip(self.order, parts, strict=True))
        return _date(text, of["y"], of["m"], of["d"])


def _date(text: str, year: str, month: str, day: str) -> date:
    number = _MONTHS.get(month.casefold().rstrip(".")) if not month.isdecimal() else int(month)
    if number is None:
        raise _refusal(text, f"{quoted(month)} is no month that is known here.")
    full = _CENTURY + int(year) if len(year) == 2 else int(year)
    try:
        return _in_range(date(full, number, int(day)), text)
    except ValueError:
        raise _refusal(text, "Look at day, month and year, and at their order.") from None


def _in_range(on: date, text: str) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise _refusal(text, f"Years are {FIRST_YEAR} to {LAST_YEAR}.")
    return on


def _refusal(text: str, remedy: str) -> InvalidDate:
    return InvalidDate(
        f"{quoted(text)} is not read as a date.", facts={"text": safe_text(text)}, remedy=remedy
    )
