"""Scores and scorecards: `duly credit score`, ..."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli.arguments import Subparsers, add


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    scored = add(acts, "score", "the score by the standard card, with its reasons")
    scored.add_argument(
        "file", type=Path, metavar="FILE.json", help="what is known; no books needed"
    )
    scored.set_defaults(act=_score)


def _score(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.scoring import score_file

    document = score_file(arguments.file)
    if not arguments.json:
        for row in document["factors"]:
            value = "not known" if row["value"] is None else row["value"]
            print(f"{row['title']:<28} {value:>20} {row['points']:>6} of {row['of']}")
        print(f"Score {document['score']}, band {document['band']}; {_known(document)}")
        if document["lost_most"]:
            print(f"Lost most: {', '.join(document['lost_most'])}")
        for why in document["declined_for"]:
            print(f"Declined: {why}")
    return document, 0


def _known(document: dict[str, Any]) -> str:
    return f"{document['known_weight']} % of the weight is known"
