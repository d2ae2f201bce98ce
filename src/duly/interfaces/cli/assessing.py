"""What statements say of a firm: `duly credit assess`, `statement`, `yardstick`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, of_entity, on_day, today

FIRM_KINDS = ["private_manufacturer", "private_other", "listed"]
ASSURANCES = ["audited", "reviewed", "compiled", "none"]


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
    statement = commands.add_parser("statement", help="financial statements of a firm")
    acts = statement.add_subparsers(dest="statement_act", required=True, metavar="ACT")
    new = add(acts, "add", "keep a statement that is typed")
    new.add_argument("figures", nargs="+", metavar="LINE=AMOUNT", help="cash=250 sales=8,000 ...")
    new.add_argument("--year-end", required=True, metavar="DATE", help="the day it is of")
    new.add_argument("--months", default="12", metavar="N", help="that it covers; default: 12")
    taken = add(acts, "import", "keep the statements of a CSV, XLSX, JSON or iXBRL file")
    taken.add_argument("file", type=Path, metavar="FILE", help="lines by years, or filed accounts")
    for act, carry_out in ((new, _add), (taken, _import)):
        _of_whom(act)
        _of_firm(act)
        finish(act, carry_out)
    listed = add(acts, "list", "statements of a customer or request that count")
    shown = add(acts, "show", "ratios with readings and trends, models, common-size shares")
    for act, tell in ((listed, _list), (shown, _show)):
        _of_whom(act)
        on_day(act)
        of_entity(act)
        act.set_defaults(act=tell)
    _add_yardsticks(commands)


def _of_whom(command: argparse.ArgumentParser) -> None:
    whose = command.add_mutually_exclusive_group(required=True)
    whose.add_argument("--customer", metavar="ID", help="of this customer")
    whose.add_argument("--request", metavar="NUMBER", help="of this credit request")


def _of_firm(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", required=True, choices=FIRM_KINDS, help="what kind of firm")
    command.add_argument(
        "--assurance", choices=ASSURANCES, default="none", help="who looked at it; default: none"
    )
    command.add_argument(
        "--unit", type=int, metavar="N", help="1, 1000 or 1000000; JSON and iXBRL say it themselves"
    )
    command.add_argument("--currency", default="", metavar="CUR", help="of a table, or as typed")
    command.add_argument("--market-value", metavar="A", help="of equity, whole, of a listed firm")
    command.add_argument(
        "--price-index", metavar="N", help="price level for Ohlson's model; 1968 is 100"
    )


def _add_yardsticks(commands: Subparsers) -> None:
    yardstick = commands.add_parser("yardstick", help="how the firms of a trade stand in ratios")
    acts = yardstick.add_subparsers(dest="yardstick_act", required=True, metavar="ACT")
    taken = add(acts, "import", "keep yardsticks from a day on")
    taken.add_argument(
        "file", type=Path, metavar="FILE", help="CSV or XLSX: segment, ratio, low, median, ..."
    )
    finish(taken, _yardstick_import)
    listed = add(acts, "list", "every yardstick that was given, the last first")
    of_entity(listed)
    listed.set_defaults(act=_yardstick_list)


def _assess(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.assessing import assess_file

    told = assess_file(arguments.file)
    if not arguments.json:
        for name, value in told["ratios"].items():
            print(f"{name.replace('_', ' '):<40} {value or '-':>20}")
        _print_models(told)
    return told, 0


def _print_models(told: dict[str, Any]) -> None:
    for model in told["models"]:
        mark = "  chosen" if model["chosen"] else ""
        zone = model["zone"] or "no value"
        print(f"{model['label']:<40} {model['value'] or '-':>20}  {zone}{mark}")
    print(told["why"])
    for problem in told["problems"]:
        print(f"{problem['where']}: {problem['message']}")


def _subject(arguments: argparse.Namespace) -> Any:
    from duly.credit.queries.statements import subject_named
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    return one, subject_named(one.pk, arguments.request, arguments.customer)


def _firm(arguments: argparse.Namespace) -> Any:
    from duly.credit.rules.statement_files import positive_given
    from duly.interfaces.exchange.spreading import Firm

    return Firm(
        arguments.kind,
        arguments.assurance,
        positive_given(arguments.market_value, "--market-value"),
        positive_given(arguments.price_index, "--price-index"),
    )


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.spreading import typed_statement
    from duly.interfaces.exchange.statement_files import Said

    read = typed_statement(
        arguments.figures,
        year_end=arguments.year_end,
        months=arguments.months,
        said=Said(arguments.unit, arguments.currency),
    )
    return _kept(arguments, "credit statement add", read, "")


def _import(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.statement_files import Said, read_statements

    name = arguments.file.name
    said = Said(arguments.unit, arguments.currency)
    read = read_statements(arguments.file, name, said)
    return _kept(arguments, "credit statement import", read, name)


def _kept(
    arguments: argparse.Namespace, command: str, read: Any, name: str
) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.interfaces.exchange.spreading import keep_read

    one, whose = _subject(arguments)
    firm = _firm(arguments)

    def act() -> dict[str, Any]:
        author = Author(home.actor(), home.now())
        return keep_read(one.pk, whose, read, name, firm, author)

    told, status = carried_out(arguments, command, act)
    if not arguments.json:
        for note in told["notes"]:
            print(note)
    return told, status


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.spreading import listed

    one, whose = _subject(arguments)
    told = listed(one.pk, whose)
    if not arguments.json:
        for row in told["statements"]:
            print(f"{row['id']:>6}  {row['year_end']}  {row['currency']}  {row['assurance']}")
    return told, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.spreading import shown

    one, whose = _subject(arguments)
    told = shown(one.pk, whose, arguments.on or today(one.timezone))
    if not arguments.json:
        print(f"{'':<40} {'  '.join(f'{day:>14}' for day in told['years'])}")
        for row in told["rows"]:
            values = "  ".join(f"{value or '-':>14}" for value in row["values"])
            print(f"{row['label']:<40} {values}  {row['trend'] or '':<6}  {row['reading']}")
        _print_models(told)
    return told, 0


def _yardstick_import(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.interfaces.exchange.spreading import keep_yardsticks
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        author = Author(home.actor(), home.now())
        return keep_yardsticks(one.pk, arguments.file, on, author)

    return carried_out(arguments, "credit yardstick import", act)


def _yardstick_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.spreading import yardsticks_told
    from duly.parties.queries import entity

    told = yardsticks_told(entity(arguments.entity).pk)
    if not arguments.json:
        for row in told["yardsticks"]:
            print(
                f"{row['from_on']}  {row['segment'] or 'every segment':<20} {row['ratio']:<40} "
                f"{row['low']} {row['median']} {row['high']}  {row['source']}"
            )
    return told, 0
