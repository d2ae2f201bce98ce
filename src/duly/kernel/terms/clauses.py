"""The clauses that payment terms are made of: when something falls due, and what is deducted.

Each rule gives a day from the day on which its clock starts, a `code` part, and words. A day that
is no business day stays: the contract names it, and grace is a policy of collections.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from duly.kernel.dates import add_months, month_end
from duly.kernel.errors import TermsUnclear

MAX_DAYS = 3650
MAX_MONTHS = 120

EomReading = Literal["after", "within"]
CashWord = Literal["cia", "cbd", "cwo", "pia", "cod"]

CASH_WORDS: dict[CashWord, str] = {
    "cia": "cash in advance",
    "cbd": "cash before delivery",
    "cwo": "cash with order",
    "pia": "payment in advance",
    "cod": "cash on delivery",
}


def in_range(what: str, value: int, least: int, most: int) -> None:
    """Refuse a number of a clause that no contract means."""
    if not least <= value <= most:
        raise TermsUnclear(
            f"{what} {value} is outside {least} to {most}.",
            facts={"value": value, "least": least, "most": most},
            remedy="Check the terms against the contract.",
        )


@dataclass(frozen=True, slots=True)
class NetDays:
    """So many days after the clock starts; 0 is at once."""

    days: int

    def __post_init__(self) -> None:
        in_range("The number of days", self.days, 0, MAX_DAYS)

    def day_from(self, start: date) -> date:
        return start + timedelta(days=self.days)

    @property
    def code(self) -> str:
        return f"net{self.days}"

    @property
    def words(self) -> str:
        if self.days == 0:
            return "at once"
        return "within 1 day" if self.days == 1 else f"within {self.days} days"


@dataclass(frozen=True, slots=True)
class NetMonths:
    """So many calendar months after the clock starts: 31 January and 1 month is 28 February."""

    months: int

    def __post_init__(self) -> None:
        in_range("The number of months", self.months, 1, MAX_MONTHS)

    def day_from(self, start: date) -> date:
        return add_months(start, self.months)

    @property
    def code(self) -> str:
        return f"net{self.months}m"

    @property
    def words(self) -> str:
        return "within 1 month" if self.months == 1 else f"within {self.months} months"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Days and a month's end, in one of two readings; with 0 days both are the month's end.

    "after": the end of the month in which the clock starts, then the days (20 January and 30 days
    give 2 March). "within": the end of the month in which the last of the days falls (28 February).
    """

    days: int = 0
    reading: EomReading = "within"

    def __post_init__(self) -> None:
        in_range("The number of days", self.days, 0, MAX_DAYS)
        if self.days == 0:
            object.__setattr__(self, "reading", "within")

    def day_from(self, start: date) -> date:
        if self.reading == "after":
            return month_end(start) + timedelta(days=self.days)
        return month_end(start + timedelta(days=self.days))

    @property
    def code(self) -> str:
        return f"net{self.days}-eom-{self.reading}" if self.days else "eom"

    @property
    def words(self) -> str:
        if self.days == 0:
            return "by the end of the month"
        if self.reading == "after":
            return f"within {self.days} days after the end of the month"
        return f"by the end of the month in which day {self.days} falls"


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of this month or of the next, with a cut-off: after it, one month later.

    `months` is 1 for proximo (next month) and 0 for the same month, where the day itself is the
    cut-off unless an earlier one is named. Day 31 is the last day of every month.
    """

    day: int
    months: int = 1
    cutoff: int | None = None

    def __post_init__(self) -> None:
        in_range("The day of the month", self.day, 1, 31)
        in_range("The number of months ahead", self.months, 0, 1)
        if self.cutoff is not None:
            in_range("The cut-off day", self.cutoff, 1, 31 if self.months else self.day)
            if self.cutoff == (31 if self.months else self.day):
                object.__setattr__(self, "cutoff", None)  # what no cut-off means anyway

    def day_from(self, start: date) -> date:
        cutoff = self.cutoff or (31 if self.months else self.day)
        months = self.months + (1 if start.day > cutoff else 0)
        last = month_end(add_months(start.replace(day=1), months))
        return last.replace(day=min(self.day, last.day))

    @property
    def code(self) -> str:
        prox = "-prox" if self.months else ""
        cutoff = f"-cutoff{self.cutoff}" if self.cutoff else ""
        return f"day{self.day}{prox}{cutoff}"

    @property
    def words(self) -> str:
        day = "the last day" if self.day == 31 else f"day {self.day}"
        month = "next month" if self.months else "the month"
        cutoff = f" (one month later after day {self.cutoff})" if self.cutoff else ""
        return f"by {day} of {month}{cutoff}"


@dataclass(frozen=True, slots=True)
class Cash:
    """Paid before or at delivery: no credit is given.

    The money is due on the day of the document; with cash on delivery on the day of receipt, where
    that is known.
    """

    word: CashWord

    def day_from(self, start: date) -> date:
        return start

    @property
    def code(self) -> str:
        return self.word

    @property
    def words(self) -> str:
        return CASH_WORDS[self.word]


DueRule = NetDays | NetMonths | MonthEnd | DayOfMonth | Cash


@dataclass(frozen=True, slots=True)
class Discount:
    """A percentage off when paid by the day that `until` gives.

    `base` is the part of the amount that it is taken of, in units of the currency of the document
    (BASISBETRAG, goods without freight or tax); None for the whole.
    """

    percent: Decimal
    until: NetDays | NetMonths | MonthEnd | DayOfMonth
    base: Decimal | None = None

    def __post_init__(self) -> None:
        if not (self.percent.is_finite() and 0 < self.percent < 100):
            raise TermsUnclear(
                f"A discount of {decimal_text(self.percent)}% can't be.",
                facts={"percent": str(self.percent)},
                remedy="Give a percentage above 0 and below 100.",
            )

    @property
    def code(self) -> str:
        until = self.until.code.removeprefix("net")
        base = "" if self.base is None else f"@{format(self.base, 'f')}"
        return f"{decimal_text(self.percent)}/{until}{base}"

    @property
    def words(self) -> str:
        base = "" if self.base is None else f" of {format(self.base, 'f')}"
        return f"{decimal_text(self.percent)}%{base} off if paid {self.until.words}"


def decimal_text(value: Decimal) -> str:
    """A plain text without needless zeros: 2.50 is "2.5", 10 is "10".

    >>> decimal_text(Decimal("2.50")), decimal_text(Decimal("10"))
    ('2.5', '10')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
