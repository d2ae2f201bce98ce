"""The list: every rule in force today, narrowed by place, matter, level and status."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from duly.collections.queries.laws import laws_on, levels_on
from duly.collections.rules.laws.places import covers, is_place
from duly.collections.rules.laws.rule import DEBTOR_KINDS, LEVELS, MATTERS, STATUSES, Rule
from duly.interfaces.web.current import entity_of, today
from duly.interfaces.web.exporting import Table, file_addresses
from duly.interfaces.web.guard import page
from duly.interfaces.web.numbers import page_in

PAGE_SIZE = 40
TONES = {"enforce": ("act", "shield-check"), "warn": ("warn", "triangle-alert")}
COLUMNS = (
    *("id", "place", "what", "level", "who", "words", "source", "checked_on", "status"),
    *("from_on", "to_on", "pack"),
)


class Shown(NamedTuple):
    """A rule as a row."""

    rule: Rule
    matter: str
    level: str
    tone: str
    icon: str
    who: str
    is_changed: bool


def shown(rule: Rule, changed: Mapping[str, object]) -> Shown:
    """A rule with its words for people."""
    tone, icon = TONES.get(rule.level, ("", "info"))
    everyone = len(rule.who) == len(DEBTOR_KINDS)
    who = (
        "everyone"
        if everyone
        else ", ".join(label.lower() for kind, label in DEBTOR_KINDS.items() if kind in rule.who)
    )
    return Shown(rule, MATTERS[rule.what], LEVELS[rule.level], tone, icon, who, rule.id in changed)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filters that can mean something."""
    given = {name: request.GET.get(name, "") for name in ("place", "what", "level", "status")}
    given["place"] = given["place"].strip().upper()[:6]
    known = {"what": MATTERS, "level": LEVELS, "status": STATUSES}
    return {
        name: value
        for name, value in given.items()
        if value and (is_place(value) if name == "place" else value in known[name])
    }


def _found(request: HttpRequest, asked: Mapping[str, str]) -> list[Rule]:
    entity = entity_of(request)
    return [
        rule
        for rule in laws_on(entity.pk, today(entity))
        if asked.get("what", rule.what) == rule.what
        and asked.get("level", rule.level) == rule.level
        and asked.get("status", rule.status) == rule.status
        and ("place" not in asked or covers(rule.place, asked["place"]))
    ]


@page()
def laws(request: HttpRequest) -> HttpResponse:
    """The list; `?place=`, `?what=`, `?level=`, `?status=`, `?page=`."""
    entity, asked = entity_of(request), _asked(request)
    on, number = today(entity), page_in(request.GET.get("page", ""))
    found = _found(request, asked)
    changed = levels_on(entity.pk, on)
    first = (number - 1) * PAGE_SIZE
    told: dict[str, Any] = {
        "on": on,
        "rows": [shown(rule, changed) for rule in found[first : first + PAGE_SIZE]],
        "count": len(found),
        "unverified": sum(rule.status == "unverified" for rule in found),
        "asked": asked,
        "matters": MATTERS,
        "levels": LEVELS,
        "statuses": STATUSES,
        "newer": _address(asked, number - 1) if number > 1 else "",
        "following": _address(asked, number + 1) if len(found) > first + PAGE_SIZE else "",
        "keys": [("Page before, after", "P N")],
        **file_addresses(request, "laws"),
    }
    return render(request, "web/laws.html", told)


def table(request: HttpRequest) -> Table:
    """The whole list as it is asked for."""
    entity = entity_of(request)
    rows = (
        [
            ", ".join(sorted(value)) if name == "who" else str(value or "")
            for name, value in ((name, getattr(rule, name)) for name in COLUMNS)
        ]
        for rule in _found(request, _asked(request))
    )
    return Table(f"laws-{today(entity)}", list(COLUMNS), [], rows)


def _address(asked: Mapping[str, str], number: int) -> str:
    told = dict(asked) | ({"page": str(number)} if number > 1 else {})
    return reverse("laws") + (f"?{urlencode(told)}" if told else "")
