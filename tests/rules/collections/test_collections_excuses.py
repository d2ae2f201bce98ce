"""Excuses: the library that ships, how one is read, and whether it proved true."""

import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest

from duly.collections.errors import ExcuseUnfit
from duly.collections.rules.excuses import (
    RESERVED_KEYS,
    Came,
    Excuse,
    Heard,
    Outcome,
    count_up,
    follow_day,
    in_language,
    prove,
    read_excuse,
    refuse_taken_key,
)
from duly.disputes.policy import DISPUTES
from duly.kernel.locales import LANGUAGES

PACKS = files("duly.collections") / "packs"
SHIPPED = tomllib.loads((PACKS / "excuses.toml").read_text("utf-8"))["excuse"]
TOLD = date(2026, 3, 10)
FINE = {"code": "rain", "name": "It rains", "owner": "collector", "follow_days": 2}

# Collections facts, section 3: number, what follows in how many days where the table names them.
DAYS = {1: 1, 2: 1, 5: 5, 6: 2, 16: 1, 20: 5, 22: 7, 27: 3}
# ... and of which sort the dispute is that its next action names.
DISPUTED = {2: "purchase_order", 13: "damage", 14: "price", 15: "quality", 18: "returns"}


def read(**more: object) -> Excuse:
    return read_excuse({**FINE, **more}, reasons=DISPUTES.duties)


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: f"{row['number']}-{row['code']}")
def test_each_of_the_28_is_whole(row: dict[str, object]) -> None:
    one = read_excuse(row, reasons=DISPUTES.duties)
    assert one.action
    assert one.owner
    assert one.follow_days > 0
    assert one.key
    assert one.key not in RESERVED_KEYS
    assert one.number in (25, 28) or (one.probe and one.response and one.evidence)
    assert one.follow_days == DAYS.get(one.number, one.follow_days)
    assert one.number not in DISPUTED or one.dispute == DISPUTED[one.number]


def test_the_library_has_28_with_a_key_each() -> None:
    assert [row["number"] for row in SHIPPED] == list(range(1, 29))
    assert len({row["key"] for row in SHIPPED}) == len({row["code"] for row in SHIPPED}) == 28
    assert {row["number"] for row in SHIPPED if row.get("stop")} == {24}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_what_is_spoken_stands_in_every_language(language: str) -> None:
    words = tomllib.loads((PACKS / f"excuses_{language}.toml").read_text("utf-8"))
    assert set(words) == {row["code"] for row in SHIPPED}
    for row in SHIPPED:
        english = read_excuse(row, reasons=DISPUTES.duties)
        there = in_language(english, words)
        assert there.name != english.name
        assert len(there.probe) == len(english.probe)
        assert bool(there.response) == bool(english.response)
        assert there.action == english.action


def test_what_the_firm_wrote_is_not_translated() -> None:
    own = read(code="never_received")._replace(version=3)
    assert in_language(own, {"never_received": {"name": "x", "probe": [], "response": ""}}) == own


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"code": "Has Spaces"}, "code"),
        ({"key": "ab"}, "key"),
        ({"key": "p"}, "key"),
        ({"name": " "}, "name"),
        ({"owner": ""}, "owner"),
        ({"probe": "Who?"}, "probe"),
        ({"follow_days": -1}, "follow_days"),
        ({"follow_days": True}, "follow_days"),
        ({"within_days": 400}, "within_days"),
        ({"proof": "faith"}, "proof"),
        ({"follow": "never"}, "follow"),
        ({"dispute": "weather"}, "dispute"),
        ({"stop": 1}, "stop"),
        ({"folow_days": 2}, "folow_days"),
    ],
)
def test_faults_are_named_with_their_place(more: dict[str, object], place: str) -> None:
    with pytest.raises(ExcuseUnfit) as refused:
        read(**more)
    (problem,) = refused.value.facts["problems"]
    assert (problem["where"], bool(problem["remedy"])) == (place, True)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ExcuseUnfit) as refused:
        read_excuse({"key": "??"}, reasons=())
    assert {one["where"] for one in refused.value.facts["problems"]} == {
        "code",
        "key",
        "name",
        "owner",
        "follow_days",
    }


def test_a_key_picks_one_excuse() -> None:
    rain, snow = read(key="1"), read(code="snow", key="1")
    refuse_taken_key(rain, [rain, read(code="snow", key="2"), read(code="hail")])
    with pytest.raises(ExcuseUnfit, match="key of snow"):
        refuse_taken_key(rain, [snow])


@pytest.mark.parametrize(
    ("follow", "named", "day"),
    [
        ("days", date(2026, 3, 25), 2),  # goes by its days, whatever was named
        ("told", date(2026, 3, 25), 15),
        ("before", date(2026, 3, 25), 14),
        ("told", None, 2),
        ("before", date(2026, 3, 10), 1),  # never the day itself
    ],
)
def test_when_it_is_looked_at_again(follow: str, named: date | None, day: int) -> None:
    assert follow_day(read(follow=follow), TOLD, named) == TOLD + timedelta(days=day)


def after(days: int) -> date:
    return TOLD + timedelta(days=days)


CASH = Came(money=((after(6), 9_950),))
PROOFS = [
    # proof, what came, day asked for -> state, days, by
    ("cash", CASH, 20, "true", 6, "cash"),
    ("cash", Came(money=((after(6), 9_899),)), 20, "false", 20, "nothing came"),
    ("cash", Came(money=((after(3), 5_000), (after(9), 5_000))), 20, "true", 9, "cash"),
    ("cash", Came(money=((after(11), 10_000),)), 20, "false", 11, "cash"),
    ("cash", CASH, 5, "open", 5, ""),  # not yet known on that day
    ("cash", Came(), 10, "open", 10, ""),
    ("cash", Came(), 11, "false", 11, "nothing came"),
    ("copy", CASH, 20, "false", 6, "cash"),  # paid without the copy that was asked for
    ("copy", Came(money=((after(6), 10_000),), copy_on=after(1)), 20, "true", 6, "copy"),
    ("copy", Came(copy_on=after(1)), 20, "false", 20, "nothing came"),
    ("copy", Came(), 20, "open", 20, ""),  # we never sent it: not theirs
    ("dispute", Came(verdict="valid", verdict_on=after(8)), 20, "true", 8, "dispute"),
    ("dispute", Came(verdict="partly", verdict_on=after(8)), 20, "true", 8, "dispute"),
    ("dispute", Came(verdict="invalid", verdict_on=after(8)), 20, "false", 8, "dispute"),
    ("dispute", Came(verdict="mistake", verdict_on=after(8)), 20, "open", 20, ""),
    ("person", CASH, 20, "open", 20, ""),
    ("cash", CASH._replace(found_true=False, found_on=after(2)), 20, "false", 2, "person"),
    ("person", Came(found_true=True, found_on=after(4)), 20, "true", 4, "person"),
    ("person", Came(found_true=True, found_on=after(4)), 3, "open", 3, ""),
]


@pytest.mark.parametrize(("proof", "came", "on", "state", "days", "by"), PROOFS)
def test_what_came_after_proves_it(
    proof: str, came: Came, on: int, state: str, days: int, by: str
) -> None:
    heard = Heard(1, 1, "x", proof, TOLD, after(10), 10_000)
    assert prove(heard, came, on=after(on))[:3] == (state, days, by)


def test_the_ledger_adds_up() -> None:
    told = [
        *(("cheque", Outcome("true", days, "cash", None)) for days in (4, 6, 8)),
        ("cheque", Outcome("false", 11, "nothing came", None)),
        ("cheque", Outcome("open", 3, "", None)),
        ("paid", Outcome("open", 1, "", None)),
    ]
    cheque, paid = count_up(told).values()
    assert cheque == (5, 3, 1, 1, 32, "7.0")
    assert (cheque.true_percent, paid.true_percent, paid.median_days) == ("75.0", "", "")
