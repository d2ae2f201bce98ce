"""Words for calls, as data: by stage, segment and language, filled with a customer's figures."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from duly.collections.errors import ScriptUnfit
from duly.collections.rules.templates import check_fields, render
from duly.kernel.errors import Problem
from duly.kernel.locales import LANGUAGES

# Days past due from which on a stage is spoken; a broken promise goes before all of them.
STAGES = {"before_due": None, "early": 1, "firm": 16, "serious": 31, "final": 61}
BROKEN = "broken_promise"
FIELDS = frozenset(
    {
        "customer",
        "entity",
        "person",
        "amount",
        "currency",
        "count",
        "number",
        "due_on",
        "days_late",
        "promised",
        "promised_on",
        "missing",
        "by_day",
        "check_day",
        "today",
    }
)
MOST_QUESTIONS = 12
MOST_LETTERS = 600


class Script(NamedTuple):
    """What is said first, asked, said at the end, and, only where needed, of what follows."""

    stage: str
    segment: str
    language: str
    opening: str
    questions: tuple[str, ...]
    closing: str
    consequence: str = ""
    version: int = 0


def stage_of(days_late: int, *, is_broken: bool) -> str:
    """The stage of an account by the days its oldest item is late.

    >>> stage_of(0, is_broken=False), stage_of(15, is_broken=False), stage_of(61, is_broken=False)
    ('before_due', 'early', 'final')
    >>> stage_of(5, is_broken=True)
    'broken_promise'
    """
    if is_broken:
        return BROKEN
    reached = [name for name, first in STAGES.items() if first is None or days_late >= first]
    return reached[-1]


def read_script(document: Mapping[str, Any], *, version: int = 0) -> Script:
    """A script from its document. Refuses: ScriptUnfit, with every fault and its place."""
    problems = [
        Problem(name, "SCRIPT_FIELD_UNFIT", "No script has this part.", "Take it out.")
        for name in sorted(set(document) - set(Script._fields) | {"version"} & set(document))
    ]
    problems += _faults(document)
    if problems:
        raise ScriptUnfit(
            f"The script can't be used: {len(problems)} problems.",
            facts={"problems": problems},
            remedy="Mend what is named; nothing was kept.",
        )
    return Script(
        document["stage"],
        document.get("segment", ""),
        document["language"],
        document["opening"],
        tuple(document["questions"]),
        document["closing"],
        document.get("consequence", ""),
        version,
    )


def _faults(document: Mapping[str, Any]) -> list[Problem]:
    found = []

    def fault(where: str, told: str, remedy: str) -> None:
        found.append(Problem(where, "SCRIPT_FIELD_UNFIT", told, remedy))

    stage, stages = document.get("stage"), [*STAGES, BROKEN]
    if stage not in stages:
        fault("stage", f"{stage!r} is no stage.", f"Take one of: {', '.join(stages)}.")
    if document.get("language") not in LANGUAGES:
        told = f"{document.get('language')!r} is no language of ours."
        fault("language", told, f"Take one of: {', '.join(LANGUAGES)}.")
    segment = document.get("segment", "")
    if not isinstance(segment, str) or len(segment) > 64:
        fault("segment", "This is no segment.", "Write its name, or nothing for all of them.")
    questions = document.get("questions", ())
    if not isinstance(questions, list) or not 1 <= len(questions) <= MOST_QUESTIONS:
        fault("questions", "There are none, or too many.", f"Write 1 to {MOST_QUESTIONS} of them.")
        questions = []
    texts = {name: document.get(name, "") for name in ("opening", "closing", "consequence")}
    texts |= {f"question {place}": text for place, text in enumerate(questions, 1)}
    for where, text in texts.items():
        if not isinstance(text, str) or len(text) > MOST_LETTERS:
            fault(where, "This is no text that one can say.", f"At most {MOST_LETTERS} letters.")
        elif not text.strip() and where != "consequence":
            fault(where, "There is no text.", "Write one.")
        else:
            found += check_fields(where, text, FIELDS)
    return found


def document_of(script: Script) -> dict[str, Any]:
    """A script as it is written down."""
    told = script._asdict()
    del told["version"]
    return {**told, "questions": list(script.questions)}


def pick(scripts: Iterable[Script], *, stage: str, segment: str, language: str) -> Script | None:
    """The script for a call: the segment's own goes before that of all, the firm's newest before
    what comes with Duly, English where the language lacks it."""
    best: tuple[int, ...] | None = None
    found = None
    for one in scripts:
        if one.stage != stage or one.segment not in ("", segment):
            continue
        if one.language not in (language, "en"):
            continue
        rank = (one.language == language, one.segment == segment != "", one.version)
        if best is None or rank > best:
            best, found = rank, one
    return found


def fill(script: Script, values: Mapping[str, str]) -> Script:
    """A script with the figures of a customer in it."""

    def filled(text: str) -> str:
        return render(text, values, [])

    return script._replace(
        opening=filled(script.opening),
        questions=tuple(filled(one) for one in script.questions),
        closing=filled(script.closing),
        consequence=filled(script.consequence),
    )
