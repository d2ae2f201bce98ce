"""Letters to customers: `duly statement`, `duly statements`, `duly copies`, `duly copy`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    day,
    for_writing,
    of_entity,
    on_day,
    today,
)
from duly.kernel.errors import Malformed
from duly.kernel.locales import LANGUAGES


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    one = add(commands, "statement", "a customer's statement of account")
    one.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    _which(one)
    one.add_argument("--group", action="store_true", help="with everyone under the customer")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="where to write it")
    one.add_argument("--copies", action="store_true", help="copies of its invoices behind it")
    of_entity(one)
    one.set_defaults(act=_statement)

    many = add(commands, "statements", "the statements of many customers as PDF; goes on if killed")
    _which(many)
    many.add_argument("--segment", metavar="SEGMENT", help="only customers of this segment")
    many.add_argument("--collector", metavar="NAME", help="only customers of this collector")
    many.add_argument("--country", metavar="CC", help="only customers of this country")
    many.add_argument("--currency", metavar="CUR", help="only who has something in this currency")
    many.add_argument("--minimum", metavar="AMOUNT", help="only who owes at least this")
    many.add_argument("--overdue", action="store_true", help="only who has something overdue")
    many.add_argument("--group", action="store_true", help="one for each group, to its top")
    many.add_argument("--folder", type=Path, metavar="DIR", help="a file for each customer")
    many.add_argument("--combined", type=Path, metavar="FILE", help="one PDF for post")
    many.add_argument("--processes", type=int, metavar="N", help="default: all processors")
    of_entity(many)
    many.set_defaults(act=_statements)

    copies = add(commands, "copies", "keep the PDFs of a folder as copies of the invoices they are")
    copies.add_argument("folder", type=Path, metavar="FOLDER", help="where the PDFs are")
    of_entity(copies)
    for_writing(copies)
    copies.set_defaults(act=_copies)

    copy = commands.add_parser("copy", help="a copy of an invoice: whose it is")
    acts = copy.add_subparsers(dest="act_name", required=True, metavar="ACT")
    tie = add(acts, "tie", "say to which invoice a copy belongs")
    tie.add_argument("id", type=int, metavar="ID", help="of `duly copies`")
    tie.add_argument("number", metavar="NUMBER", help="the number of the invoice")
    tie.add_argument("--customer", metavar="ID", help="whose, where several have the number")
    confirm = add(acts, "confirm", "say that a copy is what it was taken for")
    confirm.add_argument("id", type=int, metavar="ID", help="of `duly copies`")
    for act in (tie, confirm):
        of_entity(act)
        for_writing(act)
        act.set_defaults(act=_copy)


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
    command.add_argument("--language", choices=LANGUAGES, help="default: the customer's own")


def _asked(arguments: argparse.Namespace, timezone: str) -> Any:
    from duly.interfaces.exchange.statements import Asked

    return Asked(
        on=arguments.on or today(timezone),
        kind=arguments.kind,
        from_on=arguments.from_on,
        paper=arguments.paper,
        is_group=arguments.group,
        language=arguments.language,
    )


def _statement(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.statements import write_one
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    told = write_one(
        entity,
        arguments.customer,
        _asked(arguments, entity.timezone),
        arguments.pdf,
        with_copies=arguments.copies,
    )
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
        Filter(
            segment=arguments.segment,
            collector=arguments.collector,
            country=arguments.country,
            is_overdue=arguments.overdue,
            currency=arguments.currency,
            minimum=arguments.minimum,
        ),
        folder=arguments.folder,
        combined=arguments.combined,
        processes=arguments.processes,
    )
    if not arguments.json:
        print(f"{told['statements']} statements: {told['written']} written, {told['kept']} kept.")
        for warning in told["warnings"]:
            print(warning["message"])
    return told, 0


def _copies(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.intake.rules.copies import UNSURE
    from duly.interfaces.exchange.copies import copies_document, pdfs_in, take_copies
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    if not arguments.folder.is_dir():
        raise Malformed(
            f"{arguments.folder.name} is no folder.",
            code="FOLDER_MISSING",
            facts={"folder": arguments.folder.name},
            remedy="Name the folder that the PDFs lie in.",
        )

    def act() -> dict[str, Any]:
        taken = take_copies(
            entity=one, offered=pdfs_in(arguments.folder), actor=home.actor(), at=home.now()
        )
        return copies_document(one, taken)

    given = [one.pk, str(arguments.folder.resolve())]
    told = carry_out(act, arguments.key, "copies", given, home.now(), arguments.dry_run)
    if not arguments.json:
        for copy in told["copies"]:
            told_of = copy["document"] or "belongs to no invoice yet"
            told_of += " (to be confirmed)" * (copy["told_by"] in UNSURE)
            print(f"{copy['id']:>6}  {copy['file']}  {told_of}")
        for problem in told["problems"]:
            print(f"{problem['where']}: {problem['message']} {problem['remedy']}")
        print(f"{told['tied']} tied, {told['untied']} not, {len(told['problems'])} left out.")
    return told, 0


def _copy(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.intake.actions import confirm_copy, tie_copy
    from duly.interfaces.exchange.copies import Taken, copies_document, document_numbered
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one, at = entity(arguments.entity), home.now()
    which = {"entity_id": one.pk, "copy_id": arguments.id, "author": Author(home.actor(), at)}

    def act() -> dict[str, Any]:
        if arguments.act_name == "confirm":
            row = confirm_copy(**which)
        else:
            document_id = document_numbered(one, arguments.number, arguments.customer)
            row = tie_copy(**which, document_id=document_id)
        return copies_document(one, Taken([row], []))

    given = [one.pk, arguments.id, getattr(arguments, "number", ""), arguments.act_name]
    told = carry_out(act, arguments.key, f"copy {arguments.act_name}", given, at, arguments.dry_run)
    if not arguments.json:
        print(f"Copy {arguments.id} is of {told['copies'][0]['document'] or 'no invoice'}.")
    return told, 0
