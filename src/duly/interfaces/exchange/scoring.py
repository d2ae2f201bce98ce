"""Scores and scorecards as documents, for the shell and for pages."""

from pathlib import Path
from typing import Any

from duly.credit.errors import ScoreFactsUnfit
from duly.credit.rules.card_documents import plain, read_card
from duly.credit.rules.score_facts import read_facts
from duly.credit.rules.scorecards import Card, Score, score
from duly.credit.rules.standard_cards import CARDS, STANDARD
from duly.interfaces.exchange.json_documents import strict_json

MOST_BYTES = 2_000_000


def score_file(path: Path) -> dict[str, Any]:
    """The score of what a file tells by the standard card; needs no books.

    Refuses: ScoreFactsUnfit, ProhibitedBasis, NothingToScore.
    """
    card = read_card(STANDARD)
    return score_document(score(card, read_facts(read_json(path), card)))


def shipped_card(name: str) -> Card | None:
    """A card that comes with Duly, by its id or version."""
    for document in CARDS.values():
        if name in {document["id"], document["version"]}:
            return read_card(document)
    return None


def score_document(told: Score) -> dict[str, Any]:
    """A score with its reasons, as texts."""
    return {
        "score": plain(told.points),
        "band": told.band,
        "known_weight": plain(told.known_weight),
        "factors": [
            {
                "id": one.id,
                "title": one.title,
                "value": None if one.value is None else plain(one.value),
                "points": plain(one.points),
                "of": plain(one.of),
            }
            for one in told.factors
        ],
        "lost_most": list(told.lost_most),
        "declined": told.is_declined,
        "declined_for": list(told.declined_for),
        "version": told.version,
        "rate": None if told.rate is None else plain(told.rate),
    }


def read_json(path: Path) -> Any:
    """A JSON file with exact numbers, each name once. Refuses: ScoreFactsUnfit when it is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES} bytes")
        return strict_json(content)
    except ValueError as error:
        raise ScoreFactsUnfit(
            f"{path.name} is no JSON document: {str(error)[:120]}.",
            facts={"where": "", "file": path.name},
            remedy="Write one JSON object, as docs/credit.md shows.",
        ) from None
