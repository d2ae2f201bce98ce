"""On which days statements of account are due."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

EVERY = (("month", "Month"), ("week", "Week"))
LAST_BUSINESS_DAY = 0
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONE_DAY = timedelta(days=1)

Works = Callable[[date], bool]


class Rhythm(NamedTuple):
    """Every month on a day (1 to 31, or 0 for its last business day), or every week (Monday is 1).

    >>> Rhythm("month", 0).words, Rhythm("month", 31).words, Rhythm("week", 5).words
    ('last business day of the month', 'last day of the month', 'every Friday')
    """

    every: str
    day: int

    @property
    def code(self) -> str:
        """It as commands and forms spell it."""
        if self.every == "week":
            return WEEKDAYS[self.day - 1].lower()
        return {0: "last-business-day", 31: "last-day"}.get(self.day, str(self.day))

    @property
    def words(self) -> str:
        """It as people say it."""
        if self.every == "week":
            return f"every {WEEKDAYS[self.day - 1]}"
        if self.day in (LAST_BUSINESS_DAY, 31):
            return f"last {'' if self.day else 'business '}day of the month"
        return f"day {self.day} of the month"


RHYTHMS = (
    Rhythm("month", LAST_BUSINESS_DAY),
    Rhythm("month", 31),
    *(Rhythm("month", day) for day in range(1, 31)),
    *(Rhythm("week", day) for day in range(1, 8)),
)


def read_rhythm(code: str) -> Rhythm | None:
    """The rhythm that a code spells; None where it spells none.

    >>> read_rhythm("friday"), read_rhythm("15"), read_rhythm("32")
    (Rhythm(every='week', day=5), Rhythm(every='month', day=15), None)
    """
    return next((one for one in RHYTHMS if one.code == code), None)


def due_days(rhythm: Rhythm, first: date, works: Works) -> Iterator[date]:
    """The due days from a day on, without end.

    Rule: a month that lacks the day is due on its last one. A due day is a date and may be a
    holiday; only the last business day is looked for.

    >>> days = due_days(Rhythm("month", 31), date(2026, 2, 1), lambda on: True)
    >>> next(days), next(days)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    if rhythm.every == "week":
        on = first + timedelta(days=(rhythm.day - first.isoweekday()) % 7)
        while True:
            yield on
            on += timedelta(days=7)
    month = first.replace(day=1)
    while True:
        following = (month + timedelta(days=31)).replace(day=1)
        on = _of_month(rhythm.day, month, following, works)
        if on >= first:
            yield on
        month = following


def _of_month(day: int, month: date, following: date, works: Works) -> date:
    last = following - _ONE_DAY
    if day != LAST_BUSINESS_DAY:
        return min(month + timedelta(days=day - 1), last)
    while not works(last) and last > month:
        last -= _ONE_DAY
    return last


def last_due(rhythm: Rhythm, on: date, works: Works) -> date:
    """The newest due day up to and with a day.

    >>> last_due(Rhythm("week", 1), date(2026, 3, 10), lambda on: True)
    datetime.date(2026, 3, 9)
    """
    days = due_days(rhythm, on - timedelta(days=62), works)
    found = next(days)
    for day in days:
        if day > on:
            return found
        found = day
    raise AssertionError("due days never end")


def next_due(rhythm: Rhythm, after: date, works: Works, count: int) -> list[date]:
    """The first due days after a day."""
    return list(islice(due_days(rhythm, after + _ONE_DAY, works), count))


def period_to(rhythm: Rhythm, due_on: date, works: Works) -> date:
    """The first day of the activity that a statement of a due day tells: after the one before.

    >>> period_to(Rhythm("month", 31), date(2026, 3, 31), lambda on: True)
    datetime.date(2026, 3, 1)
    """
    return last_due(rhythm, due_on - _ONE_DAY, works) + _ONE_DAY
