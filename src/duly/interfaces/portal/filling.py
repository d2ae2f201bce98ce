"""A form's fields as a page shows and reads them; the same for applicants, referees and clerks."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import QueryDict

from duly.credit.rules import request_fields as kinds
from duly.credit.rules.request_fields import Block, Field
from duly.credit.rules.request_form import Form
from duly.kernel.errors import Problem
from duly.kernel.locales import country_name

TYPES = {kinds.DAY: "date", kinds.EMAIL: "email", kinds.PHONE: "tel"}
MODES = {kinds.AMOUNT: "decimal", kinds.SHARE: "decimal", kinds.COUNT: "numeric"}
OURS = ("csrfmiddlewaretoken", "act", "more")
SPARE_ROWS = 1
COUNTRIES = (
    *(
        "GB",
        "US",
        "DE",
        "FR",
        "NL",
        "BE",
        "IE",
        "AT",
        "CH",
        "IT",
        "ES",
        "PT",
        "PL",
        "CZ",
        "DK",
        "SE",
    ),
    *("NO", "FI", "LU", "CA", "AU", "NZ", "IN", "SG", "JP", "ZA", "BR", "MX"),
)


class Shown(NamedTuple):
    """A field on a page."""

    name: str
    label: str
    kind: str
    value: Any
    error: str
    hint: str
    is_required: bool
    choices: Sequence[tuple[str, str]]
    fills: str
    type: str
    mode: str
    most: int
    rows: list[list["Shown"]]
    may_grow: bool = False


class Wrong(NamedTuple):
    """A problem in a summary, and the field that it leads to."""

    name: str
    message: str


def shown(
    block: Block, form: Form, typed: Mapping[str, Any], problems: Sequence[Problem], more: str = ""
) -> list[Shown]:
    """The fields of a block with what was typed and what is wrong. Given: `more` rows wanted of."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.where, f"{problem.message} {problem.remedy}".strip())
    return [_shown(field, form, typed, errors, more) for field in block.fields]


def _shown(
    field: Field, form: Form, typed: Mapping[str, Any], errors: Mapping[str, str], more: str
) -> Shown:
    value = typed.get(field.id, "")
    one = _one(field, field.id, value, errors.get(field.id, ""), field.id in form.required)
    if field.kind != kinds.ROWS:
        return one
    given = value if isinstance(value, list) else []
    least = {"trade_references": form.references, "guarantors": form.guarantors}.get(field.id, 1)
    count = max(len(given) + (2 if more == field.id else 0), least)
    rows = []
    for place in range(min(count, field.most)):
        row = given[place] if place < len(given) and isinstance(given[place], dict) else {}
        rows.append(
            [
                _one(
                    part,
                    f"{field.id}-{place}-{part.id}",
                    row.get(part.id, ""),
                    errors.get(f"{field.id}[{place}].{part.id}", ""),
                    False,
                )
                for part in field.parts
            ]
        )
    return one._replace(rows=rows, may_grow=len(rows) < field.most)


def _one(field: Field, name: str, value: Any, error: str, is_required: bool) -> Shown:
    choices: Sequence[tuple[str, str]] = field.choices
    if field.kind == kinds.COUNTRY:
        choices = sorted(((c, country_name(c, "en")) for c in COUNTRIES), key=lambda c: c[1])
        if value and value not in dict(choices):
            choices = [*choices, (str(value), country_name(str(value), "en"))]
    is_held = value is True or value in ("on", "yes")
    return Shown(
        name,
        field.label,
        field.kind,
        is_held if field.kind == kinds.YES else value,
        error,
        field.hint,
        is_required,
        choices,
        field.fills,
        TYPES.get(field.kind, "text"),
        MODES.get(field.kind, ""),
        field.most,
        [],
    )


def given_in(block: Block, posted: QueryDict) -> dict[str, Any]:
    """What a form brought, as answers; names that no field has come through, to be told."""
    given: dict[str, Any] = {}
    known = set(OURS)
    for field in block.fields:
        if field.kind == kinds.ROWS:
            given[field.id] = _rows(field, posted, known)
            continue
        known.add(field.id)
        value = posted.get(field.id, "")
        given[field.id] = (
            value == "on" if field.kind == kinds.YES and value in ("", "on") else value
        )
    return {**given, **{name: posted[name] for name in posted if name not in known}}


def _rows(field: Field, posted: QueryDict, known: set[str]) -> list[dict[str, str]]:
    rows = []
    for place in range(field.most):
        names = {part.id: f"{field.id}-{place}-{part.id}" for part in field.parts}
        known.update(names.values())
        row = {part: str(posted[name]) for part, name in names.items() if posted.get(name)}
        is_preset = set(row) <= {part.id for part in field.parts if part.kind == kinds.CHOICE}
        if row and not is_preset:
            rows.append(row)
    return rows


def wrong_in(problems: Sequence[Problem]) -> list[Wrong]:
    """A summary of problems, each with the field that it leads to."""
    found = []
    for problem in problems:
        name = problem.where.replace("[", "-").replace("].", "-").replace("]", "")
        found.append(Wrong(name, problem.message))
    return found


def in_block(problems: Sequence[Problem], block: Block) -> list[Problem]:
    """Problems of the fields of a block."""
    names = {field.id for field in block.fields}
    return [p for p in problems if p.where.partition("[")[0] in names]
