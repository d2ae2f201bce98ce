"""A refusal of each kind that scores and scorecards can meet."""

import json
from collections.abc import Callable
from typing import Any

from tests.errors.desk import Desk

from duly.credit.rules.card_documents import read_card


def _scored(desk: Desk, **factors: Any) -> None:
    path = desk.folder / "case.json"
    path.write_text(json.dumps({"factors": factors}))
    desk.run("credit", "score", str(path))


def _trained(desk: Desk) -> None:
    path = desk.folder / "firms.csv"
    path.write_text("debt,bankrupt\n1,0\n2,1\n")
    desk.run("credit", "train", str(path), "--target", "bankrupt")


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CARD_UNFIT": lambda d: read_card({"factors": []}),
    "NOTHING_TO_SCORE": lambda d: _scored(d),
    "PROHIBITED_BASIS": lambda d: _scored(d, religion="any"),
    "SCORE_FACTS_UNFIT": lambda d: _scored(d, days_slow="soon"),
    "TABLE_UNFIT": _trained,
}
