"""Words for calls: read with every fault, picked by stage, segment and language, filled; hours."""

import tomllib
from datetime import date, datetime
from importlib.resources import files

import pytest

from duly.collections.errors import ScriptUnfit
from duly.collections.policy import GENTLE
from duly.collections.rules.calling_hours import next_window, not_callable
from duly.collections.rules.confirming import (
    TAKEN_BACK,
    Agreed,
    never_confirms,
    write_confirmation,
)
from duly.collections.rules.reasons import SUPPRESSED, Reason
from duly.collections.rules.scripts import (
    BROKEN,
    FIELDS,
    STAGES,
    Script,
    fill,
    pick,
    read_script,
    stage_of,
)
from duly.kernel.locales import LANGUAGES, reader

PACKS = files("duly.collections") / "packs"
SHIPPED = tomllib.loads((PACKS / "scripts.toml").read_text("utf-8"))["script"]
WORDS = tomllib.loads((PACKS / "confirmations.toml").read_text("utf-8"))
FINE = {
    "stage": "early",
    "language": "en",
    "opening": "{{ amount }} was due.",
    "questions": ["When?"],
    "closing": "By {{ by_day }}.",
}


def test_every_stage_is_spoken_in_every_language() -> None:
    read = [read_script(row) for row in SHIPPED]
    assert {(one.stage, one.language) for one in read} == {
        (stage, language) for stage in (*STAGES, BROKEN) for language in LANGUAGES
    }
    values = {name: f"<{name}>" for name in FIELDS}
    for one in read:
        said = fill(one, values)
        assert "{{" not in "".join([said.opening, *said.questions, said.closing, said.consequence])


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"opening": "{{ amont }} was due."}, "opening, line 1"),
        ({"questions": ["Who?", "{{ who }}?"]}, "question 2, line 1"),
        ({"closing": "By {{ by_day }."}, "closing"),
        ({"closing": "{{#items}}x{{/items}}"}, "closing, line 1"),
        ({"consequence": "{{ threat }}"}, "consequence, line 1"),
        ({"questions": []}, "questions"),
        ({"opening": " "}, "opening"),
        ({"stage": "angry"}, "stage"),
        ({"language": "ja"}, "language"),
        ({"opening": "x" * 601}, "opening"),
        ({"speaker": "me"}, "speaker"),
    ],
)
def test_a_field_that_does_not_exist_is_refused_with_its_place(
    more: dict[str, object], place: str
) -> None:
    with pytest.raises(ScriptUnfit) as refused:
        read_script(FINE | more)
    assert place in [problem["where"] for problem in refused.value.facts["problems"]]
    assert all(problem["remedy"] for problem in refused.value.facts["problems"])


@pytest.mark.parametrize(
    ("days", "is_broken", "stage"),
    [
        (-3, False, "before_due"),
        (1, False, "early"),
        (15, False, "early"),
        (16, False, "firm"),
        (31, False, "serious"),
        (61, False, "final"),
        (61, True, BROKEN),
    ],
)
def test_the_stage_goes_by_days_late(days: int, is_broken: bool, stage: str) -> None:
    assert stage_of(days, is_broken=is_broken) == stage


def one(language: str, segment: str = "", version: int = 0) -> Script:
    return Script("early", segment, language, "o", ("q",), "c", "", version)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([one("en"), one("de")], one("de")),
        ([one("en"), one("fr")], one("en")),  # English where the language lacks it
        ([one("de"), one("de", version=2)], one("de", version=2)),
        ([one("de", version=2), one("de", "retail")], one("de", "retail")),
        ([one("de"), one("en", "retail")], one("de")),  # the language goes before the segment
        ([one("de", "public")], None),
    ],
)
def test_the_nearest_script_is_spoken(there: list[Script], expected: Script | None) -> None:
    assert pick(there, stage="early", segment="retail", language="de") == expected


def confirm(language: str, agreed: list[Agreed], person: str = "Mo") -> tuple[str, str]:
    return write_confirmation(
        WORDS[language],
        person=person,
        entity="Northwind",
        agreed=agreed,
        references=["1042"],
        today=date(2026, 3, 10),
        locale=reader(language, tag="", country="DE"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_says_all_that_was_agreed(language: str) -> None:
    promise = Agreed("promise", "", "EUR", 500_000, date(2026, 3, 13))
    subject, body = confirm(
        language,
        [
            promise,
            promise._replace(minor=10_000, condition="send a copy"),
            Agreed("dispute", "1042", "EUR", 45_000, date(2026, 3, 20), reason="damage"),
            Agreed("copy", "1043"),
        ],
    )
    assert "{{" not in subject + body
    amount = reader(language, tag="", country="DE").money(500_000, 2)
    for told in (f"{amount} EUR", "100,00 EUR", "send a copy", "450,00 EUR", "1043", "1042", "Mo"):
        assert told in body
    _, copy_alone = confirm(language, [Agreed("copy", "1043")])
    assert "1042" not in copy_alone  # no reference to pay by where nothing is paid


def test_no_name_ends_a_line() -> None:
    subject, body = confirm("en", [Agreed("copy", "1043\r\nBcc: spy@x.test")], "Mo\nBcc: x@y.z")
    assert "\nBcc" not in subject + body


def test_what_was_taken_back_is_not_confirmed() -> None:
    stay = Reason("legal", "A stay.")
    told = {"is_suppressed": False, "is_taken_back": False}
    assert never_confirms(barred=None, **told) is None
    assert never_confirms(barred=stay, **told) == stay
    assert never_confirms(barred=None, **told | {"is_taken_back": True}) == TAKEN_BACK
    assert never_confirms(barred=None, **told | {"is_suppressed": True}) == SUPPRESSED


@pytest.mark.parametrize(
    ("local", "is_open", "opens"),
    [
        ("2026-03-10T07:59", False, "2026-03-10T08:00"),
        ("2026-03-10T08:00", True, "2026-03-10T08:00"),
        ("2026-03-10T17:59", True, "2026-03-10T17:59"),
        ("2026-03-10T18:00", False, "2026-03-11T08:00"),
        ("2026-03-14T10:00", False, "2026-03-17T08:00"),  # Saturday, and Monday is a holiday here
    ],
)
def test_when_they_may_be_called(local: str, is_open: bool, opens: str) -> None:
    moment, holiday = datetime.fromisoformat(local), date(2026, 3, 16)
    works = moment.date() != holiday
    assert (not_callable(moment, GENTLE, works=works) is None) == is_open
    assert next_window(moment, GENTLE, lambda day: day != holiday) == datetime.fromisoformat(opens)


def test_where_nobody_ever_works_nobody_is_called() -> None:
    assert next_window(datetime(2026, 3, 10, 9), GENTLE, lambda day: False) is None
