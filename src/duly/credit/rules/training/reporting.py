"""Fit a card to a table and tell all there is to tell of it, good or bad."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from duly.credit.rules.card_documents import plain, read_card, write_card
from duly.credit.rules.scorecards import Card
from duly.credit.rules.training.cards import card_of
from duly.credit.rules.training.figures import auc, ks, reliability
from duly.credit.rules.training.knobs import KNOBS, Knobs
from duly.credit.rules.training.rivals import altman_z2, boosted_risks
from duly.credit.rules.training.tables import Firms
from duly.credit.rules.training.validation import (
    Figures,
    Judged,
    figures,
    fitted,
    judge,
    risks_by_points,
)

PASSES = 3  # a table is gone through fold by fold: by the card, by the free one, by the boosted one


class Trained(NamedTuple):
    """A card and the document that tells how good it is."""

    card: Card
    report: dict[str, Any]


def train(
    firms: Firms,
    *,
    version: str,
    knobs: Knobs = KNOBS,
    told: Callable[[int], None] = lambda rows: None,
) -> Trained:
    """Fit a monotone card to all firms, and judge the way it was fitted fold by fold.

    `told` hears how many rows were judged; there are `PASSES` times as many as firms.
    """
    judged = judge(firms, risks_by_points(knobs, is_monotone=True), knobs, told)
    free = judge(firms, risks_by_points(knobs, is_monotone=False), knobs, told)
    boosted = judge(firms, boosted_risks, knobs, told)
    points, edges = fitted(firms.inputs, firms.failed, firms.groups, knobs, is_monotone=True)
    card = read_card(write_card(card_of(points, firms.names, list(edges), knobs, version)))
    found = _told(figures(judged, firms.failed))
    report = {
        "card": write_card(card),
        **found,
        "folds": knobs.folds,
        "inputs": len(card.factors),
        "rows": len(firms.failed),
        "failed": int(firms.failed.sum()),
        "left_out": [{"column": name, "why": why} for name, why in firms.left_out],
        "reliability": _reliability(judged, firms),
        "beside": {
            "free_directions": _told(figures(free, firms.failed)),
            "boosted": _told(figures(boosted, firms.failed)),
            "altman_z2": _altman(firms, judged),
        },
        "directions": {factor.id: _direction(card, factor.id) for factor in card.factors},
    }
    return Trained(card, report)


def _told(found: Figures) -> dict[str, Any]:
    return {
        "auc": _text(found.auc),
        "ks": _text(found.ks),
        "ece": _text(found.ece),
        "stability": {
            "auc_least": _text(found.auc_least),
            "auc_most": _text(found.auc_most),
            "auc_spread": _text(found.auc_spread),
            "psi_most": _text(found.psi_most),
        },
    }


def _reliability(judged: Judged, firms: Firms) -> list[dict[str, Any]]:
    return [
        {"rows": rows, "told": _text(pair[0]), "failed": _text(pair[1])}
        for rows, pair in reliability(judged.risk, firms.failed)
    ]


def _altman(firms: Firms, judged: Judged) -> dict[str, Any] | None:
    """Z'' where it is known, and the card on the same firms; None where the table has it not."""
    value = altman_z2(firms)
    if value is None:
        return None
    known = ~np.isnan(value)
    failed = firms.failed[known]
    if not 0 < failed.sum() < len(failed):
        return None
    return {
        "auc": _text(auc(-value[known], failed)),
        "ks": _text(ks(-value[known], failed)),
        "rows": len(failed),
        "card_auc": _text(auc(judged.risk[known], failed)),
    }


def _direction(card: Card, name: str) -> str:
    """Whether more of an input is safer or riskier."""
    steps = next(factor for factor in card.factors if factor.id == name).steps
    given = [step.points for step in steps]
    if given == sorted(given):
        return "safer" if len(steps) > 1 else "only whether it is known"
    return "riskier" if given == sorted(given, reverse=True) else "both"


def _text(value: np.float64) -> str:
    return plain(Decimal(str(value)).quantize(Decimal("0.0001")))
