"""Business days and public holidays by country and region, from the package `holidays`.

A country is an ISO 3166-1 alpha-2 code ("DE"), a region its ISO 3166-2 subdivision ("BY");
"TARGET" is the calendar of euro payments kept by the European Central Bank. Weekends are those
of the country.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from duly.kernel.errors import UnknownCalendar

if TYPE_CHECKING:
    from holidays import HolidayBase

TARGET = "TARGET"
_ONE_DAY = timedelta(days=1)


def is_business_day(on: date, country: str, region: str = "") -> bool:
    """Tell whether offices of a place work on a day: no weekend, no public holiday.

    >>> is_business_day(date(2026, 1, 1), "US"), is_business_day(date(2026, 1, 2), "US")
    (False, True)
    """
    return bool(_calendar(country, region).is_working_day(on))


def holiday_name(on: date, country: str, region: str = "") -> str:
    """What the day's public holiday is called in English where known, '' for none.

    >>> holiday_name(date(2026, 7, 3), "US"), holiday_name(date(2026, 7, 6), "US")
    ('Independence Day (observed)', '')
    """
    return str(_calendar(country, region).get(on) or "")


def next_business_day(on: date, country: str, region: str = "") -> date:
    """The first business day after a day, never the day itself.

    >>> next_business_day(date(2026, 1, 2), "US")
    datetime.date(2026, 1, 5)
    """
    return add_business_days(on, 1, country, region)


def previous_business_day(on: date, country: str, region: str = "") -> date:
    """The last business day before a day, never the day itself.

    >>> previous_business_day(date(2026, 1, 5), "US")
    datetime.date(2026, 1, 2)
    """
    return add_business_days(on, -1, country, region)


def add_business_days(on: date, days: int, country: str, region: str = "") -> date:
    """The day that many business days later (or earlier); 0 gives the day itself.

    >>> add_business_days(date(2026, 1, 2), 2, "US")
    datetime.date(2026, 1, 6)
    """
    calendar = _calendar(country, region)
    step = _ONE_DAY if days > 0 else -_ONE_DAY
    left = abs(days)
    while left:
        on += step
        if calendar.is_working_day(on):
            left -= 1
    return on


def business_days_between(first: date, last: date, country: str, region: str = "") -> int:
    """How many business days come after `first` up to and with `last`; negative backwards.

    >>> business_days_between(date(2026, 1, 2), date(2026, 1, 6), "US")
    2
    """
    if last < first:
        return -business_days_between(last, first, country, region)
    calendar = _calendar(country, region)
    return sum(
        calendar.is_working_day(first + timedelta(days=offset))
        for offset in range(1, (last - first).days + 1)
    )


@lru_cache(maxsize=256)
def _calendar(country: str, region: str) -> "HolidayBase":
    """The calendar of a place; the package is loaded on first use, because it is large."""
    import holidays

    if country == TARGET:
        return holidays.financial_holidays("ECB")
    try:
        return holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        raise UnknownCalendar(
            f"No calendar of holidays is known for {country!r} {region!r}.",
            facts={"country": country, "region": region},
            remedy="Use a two-letter country code such as DE, or TARGET for euro payments.",
        ) from None
