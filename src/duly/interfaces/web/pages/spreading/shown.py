"""What statements say, as the card and the page show it: each number with what it is made of."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from django.urls import reverse

from duly.credit.models.statements import ASSURANCES, FIRM_KINDS
from duly.credit.queries.statements import Kept, Subject, analysis_of, segment_of, statements_of
from duly.credit.rules.analysis import Analysis, CommonRow, RatioRow
from duly.credit.rules.assessing import DIGITS
from duly.credit.rules.failure_models import Outcome
from duly.credit.rules.measuring import Input
from duly.credit.rules.ratios import AMOUNT, DAY_COUNT, PERCENT
from duly.credit.rules.statement_lines import SECTIONS
from duly.credit.rules.statements import UNITS, before, cash_gap

MINUS = "\u2212"
LEADING = (
    *("current_ratio", "quick_ratio", "debt_to_equity", "interest_cover"),
    *("dpo", "net_margin", "tangible_net_worth"),
)
ICONS = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
TRENDS = {"up": "trending-up", "down": "trending-down", "steady": "move-right"}
ZONES = {"safe": "good", "grey": "warn", "distress": "bad"}


def statements_context(
    entity_id: int, on: date, *, request_id: int | None = None, customer_id: int | None = None
) -> dict[str, Any]:
    """What `web/credit/statements_card.html` needs, under the name `statements`."""
    kept = statements_of(entity_id, request_id, customer_id)
    whose = Subject(request_id, customer_id)
    if request_id is not None and kept:
        whose = Subject(request_id, next((k.subject.customer_id for k in kept), None))
    found = analysis_of(entity_id, kept, on, segment_of(whose.customer_id))
    side = "request" if request_id is not None else "customer"
    names = [request_id if request_id is not None else customer_id]
    told: dict[str, Any] = {
        "is_there": found is not None,
        "kept": [_kept(one) for one in kept],
        "address": reverse(f"credit_statements_{side}", args=names),
        "spread": reverse(f"credit_spread_{side}", args=names),
    }
    return {"statements": told | (_told(found, kept) if found else {})}


def _kept(one: Kept) -> dict[str, Any]:
    return {
        "one": one,
        "assurance": dict(ASSURANCES)[one.assurance],
        "unit": UNITS[one.sheet.unit],
        "currency": one.sheet.currency,
    }


def _told(found: Analysis, kept: Sequence[Kept]) -> dict[str, Any]:
    newest, unit = kept[0], found.sheets[0].unit
    rows = [_row(row, unit) for row in found.rows]
    models = [_model(one, found.assessment.chosen, unit) for one in found.assessment.models]
    return {
        "years": found.year_ends,
        "unit": UNITS[unit],
        "currency": newest.sheet.currency,
        "assurance": dict(ASSURANCES)[newest.assurance],
        "firm_kind": dict(FIRM_KINDS)[newest.firm_kind],
        "months": newest.sheet.months,
        "cash": _cash(found, unit),
        "rows": rows,
        "leading": [row for row in rows if row["id"] in LEADING],
        "models": models,
        "chosen": next(one for one in models if one["is_chosen"]),
        "why": found.assessment.why,
        "common": _sections(found.common),
    }


def _cash(found: Analysis, unit: int) -> dict[str, str]:
    """Whether cash rolls on from the year before, with the exact gap."""
    gap = cash_gap(found.sheets[0], before(found.sheets))
    if gap is None:
        return {"tone": "good", "icon": "circle-check", "text": "Balances"}
    if gap:
        told = f"Balances; cash is off by {figure(abs(gap), unit)}"
        return {"tone": "warn", "icon": "triangle-alert", "text": told}
    return {"tone": "good", "icon": "circle-check", "text": "Balances, cash rolls"}


def _row(row: RatioRow, unit: int) -> dict[str, Any]:
    reading = row.reading
    return {
        "id": row.formula.id,
        "label": row.formula.label,
        "formula": row.formula.told,
        "cells": [
            {
                "text": value_of(ratio.value, row.formula.kind, unit),
                "why": ratio.problem.message if ratio.problem else "",
                "inputs": _inputs(ratio.inputs, unit),
            }
            for ratio in row.years
        ],
        "trend": row.trend.way if row.trend else "",
        "trend_icon": TRENDS[row.trend.way] if row.trend else "",
        "reading": reading,
        "icon": ICONS.get(reading.tone, ""),
    }


def _inputs(inputs: Sequence[Input], unit: int) -> list[tuple[str, str]]:
    return [
        (one.name, rounded(one.value, 2) if one.name == "Price index" else figure(one.value, unit))
        for one in inputs
    ]


def _model(one: Outcome, chosen: str, unit: int) -> dict[str, Any]:
    model = one.model
    return {
        "id": model.id,
        "label": model.label,
        "made_for": model.made_for,
        "value": rounded(one.value, 0 if model.id == "piotroski" else 2),
        "zone": one.zone or "",
        "tone": ZONES.get(one.zone or "", ""),
        "icon": ICONS.get(ZONES.get(one.zone or "", ""), ""),
        "is_chosen": model.id == chosen,
        "cuts": _cuts(one),
        "probability": value_of(one.probability, PERCENT, 1) if one.probability else "",
        "note": model.note,
        "why": one.problem.message if one.problem else "",
        "points": [(point.name, rounded(point.points, 3)) for point in one.points],
        "constant": rounded(model.constant, 3) if model.constant else "",
        "inputs": _inputs(one.inputs, unit),
        "moves": [
            {
                "zone": move.zone,
                "ways": [(way.name, signed(way.value, unit)) for way in move.ways],
            }
            for move in one.moves
        ],
        "failed": [point.name for point in one.points if not point.points]
        if model.id == "piotroski"
        else [],
    }


def _cuts(one: Outcome) -> str:
    cuts = one.model.cuts
    if one.model.id == "piotroski":
        return "8 and 9 strong, 0 to 2 weak"
    if cuts.is_less_better:
        return f"safe under {cuts.high}"
    if cuts.low == cuts.high:
        return f"safe from {cuts.low}"
    return f"safe over {cuts.high}, distress under {cuts.low}"


def _sections(common: Sequence[CommonRow]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "of": "of total assets" if section == "balance" else "of sales",
            "rows": [
                {
                    "label": row.line.label,
                    "is_sum": row.line.is_sum,
                    "cells": [value_of(share, PERCENT, 1) for share in row.shares],
                }
                for row in common
                if row.line.section == section
            ],
        }
        for section, label in SECTIONS.items()
        if any(row.line.section == section for row in common)
    ]


def value_of(value: Decimal | None, kind: str, unit: int) -> str:
    """A value as its kind is read: 1.60, 50.2, 3.75%, 1,800; "" without one."""
    if value is None:
        return ""
    if kind == PERCENT:
        return f"{rounded(value * 100, 2)}%"
    if kind == AMOUNT:
        return figure(value, unit)
    return rounded(value, 1 if kind == DAY_COUNT else 2)


def figure(value: Decimal, unit: int) -> str:
    """A figure in its unit, without decimals that are zero.

    >>> figure(Decimal("1800000"), 1000), figure(Decimal("-1234.5"), 1)
    ('1,800', '−1,234.5')
    """
    with localcontext(prec=DIGITS):
        text = format(value / unit, ",f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS)


def rounded(value: Decimal | None, decimals: int) -> str:
    """A number with so many decimals, rounded half up; "" for none.

    >>> rounded(Decimal("-2.675"), 2), rounded(Decimal(7), 0)
    ('−2.68', '7')
    """
    if value is None:
        return ""
    with localcontext(prec=DIGITS):
        told = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return format(told, ",f").replace("-", MINUS) if told else format(abs(told), "f")


def signed(value: Decimal, unit: int) -> str:
    """A change in its unit, whole, with its sign.

    >>> signed(Decimal("1499.5"), 1000), signed(Decimal("-20"), 1)
    ('+1', '−20')
    """
    text = rounded(value / unit, 0)
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"
