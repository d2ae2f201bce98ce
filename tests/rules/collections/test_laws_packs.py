"""Packs of rules: read whole, or refused with every place and remedy."""

import tomllib
from datetime import date

import pytest

from duly.collections.errors import LawPackUnfit
from duly.collections.queries.laws import merged, shipped_packs
from duly.collections.rules.laws.places import is_place
from duly.collections.rules.laws.reading import periods_unfit, read_pack
from duly.collections.rules.laws.rule import ENFORCE, NO_JUDGE

HEAD = """
name = "ours"
title = "Ours"
checked_on = 2026-11-01
"""
RULE = """
[[rule]]
id = "X-1"
place = "DE"
who = ["consumer"]
what = "hours"
level = "enforce"
words = "Call by day."
source = "counsel"
status = "verified"
channels = ["call"]
windows = [{ days = [1, 2, 3, 4, 5], from = "09:00", to = "18:00" }]
"""
LIMITATION = """
[[rule]]
id = "X-SOL"
place = "DE"
by = "law"
who = ["business"]
what = "limitation"
level = "warn"
words = "Three years."
source = "counsel"
status = "verified"
years = 3
start = "year_end"
"""


def read(text: str):
    return read_pack(tomllib.loads(HEAD + text))


def codes(text: str) -> list[tuple[str, str]]:
    with pytest.raises(LawPackUnfit) as told:
        read(text)
    problems = told.value.facts["problems"]
    assert all(one["remedy"] for one in problems)
    return [(one["code"], one["where"]) for one in problems]


def test_a_pack_is_read() -> None:
    (rule,) = read(RULE).rules
    assert (rule.id, rule.by, rule.level, rule.checked_on) == (
        "X-1",
        "debtor",
        "enforce",
        date(2026, 11, 1),
    )
    assert rule.params["windows"][0].days == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("change", "to", "code", "where"),
    [
        ('place = "DE"', 'place = "XX"', "LAW_PLACE_UNKNOWN", "rule 1 (X-1), place"),
        ('place = "DE"', 'place = "US-ZZ"', "LAW_PLACE_UNKNOWN", "rule 1 (X-1), place"),
        (
            'source = "counsel"',
            'source = "c"\nzone = "Mars/Base"',
            "LAW_ZONE_UNKNOWN",
            "rule 1 (X-1), zone",
        ),
        (
            'source = "counsel"',
            'source = "c"\nfee = 3',
            "LAW_FIELD_UNKNOWN",
            "rule 1 (X-1), fee",
        ),
        ('source = "counsel"\n', "", "LAW_FIELD_MISSING", "rule 1 (X-1), source"),
        ('what = "hours"', 'what = "tax"', "LAW_WHAT_UNKNOWN", "rule 1 (X-1), what"),
        ('level = "enforce"', 'level = "shout"', "LAW_VALUE_UNFIT", "rule 1 (X-1), level"),
        ('["consumer"]', '["company"]', "LAW_VALUE_UNFIT", "rule 1 (X-1), who"),
        ('from = "09:00"', 'from = "19:00"', "LAW_HOURS_UNFIT", "rule 1 (X-1), windows"),
        ('from = "09:00"', 'from = "9 am"', "LAW_HOURS_UNFIT", "rule 1 (X-1), windows"),
        ('["call"]', '["pigeon"]', "LAW_VALUE_UNFIT", "rule 1 (X-1), channels"),
        (
            'level = "enforce"',
            'level = "enforce"\nfrom = 2026-01-02\nto = 2026-01-01',
            "LAW_DAY_UNFIT",
            "rule 1 (X-1), to",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change: str, to: str, code: str, where: str) -> None:
    assert change in RULE
    assert codes(RULE.replace(change, to, 1)) == [(code, where)]


def in_period(first: str, last: str) -> str:
    days = "".join(f"{key} = {day}\n" for key, day in (("from", first), ("to", last)) if day)
    return RULE.replace('status = "verified"', f'status = "verified"\n{days}')


def test_a_gap_and_an_overlap_are_refused() -> None:
    until = in_period("", "2025-12-31")
    assert codes(until + in_period("2026-02-01", "")) == [("LAW_GAP", "X-1")]
    assert codes(until + in_period("2025-12-31", "")) == [("LAW_OVERLAP", "X-1")]
    assert codes(RULE + RULE) == [("LAW_OVERLAP", "X-1")]
    assert len(read(until + in_period("2026-01-01", "")).rules) == 2


def test_two_rules_of_which_one_can_hold_overlap() -> None:
    other = LIMITATION.replace("X-SOL", "X-SOL-2")
    assert codes(LIMITATION + other) == [("LAW_OVERLAP", "X-SOL-2")]
    assert len(read(LIMITATION + other.replace('"business"', '"consumer"')).rules) == 2


def test_what_no_machine_can_judge_is_never_enforced() -> None:
    assert codes(LIMITATION.replace('"warn"', '"enforce"')) == [
        ("LAW_LEVEL_UNFIT", "rule 1 (X-SOL), level")
    ]


def test_what_ships_is_whole() -> None:
    rules = merged(shipped_packs())
    assert periods_unfit(rules) == []
    assert len({rule.id for rule in rules}) > 100
    for rule in rules:
        assert is_place(rule.place)
        assert rule.source
        assert not (rule.what in NO_JUDGE and rule.level == ENFORCE)
        if rule.source.startswith("General knowledge"):
            assert rule.status == "unverified"


@pytest.mark.parametrize("state", ["AL", "CA", "KY", "NY", "WI"])
def test_states_have_their_limitation_unverified(state: str) -> None:
    (rule,) = [one for one in merged(shipped_packs()) if one.id == f"US-{state}-SOL"]
    assert rule.status == "unverified"
    assert rule.params["years"] <= 4
