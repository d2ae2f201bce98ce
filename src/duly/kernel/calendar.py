"""Business days and public holidays by country and region, from the package `holidays`.

A country is an ISO 3166-1 alpha-2 code ("DE"), a region its ISO 3166-2 subdivision ("BY" or
"DE-BY"); "TARGET" is the calendar of euro payments that the European Central Bank keeps. Weekends
are those of the country. Holidays that follow the moon are the package's estimates for years to
come.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from duly.kernel.errors import UnknownCalendar
from duly.kernel.quoting import quoted, safe_text

if TYPE_CHECKING:
    from holidays import HolidayBase

TARGET = "TARGET"
_ONE_DAY = timedelta(days=1)


class _Year(NamedTuple):
    """One year of one place, worked out once: whether each day is worked, and the holidays."""

    is_worked: tuple[bool, ...]  # by day of the year, 1 January first
    holidays: dict[date, str]


def is_business_day(on: date, country: str, region: str = "") -> bool:
    """Tell whether offices of a place work on a day: no weekend, no public holiday.

    Refuses: UnknownCalendar for a country, region or year without a calendar (all verbs here do).

    >>> is_business_day(date(2026, 1, 1), "US"), is_business_day(date(2026, 1, 2), "US")
    (False, True)
    """
    return _year(country, region, on.year).is_worked[on.timetuple().tm_yday - 1]


def holiday_name(on: date, country: str, region: str = "") -> str:
    """What the day's public holiday is called, in English where the package can; '' for none.

    >>> holiday_name(date(2026, 7, 3), "US"), holiday_name(date(2026, 7, 6), "US")
    ('Independence Day (observed)', '')
    """
    return _year(country, region, on.year).holidays.get(on, "")


def holidays_between(
    first: date, last: date, country: str, region: str = ""
) -> list[tuple[date, str]]:
    """The public holidays from `first` up to and with `last`, in order, with their names.

    >>> holidays_between(date(2026, 1, 1), date(2026, 1, 31), "TARGET")
    [(datetime.date(2026, 1, 1), "New Year's Day")]
    """
    return [
        (on, name)
        for year in range(first.year, last.year + 1)
        for on, name in sorted(_year(country, region, year).holidays.items())
        if first <= on <= last
    ]


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
    """The day that many business days later, or earlier if negative; 0 gives the day itself.

    >>> add_business_days(date(2026, 1, 2), 2, "US"), add_business_days(date(2026, 1, 3), 0, "US")
    (datetime.date(2026, 1, 6), datetime.date(2026, 1, 3))
    """
    step = _ONE_DAY if days > 0 else -_ONE_DAY
    left = abs(days)
    while left:
        on += step
        left -= is_business_day(on, country, region)
    return on


def business_days_between(first: date, last: date, country: str, region: str = "") -> int:
    """How many business days come after `first` up to and with `last`; negative if backwards.

    >>> business_days_between(date(2026, 1, 2), date(2026, 1, 6), "US")
    2
    >>> business_days_between(date(2026, 1, 6), date(2026, 1, 2), "US")
    -2
    """
    if last < first:
        return -business_days_between(last, first, country, region)
    count = 0
    for year in range(first.year, last.year + 1):
        is_worked = _year(country, region, year).is_worked
        begin = first.timetuple().tm_yday if year == first.year else 0
        end = last.timetuple().tm_yday if year == last.year else len(is_worked)
        count += sum(is_worked[begin:end])
    return count


@lru_cache(maxsize=4096)
def _year(country: str, region: str, year: int) -> _Year:
    """One year of a place; the package is loaded on first use, because it is large."""
    source = _source(country, region, year)
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    is_worked = tuple(source.is_working_day(first + timedelta(days=day)) for day in range(days))
    return _Year(is_worked, {on: name for on, name in source.items() if on.year == year})


def _source(country: str, region: str, year: int) -> "HolidayBase":
    """The package's calendar of one year, or the refusal of what it does not know."""
    import holidays

    if country == TARGET:
        if region:
            raise _unknown(country, region, "TARGET has no regions.", "Leave the region out.")
        source = holidays.financial_holidays("ECB", years=year, expand=False, language="en_US")
    else:
        regions = holidays.list_supported_countries(include_aliases=False).get(country)
        if regions is None:
            raise _unknown(
                country,
                region,
                f"No calendar of holidays is known for the country {quoted(country)}.",
                "Use a two-letter country code in capitals, such as DE, or TARGET for euro "
                "payments.",
            )
        subdivision = region.removeprefix(f"{country}-")
        if subdivision and subdivision not in regions:
            known = f"one of {', '.join(regions)}" if regions else "none: leave it out"
            raise _unknown(
                country,
                region,
                f"{country} has no region {quoted(region)} with holidays of its own.",
                f"Use {known}.",
            )
        source = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, expand=False, language="en_US"
        )
    if not source.start_year <= year <= source.end_year:
        raise _unknown(
            country,
            region,
            f"The holidays of {country} are known from {source.start_year} to {source.end_year}, "
            f"not for {year}.",
            "Check the year of the date.",
        )
    return source


def _unknown(country: str, region: str, told: str, remedy: str) -> UnknownCalendar:
    facts = {"country": safe_text(country), "region": safe_text(region)}
    return UnknownCalendar(told, facts=facts, remedy=remedy)
