"""Read a pack of rules, or say everything that is wrong with it, place by place.

Every rule has the same heads (`_HEADS`); what else it may have goes by what it is about (`PARAMS`
in `params`). A rule of the same id is one rule over time: its periods follow each other without a
gap and without an overlap.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from duly.collections.errors import LawPackUnfit
from duly.collections.rules.laws.params import PARAMS, read_params
from duly.collections.rules.laws.places import is_place
from duly.collections.rules.laws.rule import (
    BY_DEBTOR,
    BY_LAW,
    DEBTOR_KINDS,
    ENFORCE,
    LEVELS,
    NO_JUDGE,
    SINGLE,
    STATUSES,
    Pack,
    Rule,
)
from duly.kernel.errors import Problem

_TOP = {"name", "title", "checked_on", "rule"}
_HEADS = {
    *("id", "place", "by", "who", "what", "level", "from", "to", "words", "source"),
    *("checked_on", "status"),
}
_NEEDED = ("id", "place", "who", "what", "level", "words", "source", "status")
_ALWAYS, _FOR_EVER = date.min, date.max
_LONGEST = {"id": 40, "words": 500, "source": 300}


def read_pack(document: Mapping[str, Any], *, version: int = 0) -> Pack:
    """A pack of a document. Refuses: LawPackUnfit with every problem, its place and its remedy."""
    problems = [_unknown(key, key, sorted(_TOP)) for key in sorted(document.keys() - _TOP, key=str)]
    name, title = document.get("name"), document.get("title")
    for key, value in (("name", name), ("title", title)):
        if not isinstance(value, str) or not value.strip() or len(value) > 64:
            told = "It has no name." if key == "name" else "It has no title."
            problems.append(Problem(key, "LAW_NAME_MISSING", told, "Write up to 64 characters."))
    checked_on = document.get("checked_on")
    if not isinstance(checked_on, date):
        problems.append(
            Problem(
                "checked_on",
                "LAW_DAY_UNFIT",
                "Nobody says when it was checked.",
                "Write the day: checked_on = 2026-11-01.",
            )
        )
        checked_on = _ALWAYS
    given = document.get("rule")
    rules = []
    if not isinstance(given, list) or not given:
        problems.append(
            Problem("rule", "LAW_RULES_MISSING", "It has no rules.", "Write them as [[rule]].")
        )
        given = []
    for place, raw in enumerate(given, 1):
        rule = _rule(raw, place, str(name), version, checked_on, problems)
        if rule is not None:
            rules.append(rule)
    problems += periods_unfit(rules)
    if problems:
        raise LawPackUnfit(
            f"The rules can't be used: {len(problems)} problems.",
            facts={"problems": problems},
            remedy="Mend what is named; nothing was kept.",
        )
    return Pack(str(name), str(title), checked_on, tuple(rules), version)


def _rule(
    raw: Any, place: int, pack: str, version: int, checked_on: date, problems: list[Problem]
) -> Rule | None:
    """A rule, or None with every fault of it among the problems."""
    if not isinstance(raw, Mapping):
        problems.append(
            Problem(f"rule {place}", "LAW_RULE_UNFIT", "It is no table.", "Write [[rule]].")
        )
        return None
    where, count = f"rule {place} ({raw.get('id', 'without id')})", len(problems)
    what = raw.get("what")
    if not isinstance(what, str) or what not in PARAMS:
        problems.append(
            Problem(
                f"{where}, what",
                "LAW_WHAT_UNKNOWN",
                f"{what!r} is nothing that a rule can be about.",
                f"Use one of {', '.join(sorted(PARAMS))}.",
            )
        )
        return None
    known = _HEADS | PARAMS[what].keys()
    problems += [
        _unknown(f"{where}, {key}", key, sorted(known))
        for key in sorted(raw.keys() - known, key=str)
    ]
    _heads_unfit(raw, where, what, problems)
    params = read_params(raw, what, where, problems)
    if len(problems) > count:
        return None
    return Rule(
        id=raw["id"],
        place=raw["place"],
        by=raw.get("by", BY_DEBTOR),
        who=frozenset(raw["who"]),
        what=what,
        level=raw["level"],
        from_on=raw.get("from"),
        to_on=raw.get("to"),
        words=raw["words"],
        source=raw["source"],
        checked_on=raw.get("checked_on", checked_on),
        status=raw["status"],
        params=params,
        pack=pack,
        version=version,
    )


def _heads_unfit(raw: Mapping[str, Any], where: str, what: str, problems: list[Problem]) -> None:
    for key in _NEEDED:
        if not raw.get(key):
            problems.append(
                Problem(f"{where}, {key}", "LAW_FIELD_MISSING", f"It has no {key}.", "Write it.")
            )
    for key, longest in _LONGEST.items():
        value = raw.get(key, "")
        if not isinstance(value, str) or len(value) > longest:
            told = f"It is no text of at most {longest} characters."
            problems.append(Problem(f"{where}, {key}", "LAW_TEXT_UNFIT", told, "Shorten it."))
    place = raw.get("place", "*")
    if not isinstance(place, str) or not is_place(place):
        problems.append(
            Problem(
                f"{where}, place",
                "LAW_PLACE_UNKNOWN",
                f"{place!r} is no place that is known.",
                "Use *, EU, a country such as DE, or a part of one such as US-CA.",
            )
        )
    for key, values in (
        ("by", (BY_DEBTOR, BY_LAW)),
        ("level", tuple(LEVELS)),
        ("status", tuple(STATUSES)),
    ):
        if raw.get(key, values[0]) not in values:
            problems.append(_none_of(f"{where}, {key}", raw[key], values))
    who = raw.get("who", [])
    if not isinstance(who, list) or any(one not in DEBTOR_KINDS for one in who):
        problems.append(_none_of(f"{where}, who", who, tuple(DEBTOR_KINDS)))
    if what in NO_JUDGE and raw.get("level") == ENFORCE:
        problems.append(
            Problem(
                f"{where}, level",
                "LAW_LEVEL_UNFIT",
                "No machine can enforce it: it tells people.",
                "Use warn or inform.",
            )
        )
    first, last = raw.get("from"), raw.get("to")
    days = [day for day in (first, last, raw.get("checked_on")) if day is not None]
    if any(type(day) is not date for day in days):
        told = "A day is no date."
        problems.append(Problem(where, "LAW_DAY_UNFIT", told, "Write it as 2026-11-01."))
    elif first and last and last < first:
        told = f"It ends on {last}, before it begins."
        problems.append(Problem(f"{where}, to", "LAW_DAY_UNFIT", told, "Put the days in order."))


def periods_unfit(rules: list[Rule] | tuple[Rule, ...]) -> list[Problem]:
    """Gaps and overlaps: between the periods of a rule, and between rules of which one can hold."""
    problems = []
    by_id: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_id[rule.id].append(rule)
    for id_, found in by_id.items():
        for before, after in pairwise(sorted(found, key=_begins)):
            ends, begins = before.to_on or _FOR_EVER, _begins(after)
            if begins <= ends:
                told = f"Two periods overlap: one ends on {_said(ends)}, the next begins before."
                problems.append(Problem(id_, "LAW_OVERLAP", told, "End one before the next."))
            elif begins > ends + timedelta(days=1):
                told = f"Nothing holds between {ends} and {begins}."
                problems.append(Problem(id_, "LAW_GAP", told, "Let one begin where one ends."))
    single = [rule for rule in rules if rule.what in SINGLE]
    for place, one in enumerate(single):
        for other in single[place + 1 :]:
            if one.id != other.id and _collide(one, other):
                told = f"{one.id} and {other.id} say two things of {one.what} in {one.place}."
                problems.append(
                    Problem(other.id, "LAW_OVERLAP", told, "Part their days or their debtors.")
                )
    return problems


def _collide(one: Rule, other: Rule) -> bool:
    return (
        one.what == other.what
        and one.place == other.place
        and bool(one.who & other.who)
        and _begins(one) <= (other.to_on or _FOR_EVER)
        and _begins(other) <= (one.to_on or _FOR_EVER)
    )


def _begins(rule: Rule) -> date:
    return rule.from_on or _ALWAYS


def _said(day: date) -> str:
    return "no day" if day == _FOR_EVER else day.isoformat()


def _unknown(where: str, key: str, known: list[str]) -> Problem:
    told = f"{key!r} is no field here."
    return Problem(where, "LAW_FIELD_UNKNOWN", told, f"Use {', '.join(known)}.")


def _none_of(where: str, given: Any, values: tuple[str, ...]) -> Problem:
    told = f"{given!r} is none of what can stand here."
    return Problem(where, "LAW_VALUE_UNFIT", told, f"Use {', '.join(values)}.")
