"""Business days and holidays, by country and region."""

from datetime import date

import pytest

from duly.kernel.calendar import (
    add_business_days,
    business_days_between,
    holiday_name,
    holidays_between,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from duly.kernel.errors import UnknownCalendar


@pytest.mark.parametrize(
    ("on", "country", "region", "is_open", "name"),
    [
        (date(2026, 7, 4), "US", "", False, "Independence Day"),
        (date(2026, 7, 3), "US", "", False, "Independence Day (observed)"),
        (date(2026, 7, 6), "US", "", True, ""),
        (date(2026, 4, 6), "GB", "ENG", False, "Easter Monday"),
        (date(2026, 4, 6), "GB", "SCT", True, ""),
        (date(2026, 1, 6), "DE", "BY", False, "Epiphany"),
        (date(2026, 1, 6), "DE", "DE-BY", False, "Epiphany"),
        (date(2026, 1, 6), "DE", "BE", True, ""),
        (date(2026, 1, 6), "DE", "", True, ""),
        (date(2026, 12, 25), "FR", "", False, "Christmas Day"),
        # weekends are the country's own: Friday and Saturday in Saudi Arabia
        (date(2026, 3, 6), "SA", "", False, ""),
        (date(2026, 3, 7), "SA", "", False, ""),
        (date(2026, 3, 8), "SA", "", True, ""),
        (date(2026, 3, 8), "US", "", False, ""),
        # euro payments rest on 1 May and Good Friday, not on national days
        (date(2026, 5, 1), "TARGET", "", False, "Labour Day"),
        (date(2026, 4, 3), "TARGET", "", False, "Good Friday"),
        (date(2026, 10, 3), "TARGET", "", False, ""),
        (date(2025, 10, 3), "TARGET", "", True, ""),
        (date(2025, 10, 3), "DE", "", False, "German Unity Day"),
    ],
)
def test_a_day_is_worked_or_not(on, country, region, is_open, name):
    assert is_business_day(on, country, region) is is_open
    assert holiday_name(on, country, region) == name


def test_the_next_and_the_previous_business_day_are_never_the_day_itself():
    assert next_business_day(date(2026, 7, 2), "US") == date(2026, 7, 6)
    assert next_business_day(date(2026, 7, 4), "US") == date(2026, 7, 6)
    assert next_business_day(date(2026, 7, 6), "US") == date(2026, 7, 7)
    assert previous_business_day(date(2026, 7, 6), "US") == date(2026, 7, 2)
    assert next_business_day(date(2026, 12, 31), "US") == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("days", "result"),
    [(0, (7, 4)), (1, (7, 6)), (5, (7, 10)), (6, (7, 13)), (-1, (7, 2)), (-3, (6, 30))],
)
def test_business_days_are_added_both_ways(days, result):
    assert add_business_days(date(2026, 7, 4), days, "US") == date(2026, *result)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 7, 2), date(2026, 7, 6), 1),
        (date(2026, 7, 6), date(2026, 7, 2), -1),
        (date(2026, 7, 6), date(2026, 7, 6), 0),
        (date(2025, 12, 31), date(2026, 1, 2), 1),
        (date(2025, 12, 30), date(2027, 1, 4), 252),
        (date(2024, 12, 31), date(2025, 12, 31), 250),
    ],
)
def test_business_days_between_leave_out_the_first_day_and_count_the_last(first, last, count):
    assert business_days_between(first, last, "US") == count
    day, slow = min(first, last), 0
    while day < max(first, last):
        day = date.fromordinal(day.toordinal() + 1)
        slow += is_business_day(day, "US")
    assert abs(count) == slow


def test_holidays_between_two_days():
    assert holidays_between(date(2025, 12, 25), date(2026, 1, 1), "US") == [
        (date(2025, 12, 25), "Christmas Day"),
        (date(2026, 1, 1), "New Year's Day"),
    ]
    assert holidays_between(date(2026, 1, 2), date(2026, 1, 2), "US") == []
    assert holidays_between(date(2026, 1, 2), date(2026, 1, 1), "US") == []


@pytest.mark.parametrize(
    ("country", "region", "year", "message", "remedy"),
    [
        ("XX", "", 2026, 'the country "XX"', "TARGET"),
        ("de", "", 2026, 'the country "de"', "capitals"),
        ("Germany", "", 2026, 'the country "Germany"', "two-letter"),
        ("DEU", "", 2026, 'the country "DEU"', "two-letter"),
        ("", "", 2026, 'the country ""', "two-letter"),
        ("NYSE", "", 2026, 'the country "NYSE"', "two-letter"),
        ("U\x00", "", 2026, 'the country "U\\x00"', "two-letter"),
        ("DE", "XX", 2026, 'DE has no region "XX"', "BY"),
        ("DE", "Bavaria", 2026, 'DE has no region "Bavaria"', "BY"),
        ("TARGET", "DE", 2026, "TARGET has no regions", "Leave"),
        ("TARGET", "", 1990, "known from", "Check the year"),
        ("US", "", 2300, "known from", "Check the year"),
    ],
)
def test_a_calendar_that_nobody_knows_is_refused(country, region, year, message, remedy):
    with pytest.raises(UnknownCalendar) as refused:
        is_business_day(date(year, 3, 2), country, region)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert set(refused.value.facts) == {"country", "region"}


def test_a_country_without_regions_says_so():
    with pytest.raises(UnknownCalendar) as refused:
        is_business_day(date(2026, 3, 2), "LU", "X")
    assert "none: leave it out" in refused.value.remedy
