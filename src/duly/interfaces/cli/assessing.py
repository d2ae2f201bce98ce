"""What statements say of a firm: `duly credit assess`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli.arguments import Subparsers, add


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    assess = add(commands, "assess", "ratios and models of failure of the statements in a file")
    assess.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="JSON: currency, unit, kind, statements, newest first",
    )
    assess.set_defaults(act=_assess)


def _assess(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.assessing import assess_file

    told = assess_file(arguments.file)
    if not arguments.json:
        for name, value in told["ratios"].items():
            print(f"{name.replace('_', ' '):<40} {value or '-':>20}")
        for model in told["models"]:
            mark = "  chosen" if model["chosen"] else ""
            zone = model["zone"] or "no value"
            print(f"{model['label']:<40} {model['value'] or '-':>20}  {zone}{mark}")
        print(told["why"])
        for problem in told["problems"]:
            print(f"{problem['where']}: {problem['message']}")
    return told, 0
