"""Days as ISO 8601 text, read strictly: 2026-03-02 and nothing else; months and their ends."""

import calendar
from datetime import date

from duly.kernel.errors import InvalidDate
from duly.kernel.quoting import quoted, safe_text

FIRST_YEAR = 1900
LAST_YEAR = 2199


def parse_iso_date(text: str) -> date:
    """The day of an ISO text, years 1900 to 2199.

    Refuses: InvalidDate for any other form and for days that no month has; never guesses.

    >>> parse_iso_date("2026-03-02")
    datetime.date(2026, 3, 2)
    """
    # fromisoformat alone takes 20260302 and 2026-W10-1 as well.
    if isinstance(text, str) and len(text) == 10 and text[4] == "-" and text[7] == "-":
        try:
            on = date.fromisoformat(text)
        except ValueError:
            raise _not_a_date(text) from None
        if FIRST_YEAR <= on.year <= LAST_YEAR:
            return on
    raise _not_a_date(text)


def _not_a_date(text: object) -> InvalidDate:
    """The refusal of a text, saying what is wrong with it."""
    remedy = "Write the day as YYYY-MM-DD, such as 2026-03-02."
    told = f"{quoted(text)} is not a date."
    parts = text.split("-") if isinstance(text, str) else []
    if isinstance(text, str) and not text.strip():
        told = "There is no date."
    elif [len(part) for part in parts] == [4, 2, 2] and "".join(parts).isdecimal():
        year, month, day = map(int, parts)
        if not 1 <= month <= 12:
            told = f"{quoted(text)} is not a date: there is no month {month}."
            remedy += " The day may stand before the month."
        elif not FIRST_YEAR <= year <= LAST_YEAR:
            told = f"The year of {quoted(text)} is outside {FIRST_YEAR} to {LAST_YEAR}."
            remedy = "Check the year."
        elif not 1 <= day <= calendar.monthrange(year, month)[1]:
            last = calendar.monthrange(year, month)[1]
            told = f"{quoted(text)} is not a date: that month has {last} days."
    return InvalidDate(told, facts={"text": safe_text(text)}, remedy=remedy)


class DateReader:
    """Reads ISO texts, remembering those it has seen: files repeat the same few hundred days.

    Only good texts are remembered, and the range has fewer than 110,000 days, so that memory is
    bounded whatever comes in.
    """

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[str, date] = {}

    def read(self, text: str) -> date:
        """The day of a text; refuses as `parse_iso_date` does."""
        on = self._seen.get(text)
        if on is None:
            on = self._seen[text] = parse_iso_date(text)
        return on


def month_end(on: date) -> date:
    """The last day of a day's month.

    >>> month_end(date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def add_months(on: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), -2)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 30))
    """
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))
