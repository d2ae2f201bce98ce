"""Scores and scorecards: `duly credit score`, ..."""

import argparse
import json
from decimal import Decimal
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
    trained = add(acts, "train", "fit a scorecard to a table of firms with outcomes, and judge it")
    trained.add_argument(
        "table",
        type=Path,
        metavar="TABLE.csv",
        help="a header, then one firm a row; no books needed",
    )
    trained.add_argument(
        "--target", required=True, metavar="COLUMN", help="the outcome: 1 failed, 0 did not"
    )
    trained.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column that is no input; may be given again",
    )
    trained.add_argument(
        "--card", type=Path, metavar="FILE.json", help="write the card there, to be adopted or not"
    )
    trained.set_defaults(act=_train)


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


def _train(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.cli import home, progress
    from duly.interfaces.exchange.training import train_from

    done = 0
    with progress.bar("Fitting") as bar:

        def told(rows: int) -> None:
            nonlocal done
            done += rows
            bar(done)

        report = train_from(
            arguments.table,
            arguments.target,
            without=arguments.without,
            version=f"trained-{home.now():%Y%m%d-%H%M}",
            told=told,
        )
    if arguments.card:
        arguments.card.write_text(json.dumps(report["card"], ensure_ascii=False, indent=1) + "\n")
    if not arguments.json:
        _show_report(report)
    return report, 0


def _show_report(report: dict[str, Any]) -> None:
    beside = report["beside"]
    print(f"{report['rows']} distinct firms, {report['failed']} failed; {report['folds']} folds.")
    for name, row in (
        (f"This card, {report['inputs']} inputs", report),
        ("With free directions", beside["free_directions"]),
        ("Boosted trees, all inputs", beside["boosted"]),
        ("Altman Z'' as published", beside["altman_z2"]),
    ):
        if row:
            print(f"{name:<26} AUC {row['auc']:<7} KS {row['ks']:<7} ECE {row.get('ece', '-')}")
    spread = report["stability"]
    print(
        f"Folds: AUC {spread['auc_least']} to {spread['auc_most']}, "
        f"scores move by a PSI of at most {spread['psi_most']}."
    )
    for factor in report["card"]["factors"]:
        given = [factor["missing"], *(step[1] for step in factor["steps"])]
        most = max(given, key=Decimal)
        print(f"{most:>6} points  {factor['id']}: more is {report['directions'][factor['id']]}")
    print("It counts for nothing until a person adopts it.")
