"""Credit before the sale: `duly credit ...`, one module a part."""

from types import ModuleType

from duly.interfaces.cli.arguments import Subparsers


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    credit = commands.add_parser("credit", help="who gets credit, how much, and which orders wait")
    acts = credit.add_subparsers(dest="act_name", required=True, metavar="ACT")
    for part in parts():
        part.add_commands(acts)


def parts() -> tuple[ModuleType, ...]:
    """The modules that add acts, in the order in which help lists them."""
    from duly.interfaces.cli import (
        assessing,
        carding,
        deciding,
        insuring,
        limiting,
        ordering,
        referring,
        requesting,
        reviewing,
        scoring,
        securing,
    )

    return (
        requesting,
        assessing,
        scoring,
        carding,
        limiting,
        ordering,
        reviewing,
        deciding,
        referring,
        securing,
        insuring,
    )
