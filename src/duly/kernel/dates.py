"""Days as ISO 8601 text, read strictly: 2026-03-02 and nothing else."""

import calendar
import re
from datetime import date

from duly.kernel.errors import InvalidDate

FIRST_YEAR = 1900
LAST_YEAR = 2199

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_iso_date(text: str) -> date:
    """The day of an ISO text, years 1900 to 2199.

    Refuses: InvalidDate for any other form and for days that no month has; never guesses.

    >>> parse_iso_date("2026-03-02")
    datetime.date(2026, 3, 2)
    """
    if not isinstance(text, str) or not _ISO.fullmatch(text):
        raise _not_a_date(text, "is not a date")
    try:
        on = date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        raise _not_a_date(text, "is not a day of the calendar") from None
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise _not_a_date(text, f"is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return on


def _not_a_date(text: object, what: str) -> InvalidDate:
    shown = repr(text)[:40]
    return InvalidDate(
        f"{shown} {what}.",
        facts={"text": shown},
        remedy="Write the day as YYYY-MM-DD, such as 2026-03-02.",
    )


class DateReader:
    """Reads ISO texts, remembering those it has seen: files repeat the same few hundred days.

    Only good texts are remembered, and there are fewer than 110,000 days in the range, so the
    memory is bounded whatever the input.
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

    def read_all(self, texts: list[str]) -> list[date]:
        """The days of many texts; raises InvalidDate of the first bad one.

        >>> DateReader().read_all(["2026-03-02", "2026-03-02"])
        [datetime.date(2026, 3, 2), datetime.date(2026, 3, 2)]
        """
        seen = self._seen
        for text in set(texts):
            if text not in seen:
                seen[text] = parse_iso_date(text)
        return [seen[text] for text in texts]


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
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))
