"""What is judged again before a message leaves: never, not now, or go."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duly.collections.policy import GENTLE
from duly.collections.rules.handing import Clock, Now, never, not_now
from duly.collections.rules.planning import Line
from duly.collections.rules.reasons import DO_NOT_CHASE, Reason

TO = ("ap@meridian.example",)
LINES = [Line("item", 1, 50000, 1), Line("item", 2, 20000, 1), Line("payment", 9, -1000)]


def now(**more) -> Now:
    told = {
        "open_minor": {1: 50000, 2: 20000},
        "credits": (Line("payment", 9, -1000),),
        "disputed": {},
        "promised": {},
        "blocked": {},
        "silence": None,
        "recipients": TO,
    }
    return Now(**told | more)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, None),
        ({"open_minor": {1: 0, 2: 0}}, "paid"),
        ({"open_minor": {}}, "paid"),
        ({"open_minor": {1: 50000, 2: 0}}, "changed"),
        ({"open_minor": {1: 49999, 2: 20000}}, "changed"),
        ({"open_minor": {1: 50001, 2: 20000}}, "changed"),
        ({"credits": (Line("payment", 9, -1000), Line("item", 8, -69000))}, "covered"),
        ({"credits": ()}, "changed"),
        ({"disputed": {1: 50000, 2: 20000}}, "disputed"),
        ({"disputed": {2: 1}}, "disputed"),
        ({"promised": {2: 0}}, "promised"),
        ({"blocked": {1: Reason("legal", "Insolvency.")}}, "legal"),
        ({"silence": DO_NOT_CHASE}, "do_not_chase"),
        ({"recipients": ("new@meridian.example",)}, "changed"),
        ({"recipients": ()}, "changed"),
    ],
)
def test_a_message_that_must_not_leave_any_more(more, code) -> None:
    why = never(LINES, TO, now(**more))
    assert (why.code if why else None) == code


def test_a_part_that_was_disputed_when_it_was_planned_stays_asked_for_less() -> None:
    lines = [Line("item", 1, 30000, 1)]
    there = now(open_minor={1: 50000}, credits=(), disputed={1: 20000})
    assert never(lines, TO, there) is None
    assert never(lines, TO, there._replace(disputed={1: 25000})).code == "disputed"


TUESDAY = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, None),
        ({"mode": "off"}, "sending_off"),
        ({"mode": "stopped"}, "stopped"),
        ({"mode": "test"}, "test_mode"),
        ({"mode": "test", "allowed": list(TO)}, None),
        ({"local": TUESDAY.replace(hour=7, minute=59)}, "outside_hours"),
        ({"local": TUESDAY.replace(hour=8)}, None),
        ({"local": TUESDAY.replace(hour=18)}, "outside_hours"),
        ({"local": TUESDAY + timedelta(days=4)}, "quiet_day"),
        ({"is_business_day": False}, "quiet_day"),
        ({"bank_on": date(2026, 3, 7)}, None),
        ({"bank_on": date(2026, 3, 6)}, "bank_data_old"),
        ({"bank_on": None}, "bank_data_old"),
        ({"not_before": TUESDAY + timedelta(minutes=1)}, "put_off"),
        ({"not_before": TUESDAY}, None),
    ],
)
def test_a_message_that_waits(more, code) -> None:
    told = {
        "mode": "on",
        "allowed": [],
        "recipients": list(TO),
        "local": TUESDAY,
        "is_business_day": True,
        "policy": GENTLE,
        "bank_on": date(2026, 3, 10),
        "not_before": None,
    }
    why = not_now(**told | more)
    assert (why.code if why else None) == code


ZONES = [
    "Africa/Cairo", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Adak",
    "America/St_Johns", "Asia/Kathmandu", "Asia/Tehran", "Asia/Tokyo", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Europe/Lisbon", "Europe/London",
    "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_each_working_day_has_its_hours_across_clock_changes(zone: str) -> None:
    """T13, pains A10 and A12: by the recipient's clock mail may leave ten hours every day."""
    place = ZoneInfo(zone)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    hours: dict[date, set[int]] = {}
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        local = Clock(moment).where(zone)
        first, last = GENTLE.hours
        if first <= local.hour < last:
            hours.setdefault(local.date(), set()).add(local.hour)
        moment += timedelta(minutes=30)
    days = sorted(hours)[1:-1]
    assert all(hours[day] == set(range(8, 18)) for day in days)
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]  # none left out
    for day in days:
        noon = Clock(datetime(2026, 6, 1, tzinfo=UTC), day).where(zone)
        assert (noon.date(), noon.hour, noon.tzinfo) == (day, 12, place)


def test_a_wait_is_no_longer_in_the_night_in_which_clocks_are_put_back() -> None:
    clock = Clock(datetime(2026, 10, 25, 0, 50, tzinfo=UTC))  # 02:50, ten minutes before 02:00
    wait = timedelta(minutes=15)
    assert clock.after(wait, "Europe/Berlin") == clock.at + wait
