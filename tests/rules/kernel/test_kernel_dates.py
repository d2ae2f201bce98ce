"""Days out of text, and months."""

from datetime import date

import pytest

from duly.kernel.dates import DateReader, add_months, month_end, parse_iso_date
from duly.kernel.errors import InvalidDate


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
    ],
)
def test_a_day_in_iso_form_is_read(text, on):
    assert parse_iso_date(text) == on
    assert DateReader().read(text) == on


BAD = [
    ("", "There is no date."),
    ("  ", "There is no date."),
    ("2024-13-02", "there is no month 13"),
    ("2024-00-02", "there is no month 0"),
    ("2026-02-29", "that month has 28 days"),
    ("2026-04-31", "that month has 30 days"),
    ("2026-04-00", "that month has 30 days"),
    ("1900-02-29", "that month has 28 days"),
    ("1899-12-31", "outside 1900 to 2199"),
    ("2200-01-01", "outside 1900 to 2199"),
    ("0000-01-01", "outside 1900 to 2199"),
    ("9999-12-31", "outside 1900 to 2199"),
    ("20260302", "is not a date"),
    ("2026-W10-1", "is not a date"),
    ("2026-061", "is not a date"),
    ("2026-3-2", "is not a date"),
    ("2026/03/02", "is not a date"),
    ("02.03.2026", "is not a date"),
    ("03/04/26", "is not a date"),
    ("2026-03-02T00:00:00", "is not a date"),
    (" 2026-03-02", "is not a date"),
    ("2026-03-02\n", "is not a date"),
    ("２０２６-03-02", "is not a date"),
    ("٢٠٢٦-03-02", "is not a date"),
    ("2026-03-0\x00", "is not a date"),
    ("\ud800026-03-02", "is not a date"),
    ("+026-03-02", "is not a date"),
    ("9" * 5000, "is not a date"),
    (None, "is not a date"),
    (20260302, "is not a date"),
    (date(2026, 3, 2), "is not a date"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_anything_else_is_refused(text, message):
    for read in (parse_iso_date, DateReader().read):
        with pytest.raises(InvalidDate) as refused:
            read(text)
        assert message in refused.value.message
        assert refused.value.remedy
        assert len(refused.value.message) < 150
        refused.value.message.encode()


def test_the_remedy_for_a_month_13_tells_that_day_and_month_may_be_swapped():
    with pytest.raises(InvalidDate) as refused:
        parse_iso_date("2024-13-02")
    assert refused.value.message == '"2024-13-02" is not a date: there is no month 13.'
    assert refused.value.remedy == (
        "Write the day as YYYY-MM-DD, such as 2026-03-02. The day may stand before the month."
    )


def test_a_reader_remembers_good_texts_and_no_bad_ones():
    reader = DateReader()
    first = reader.read("2026-03-02")
    assert reader.read("2026-03-02") is first
    for _ in range(2):
        with pytest.raises(InvalidDate):
            reader.read("2026-03-32")


@pytest.mark.parametrize(
    ("on", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
    ],
)
def test_months_are_added_and_keep_within_the_month(on, months, result):
    assert add_months(on, months) == result


def test_a_month_ends_on_its_last_day():
    ends = [month_end(date(2028, month, 1)).day for month in range(1, 13)]
    assert ends == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
