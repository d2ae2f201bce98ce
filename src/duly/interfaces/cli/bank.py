"""What banks send: `duly bank inspect`, `accounts`, `account`, `returns`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import NOT_WRITTEN, Subparsers, add, for_writing, of_entity

if TYPE_CHECKING:
    from duly.interfaces.exchange.readers.bank import Said


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    bank = commands.add_parser("bank", help="what banks send")
    acts = bank.add_subparsers(dest="act_name", required=True, metavar="ACT")
    inspect = add(acts, "inspect", "read bank files and write nothing")
    inspect.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="camt, MT940, BAI2, OFX, ... or a ZIP"
    )
    of_bank_files(inspect)
    inspect.set_defaults(act=_inspect)
    listed = add(acts, "accounts", "our bank accounts, each with its other numbers")
    of_entity(listed)
    listed.set_defaults(act=_accounts)
    account = acts.add_parser("account", help="say which numbers are of one account")
    says = account.add_subparsers(dest="say_name", required=True, metavar="SAY")
    same = add(says, "same", "two numbers are of one account: what both tell counts once")
    same.add_argument("numbers", nargs=2, metavar="NUMBER", help="as `duly bank accounts` has it")
    of_entity(same)
    for_writing(same)
    same.set_defaults(act=_same)
    apart = add(says, "apart", "a number is of an account of its own after all")
    apart.add_argument("number", metavar="NUMBER", help="as `duly bank accounts` has it")
    of_entity(apart)
    for_writing(apart)
    apart.set_defaults(act=_apart)
    _add_kinds(acts)
    returns = add(acts, "returns", "lines that took money back, and whose payment is not known")
    returns.add_argument("--all", action="store_true", help="also those whose payment is known")
    of_entity(returns)
    returns.set_defaults(act=_returns)


def _add_kinds(acts: Subparsers) -> None:
    kind = acts.add_parser("kind", help="what banks' codes say that money is, if no receivable")
    says = kind.add_subparsers(dest="kind_name", required=True, metavar="SAY")
    listed = add(says, "list", "the codes by which money in is set aside")
    of_entity(listed)
    listed.set_defaults(act=_kinds)
    given = add(says, "set", "say what money of a code is, from the next import on")
    given.add_argument("code", metavar="CODE", help="as the bank's lines tell it; * for anything")
    what = given.add_mutually_exclusive_group(required=True)
    what.add_argument("--is", dest="says", metavar="TEXT", help="such as Interest")
    what.add_argument("--receivable", action="store_true", help="customers pay by it after all")
    of_entity(given)
    given.set_defaults(act=_set_kind)
    dropped = add(says, "drop", "forget what was said of a code; what comes with Duly counts again")
    dropped.add_argument("code", metavar="CODE", help="as the list has it")
    of_entity(dropped)
    dropped.set_defaults(act=_drop_kind)


def _kinds(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.kinds import kinds_document

    told = kinds_document(arguments.entity)
    if not arguments.json:
        for one in told["kinds"]:
            what = one["says"] or "a receivable"
            print(f"{one['code']:<16} {what}{'' if one['is_own'] else '  (comes with Duly)'}")
    return told, 0


def _set_kind(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.kinds import say_kind

    says = "" if arguments.receivable else arguments.says
    told = say_kind(arguments.entity, arguments.code, says, actor=home.actor(), at=home.now())
    if not arguments.json:
        print(f"{told['code']} is {told['says'] or 'a receivable'}, from the next import on.")
    return told, 0


def _drop_kind(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.kinds import forget_kind

    told = forget_kind(arguments.entity, arguments.code, actor=home.actor(), at=home.now())
    if not arguments.json:
        print(f"Nothing of your own is said of {told['code']} any more.")
    return told, 0


def of_bank_files(command: argparse.ArgumentParser) -> None:
    """Options that tell what a bank's file does not."""
    command.add_argument(
        "--account", metavar="NUMBER", default="", help="of a bank's file that names none"
    )
    command.add_argument(
        "--currency", metavar="CODE", default="", help="of a bank's file that names none"
    )
    command.add_argument(
        "--layout", metavar="NAME|FILE.toml", default="", help="how to read a bank's CSV"
    )


def said(arguments: argparse.Namespace) -> "Said":
    """What those options say."""
    from duly.interfaces.exchange.readers.bank import Said

    account = "".join(arguments.account.split())
    return Said(account, arguments.currency.upper(), arguments.layout)


def _inspect(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.banking import inspect_files

    told = inspect_files(arguments.files, said(arguments))
    if not arguments.json:
        for file in told["files"]:
            _print_file(file)
    return told, 0


def _returns(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.returning import lines_document
    from duly.parties import queries as parties

    told = lines_document(parties.entity(arguments.entity), only_unknown=not arguments.all)
    if not arguments.json:
        for one in told["returns"]:
            what = ", ".join(one["payments"]) or one["because"]
            money = f"{one['amount']:>14} {one['currency']}"
            print(f"{one['line']:>8}  {one['booked_on']} {money}  {one['name'][:30]}: {what}")
        if not told["returns"]:
            print("The payment of every line that took money back is known.")
    return told, 0


def _accounts(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.bank_accounts import accounts_document

    told = accounts_document(arguments.entity)
    if not arguments.json:
        _print_accounts(told)
    return told, 0


def _same(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.bank_accounts import say_same

    numbers = (arguments.numbers[0], arguments.numbers[1])
    return _said(arguments, list(numbers), lambda **by: say_same(arguments.entity, numbers, **by))


def _apart(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.bank_accounts import say_apart

    number = arguments.number
    return _said(arguments, [number], lambda **by: say_apart(arguments.entity, number, **by))


def _said(
    arguments: argparse.Namespace, numbers: list[str], say: Callable[..., dict[str, Any]]
) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import carry_out

    at = home.now()
    given = [arguments.entity, arguments.say_name, *numbers]
    told = carry_out(
        lambda: say(actor=home.actor(), at=at),
        arguments.key,
        f"bank account {arguments.say_name}",
        given,
        at,
        arguments.dry_run,
    )
    if not arguments.json:
        _print_accounts(told)
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _print_accounts(told: dict[str, Any]) -> None:
    for one in told["accounts"]:
        also = "".join(f", also {other['number']}" for other in one["also"])
        print(f"{one['number']} {one['currency']}  {one['owner'] or one['bank']}{also}")


def _print_file(file: dict[str, Any]) -> None:
    print(f"{file['file']} ({file['format']})")
    for one in file["statements"]:
        number = f" {one['number']}" if one["number"] else ""
        print(f"  {one['kind']}{number} of {one['account'] or 'an account not told'}")
        for what in ("opening", "closing"):
            if one[what]:
                on = f" on {one[what]['on']}" if one[what]["on"] else ""
                print(f"    {what:8}{one[what]['amount']:>20} {one['currency']}{on}")
        for entry in one["entries"]:
            who = entry["counterparty"]["name"] or entry["remittance"]
            money = f"{entry['amount']:>18} {entry['currency']}"
            print(f"    {entry['booked_on'] or '':10}{money}  {who[:60]}")
    for problem in file["problems"]:
        print(f"  {problem['where']}: {problem['message']} {problem['remedy']}")
