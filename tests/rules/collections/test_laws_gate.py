"""The gate: hours where the debtor is, how often, consent, stay; the safe side where in doubt."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duly.collections.queries.laws import merged, shipped_packs
from duly.collections.rules.laws.gate import (
    Contact,
    Debtor,
    Stopped,
    When,
    judge,
    next_day,
    rules_for,
)
from duly.collections.rules.laws.places import zones_of

RULES = merged(shipped_packs())
FIRST = date(2026, 3, 1)  # day 1


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def stops(debtor: Debtor, channel: str, when: When) -> list[Stopped]:
    found = judge(rules_for(RULES, debtor, when.on), debtor, channel, when)
    return [one for one in found if one.is_stop]


def ids(debtor: Debtor, channel: str, when: When) -> list[str]:
    return [one.rule_id for one in stops(debtor, channel, when)]


def calls(*days: int, talk: int = 0) -> tuple[Contact, ...]:
    return tuple(Contact(day(one), "call", one == talk, one == talk) for one in days)


@pytest.mark.parametrize(
    ("contacts", "on", "stopped_until"),
    [
        (calls(1, 2, 3, 4, 5, 6), 7, None),
        (calls(1, 2, 3, 4, 5, 6, 7), 7, 8),
        (calls(1, 2, 3, 4, 5, 6, 7), 8, None),
        (calls(3, talk=3), 4, 10),
        (calls(3, talk=3), 9, 10),
        (calls(3, talk=3), 10, None),
    ],
)
def test_l_02_seven_calls_in_seven_days_and_seven_after_a_talk(
    contacts: tuple[Contact, ...], on: int, stopped_until: int | None
) -> None:
    """L-02."""
    debtor = Debtor("US", "consumer", zones=("America/New_York",), contacts=contacts)
    found = stops(debtor, "call", When(day(on)))
    assert [one.until for one in found] == ([day(stopped_until)] if stopped_until else [])
    assert all(one.rule_id == "US-REGF-7" and "1006.14" in one.source for one in found)


def test_a_statute_for_persons_leaves_businesses_alone() -> None:
    """US-FDCPA: business to business is outside; a sole trader gets the gate of a consumer."""
    seven = calls(1, 2, 3, 4, 5, 6, 7)
    when = When(day(7))
    assert ids(Debtor("US", "business", contacts=seven), "call", when) == []
    for kind in ("consumer", "sole_trader", "guarantor"):
        assert ids(Debtor("US", kind, contacts=seven), "call", when) == ["US-REGF-7"]
    assert ids(Debtor("DE", "consumer", contacts=seven), "call", when) == ["EU-NATURAL-7"]
    assert ids(Debtor("DE", "business", contacts=seven), "call", when) == []


@pytest.mark.parametrize(
    ("hour", "is_stopped"), [(7, True), (8, False), (20, False), (21, True), (3, True)]
)
def test_hours_are_those_where_the_debtor_is(hour: int, is_stopped: bool) -> None:
    at = datetime(2026, 3, 10, hour, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    debtor = Debtor("US-CA", "consumer", zones=("America/Los_Angeles",))
    found = ids(debtor, "call", When(at.date(), (at,)))
    assert found == (["US-REGF-TIME"] if is_stopped else [])


def test_without_a_zone_the_hours_of_every_zone_must_fit_and_it_is_told() -> None:
    """The safe side: 9:00 in New York is before 8:00 further west."""
    zones = zones_of("US")
    debtor = Debtor("US", "consumer", zones=zones, has_own_zone=False)

    def at(hour: int) -> When:
        moment = datetime(2026, 3, 10, hour, 0, tzinfo=UTC)
        return When(moment.date(), tuple(moment.astimezone(ZoneInfo(zone)) for zone in zones))

    (told,) = stops(debtor, "call", at(13))
    assert "own zone is not known" in told.words
    assert stops(debtor, "call", at(19)) == []


@pytest.mark.parametrize(
    ("when", "is_holiday", "is_stopped"),
    [
        (datetime(2026, 3, 9, 7, 29), False, True),
        (datetime(2026, 3, 9, 7, 30), False, False),
        (datetime(2026, 3, 14, 8, 59), False, True),  # a Saturday
        (datetime(2026, 3, 14, 9, 0), False, False),
        (datetime(2026, 3, 9, 12, 0), True, True),
    ],
)
def test_australia_has_its_own_hours(when: datetime, is_holiday: bool, is_stopped: bool) -> None:
    at = when.replace(tzinfo=ZoneInfo("Australia/Sydney"))
    debtor = Debtor("AU", "consumer", zones=("Australia/Sydney",))
    found = ids(debtor, "call", When(at.date(), (at,), is_holiday))
    assert found == (["AU-HOURS"] if is_stopped else [])


def test_australia_counts_contacts_that_were_made() -> None:
    """At most 3 a week and 10 a month; for a business it warns."""
    tried = tuple(Contact(day(one), "call", False) for one in range(1, 8))
    made = (Contact(day(1), "email"), Contact(day(2), "call"), Contact(day(3), "call"))
    assert ids(Debtor("AU", "consumer", contacts=tried), "call", When(day(7))) == []
    (told,) = stops(Debtor("AU", "consumer", contacts=made), "email", When(day(4)))
    assert (told.rule_id, told.until) == ("AU-FREQUENCY", day(8))
    ten = tuple(Contact(day(1 + 3 * one), "email") for one in range(10))
    (told,) = stops(Debtor("AU", "consumer", contacts=ten), "email", When(day(30)))
    assert told.until == day(32)
    business = Debtor("AU", "business", contacts=made)
    when = When(day(4))
    found = judge(rules_for(RULES, business, when.on), business, "email", when)
    assert [(one.rule_id, one.level) for one in found] == [("AU-FREQUENCY-BUSINESS", "warn")]


def test_a_stay_stops_every_channel() -> None:
    debtor = Debtor("US", "business", stay="Chapter 11")
    for channel in ("email", "letter", "call", "sms"):
        assert "US-STAY" in ids(debtor, channel, When(FIRST))
    assert ids(Debtor("DE", "business", stay="x"), "email", When(FIRST)) == ["ALL-STAY"]


def test_channels_are_used_as_the_debtor_said() -> None:
    refused = Debtor("DE", "business", wishes={"email": False})
    assert ids(refused, "email", When(FIRST)) == ["ALL-OPTOUT"]
    assert ids(refused, "call", When(FIRST)) == []
    assert ids(Debtor("US", "business"), "sms", When(FIRST)) == ["US-TCPA"]
    assert ids(Debtor("US", "business", wishes={"sms": True}), "sms", When(FIRST)) == []


def test_rules_begin_when_they_begin() -> None:
    debtor = Debtor("US-CA", "sole_trader")

    def held(on: date) -> set[str]:
        return {rule.id for rule in rules_for(RULES, debtor, on)}

    assert "US-CA-1286" not in held(date(2025, 6, 30))
    assert "US-CA-1286" in held(date(2025, 7, 1))


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 60))
def test_the_day_that_is_told_is_the_first_that_breaks_nothing(days: list[int], on: int) -> None:
    """By a count written apart: never more than 7 in any 7 days."""
    (rule,) = [one for one in RULES if one.id == "US-REGF-7"]
    past = [one for one in days if one <= on]
    first = next_day(rule, calls(*past), "call", day(on))

    def fits(number: int) -> bool:
        return sum(number - 6 <= one <= number for one in past) < 7

    wanted = next(number for number in range(on, on + 9) if fits(number))
    assert first == day(wanted)
