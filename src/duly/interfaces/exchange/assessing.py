"""An assessment as scripts read it."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

from duly.credit.rules.assessing import DIGITS, Assessment, assess, refuse_kind
from duly.credit.rules.failure_models import Outcome
from duly.credit.rules.statement_files import positive_given, statements_given
from duly.credit.rules.statements import plain
from duly.interfaces.exchange.json_documents import read_document

_SHOWN = Decimal("0.000001")


def assess_file(path: Path) -> dict[str, Any]:
    """What the statements of a JSON document say; nothing is written and no books are asked."""
    document = read_document(path)
    given = statements_given(document)
    market_value = positive_given(document.get("market_value_of_equity"), "market_value_of_equity")
    found = assess(
        given.sheets,
        refuse_kind(document.get("kind")),
        None if market_value is None else market_value * given.sheets[0].unit,
        positive_given(document.get("price_index"), "price_index"),
    )
    told = assessment_document(found)
    unknown = [{"where": p.where, "code": p.code, "message": p.message} for p in given.problems]
    return told | {"problems": unknown + told["problems"]}


def assessment_document(found: Assessment) -> dict[str, Any]:
    """Ratios, models and problems; every value opens to its inputs."""
    return {
        "currency": found.sheet.currency,
        "year_end": found.sheet.year_end.isoformat(),
        "ratios": {name: number(ratio.value) for name, ratio in found.ratios.items()},
        "made_of": {
            name: {
                "formula": ratio.formula.told,
                "inputs": [{"name": one.name, "value": plain(one.value)} for one in ratio.inputs],
            }
            for name, ratio in found.ratios.items()
        },
        "models": [_model(one, found.chosen) for one in found.models],
        "chosen": found.chosen,
        "why": found.why,
        "problems": [
            {"where": p.where, "code": p.code, "message": p.message} for p in found.problems
        ],
    }


def _model(one: Outcome, chosen: str) -> dict[str, Any]:
    told = {
        "id": one.model.id,
        "label": one.model.label,
        "value": number(one.value),
        "zone": one.zone,
        "chosen": one.model.id == chosen,
        "made_for": one.model.made_for,
        "points": [{"name": p.name, "points": number(p.points)} for p in one.points],
        "moves": [
            {
                "to": move.zone,
                "by": number(move.gap),
                "one_of": [{"name": way.name, "by": number(way.value)} for way in move.ways],
            }
            for move in one.moves
        ],
        "note": one.model.note,
    }
    if one.model.id == "ohlson":
        told["probability"] = number(one.probability)
    return told


def number(value: Decimal | None) -> str | None:
    """A value with six decimals; rounded half up."""
    if value is None:
        return None
    with localcontext(prec=DIGITS):
        return format(value.quantize(_SHOWN, ROUND_HALF_UP), "f")
