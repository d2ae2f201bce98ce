"""The memo of a decision as PDF: all that was kept on the day, nothing that came later."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from duly.credit.models import CreditDecision
from duly.credit.models.decisions import VERDICTS
from duly.interfaces.exchange.statements import paper_of
from duly.interfaces.exchange.writers.memos import typeset_memo
from duly.interfaces.exchange.writers.statements import Typeset
from duly.interfaces.exchange.writers.statements.pagination import PAPERS
from duly.interfaces.exchange.writers.tables import replacing
from duly.parties.models import Entity

Part = dict[str, Any]


def memo_pdf(entity: Entity, decision: CreditDecision) -> Typeset:
    """The memo of a decision, drawn from what was kept with it."""
    memo, on = decision.memo, decision.decided_on
    width, height = PAPERS[paper_of(entity)]
    number = memo["request"] or f"limit proposal {memo['proposal']}"
    return typeset_memo(
        {
            "title": f"Memo of {number}, {on}",
            "author": entity.name,
            "date": {"year": on.year, "month": on.month, "day": on.day},
            "paper": {"width": width, "height": height},
            "heading": f"{memo['applicant'] or number}: {dict(VERDICTS)[decision.verdict].lower()}",
            "lede": f"Memo of {number} as it was on {on}; never changed since.",
            "parts": memo_parts(memo),
        }
    )


def write_memo(entity: Entity, decision: CreditDecision, path: Path) -> dict[str, Any]:
    """Write the memo as a file, whole or not at all; tell what was written."""
    drawn = memo_pdf(entity, decision)
    with replacing(path) as new:
        new.write_bytes(drawn.pdf)
    return {"file": str(path), "bytes": len(drawn.pdf), "pdf_a": not drawn.unprinted}


def memo_parts(memo: Mapping[str, Any]) -> list[Part]:
    """Everything that a memo keeps, as headings with facts and tables; what is empty is left out.

    >>> memo_parts({"decision": {"reason": "Steady"}})[0]["facts"]
    [['Reason', 'Steady']]
    """
    known = memo.get("known") or {}
    return [
        part
        for part in (
            _decided(memo),
            _asked(memo),
            _facts("What was known", _flat({k: known.get(k) for k in _SHORTLY})),
            _facts("Limit that stood", _flat(known.get("limit_now") or {})),
            _methods(known),
            _score(known.get("score") or {}),
            _facts("Figures", _flat(known.get("figures") or {})),
            _table("Checks", ("what", "told", "state"), known.get("checks") or ()),
            _table(
                "Who had it before",
                ("step", "to", "verdict", "amount", "reason", "by", "role", "on"),
                memo.get("steps") or (),
            ),
            _facts("Policy of that day", [*sorted(_flat(memo.get("policy") or {}, "off"))]),
        )
        if part["facts"] or part["rows"]
    ]


_SHORTLY = ("recommended", "binding", "band", "missing", "has_statements", "currency")


def _decided(memo: Mapping[str, Any]) -> Part:
    told = dict(memo.get("decision") or {})
    terms = told.pop("terms", None) or {}
    proposed = told.pop("terms_proposed", None) or {}
    rows = _flat(told) + [[f"Terms: {name.lower()}", value] for name, value in _flat(terms)]
    if proposed:
        rows.append(["Terms of the band", str(proposed["why"])])
    return _facts("Decision", rows)


def _asked(memo: Mapping[str, Any]) -> Part:
    names = ("applicant", "country", "is_natural_person", "asked", "currency", "submitted_by")
    names += ("submitted_on", "why_proposed")
    rows = _flat({name: memo.get(name) for name in names})
    return _facts("Asked", rows + _flat(memo.get("because") or {}))


def _methods(known: Mapping[str, Any]) -> Part:
    rows = [
        {
            "method": _spoken(one["id"]),
            "made_from": ", ".join(f"{_spoken(k)} {v}" for k, v in one["inputs"].items())
            or f"not known: {_told(one['missing'])}",
            "amount": one["amount"] or "–",
        }
        for one in known.get("methods") or ()
    ]
    return _table("Methods", ("method", "made_from", "amount"), rows)


def _score(score: Mapping[str, Any]) -> Part:
    part = _table("Score", ("id", "value", "points", "of"), score.get("factors") or ())
    return {**part, "facts": _flat({k: v for k, v in score.items() if k != "factors"})}


def _facts(name: str, facts: list[list[str]]) -> Part:
    return {"name": name, "facts": facts, "columns": [], "rows": []}


def _table(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Part:
    heads = [
        {"name": _spoken(one).capitalize(), "right": one in ("amount", "points", "of")}
        for one in columns
    ]
    told = [[_told(row.get(one)) for one in columns] for row in rows]
    return {"name": name, "facts": [], "columns": heads, "rows": told}


def _flat(told: Mapping[str, Any], empty: str = "") -> list[list[str]]:
    """Names and values as texts; what was not said is left out unless it has a word."""
    rows = [[_spoken(name).capitalize(), _told(value) or empty] for name, value in told.items()]
    return [row for row in rows if row[1]]


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_told(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_spoken(name)} {_told(one)}" for name, one in value.items())
    return value.isoformat() if isinstance(value, date) else str(value)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
