"""Letters to customers: `duly statement`, `duly statements`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, today
from duly.kernel.errors import Malformed


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    one = add(commands, "statement", "a customer's statement of account")
    one.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    _which(one)
    one.add_argument("--group", action="store_true", help="with everyone under the customer")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="where to write it")
    of_entity(one)
    one.set_defaults(act=_statement)

    many = add(commands, "statements", "the statements of many customers as PDF; goes on if killed")
    _which(many)
    many.add_argument("--segment", metavar="SEGMENT", help="only customers of this segment")
    many.add_argument("--collector", metavar="NAME", help="only customers of this collector")
    many.add_argument("--country", metavar="CC", help="only customers of this country")
    many.add_argument("--overdue", action="store_true", help="only who has something overdue")
    many.add_argument("--group", action="store_true", help="one for each group, to its top")
    many.add_argument("--folder", type=Path, metavar="DIR", help="a file for each customer")
    many.add_argument("--combined", type=Path, metavar="FILE", help="one PDF for post")
    many.add_argument("--processes", type=int, metavar="N", help="default: all processors")
    of_entity(many)
    many.set_defaults(act=_statements)


def _which(command: argparse.ArgumentParser) -> None:
    on_day(command)
    command.add_argument(
        "--kind",
        choices=["open-item", "activity"],
        default="open-item",
        help="what is open, or all that moved",
    )
    command.add_argument(
        "--from", dest="from_on", type=day, metavar="DATE", help="first day of an activity"
    )
    command.add_argument(
        "--paper", choices=["a4", "letter"], help="default: what the company's country prints on"
    )


def _asked(arguments: argparse.Namespace, timezone: str) -> Any:
    from duly.interfaces.exchange.statements import Asked

    return Asked(
        on=arguments.on or today(timezone),
        kind=arguments.kind,
        from_on=arguments.from_on,
        paper=arguments.paper,
        is_group=arguments.group,
    )


def _statement(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.statements import write_one
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    told = write_one(entity, arguments.customer, _asked(arguments, entity.timezone), arguments.pdf)
    if not arguments.json:
        print(f"{told['name']}, {told['on']}")
        for part in told["currencies"]:
            print(f"{part['currency']} {part['balance']:>16}  overdue {part['overdue']}")
        for warning in told["warnings"]:
            print(warning["message"])
    return told, 0


def _statements(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.statements import Filter, write_many
    from duly.parties import queries as parties

    if arguments.folder is None and arguments.combined is None:
        raise Malformed(
            "Statements need a place to go.",
            code="STATEMENT_UNCLEAR",
            remedy="Name a folder with --folder, or one file with --combined.",
        )
    entity = parties.entity(arguments.entity)
    told = write_many(
        entity,
        _asked(arguments, entity.timezone),
        Filter(arguments.segment, arguments.collector, arguments.country, arguments.overdue),
        folder=arguments.folder,
        combined=arguments.combined,
        processes=arguments.processes,
    )
    if not arguments.json:
        print(f"{told['statements']} statements: {told['written']} written, {told['kept']} kept.")
        for warning in told["warnings"]:
            print(warning["message"])
    return told, 0
