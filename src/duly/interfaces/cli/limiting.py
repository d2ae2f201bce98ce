"""Limits, who decides them and what was decided: `duly credit limit`, ..."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli.arguments import Subparsers, add


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    limit = add(acts, "limit", "every method that sets a limit, and the one that binds")
    limit.add_argument(
        "file", type=Path, metavar="FILE.json", help="what is known; no books needed"
    )
    limit.set_defaults(act=_limit)


def _limit(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.limiting import limit_document

    document = limit_document(arguments.file)
    if not arguments.json:
        for row in document["methods"]:
            inputs = ", ".join(f"{name} {value}" for name, value in row["inputs"].items())
            amount = row["amount"] or f"not known: {', '.join(row['missing'])}"
            print(f"{row['id']:<20} {amount:>16}  {inputs}")
        print(f"{'recommended':<20} {document['recommended'] or 'none':>16}  {_why(document)}")
    return document, 0


def _why(document: dict[str, Any]) -> str:
    if document["binding"]:
        return f"{document['binding']} binds"
    return "an average" if document["recommended"] else "nothing that it is made of is known"
