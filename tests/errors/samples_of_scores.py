"""A refusal of each kind that scores and scorecards can meet."""

import json
from collections.abc import Callable
from typing import Any

from tests.errors.desk import Desk

from duly.credit.rules.card_documents import read_card
from duly.credit.rules.standard_cards import BEHAVIOUR


def _scored(desk: Desk, **factors: Any) -> None:
    path = desk.folder / "case.json"
    path.write_text(json.dumps({"factors": factors}))
    desk.run("credit", "score", str(path))


def _trained(desk: Desk) -> None:
    path = desk.folder / "firms.csv"
    path.write_text("debt,bankrupt\n1,0\n2,1\n")
    desk.run("credit", "train", str(path), "--target", "bankrupt")


def _adopted(desk: Desk, version: str = "standard", reason: str = "a start") -> None:
    desk.open_books().run("credit", "card", "adopt", version, "--reason", reason)


def _adopted_own(desk: Desk) -> None:
    path = desk.folder / "card.json"
    path.write_text(json.dumps({**BEHAVIOUR, "version": "ours-1"}))
    desk.open_books().run("credit", "card", "propose", str(path))
    desk.run("credit", "card", "adopt", "ours-1", "--reason", "a start")


def _proposed_again(desk: Desk) -> None:
    _adopted(desk)
    path = desk.folder / "card.json"
    path.write_text(json.dumps({**BEHAVIOUR, "version": "standard-1"}))
    desk.run("credit", "card", "propose", str(path))


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CARD_EXISTS": _proposed_again,
    "CARD_NOT_ADOPTED": lambda d: _adopted(d, reason=" "),
    "CARD_UNFIT": lambda d: read_card({"factors": []}),
    "CARD_UNKNOWN": lambda d: _adopted(d, "none"),
    "NOTHING_TO_SCORE": lambda d: _scored(d),
    "OWN_CARD": _adopted_own,
    "PROHIBITED_BASIS": lambda d: _scored(d, religion="any"),
    "SCORE_FACTS_UNFIT": lambda d: _scored(d, days_slow="soon"),
    "TABLE_UNFIT": _trained,
}
