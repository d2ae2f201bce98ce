"""Interest of those who pay late: `duly charge`, and its rates: `duly rates`."""

import argparse
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    count,
    day,
    of_entity,
    on_day,
    split_item,
    text,
    today,
)


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    charge = commands.add_parser("charge", help="finance charges of those who pay late")
    acts = charge.add_subparsers(dest="act_name", required=True, metavar="ACT")
    run = add(acts, "run", "charge for a month what was not charged for it yet")
    run.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a month")
    run.add_argument("--customer", metavar="ID", help="only of this customer")
    finish(run, _run)
    listed = add(acts, "list", "finance charges, the newest first, and waivers asked for")
    listed.add_argument("--month", type=month, metavar="YYYY-MM", help="only of this month")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    listed.add_argument("--open", action="store_true", help="only what is still owed")
    of_entity(listed)
    listed.set_defaults(act=_list)
    show = add(acts, "show", "a finance charge, open to what it was worked out from")
    show.add_argument("number", metavar="NUMBER", help="its number")
    of_entity(show)
    show.set_defaults(act=_show)
    _add_reliefs(acts)
    _add_policy(acts)
    _add_quote(acts)
    _add_rates(commands)


def _add_reliefs(acts: Subparsers) -> None:
    waive = add(acts, "waive", "give up what is open of a charge; it is not charged again")
    back = add(acts, "reverse", "take a charge back whole, as wrong")
    for act in (waive, back):
        act.add_argument("number", metavar="NUMBER", help="its number")
        act.add_argument("--reason", required=True, type=text(300), metavar="TEXT", help="why")
    waive.add_argument("--amount", metavar="A", help="a part; default: all that is open")
    waive.add_argument(
        "--ask", action="store_true", help="ask a second person who may, instead of doing it"
    )
    finish(waive, _waive)
    finish(back, _reverse)
    for word, told in (("approve", "waive what was asked for"), ("decline", "leave it charged")):
        decide = add(acts, word, f"{told}: another person than who asked")
        decide.add_argument("id", type=count, metavar="ID", help="a waiver's, as the list tells it")
        finish(decide, _decide)
        decide.set_defaults(is_approved=word == "approve")


def _add_policy(acts: Subparsers) -> None:
    policy = add(acts, "policy", "who is charged by what, from a month on; off unless switched on")
    policy.add_argument("knobs", nargs="*", metavar="KNOB=VALUE", help="what to set; default: show")
    policy.add_argument("--segment", default="", metavar="NAME", help="of a segment")
    policy.add_argument("--customer", metavar="ID", help="of one customer; default: of everybody")
    policy.add_argument(
        "--from", dest="first", type=month, metavar="YYYY-MM", help="from then on; default: now"
    )
    finish(policy, _policy)
    laws = add(acts, "laws", "what laws let a business claim, with source and date checked")
    of_entity(laws)
    laws.set_defaults(act=_laws)


def _add_quote(acts: Subparsers) -> None:
    quote = add(acts, "quote", "what a late amount bears by a law or at a rate; writes nothing")
    quote.add_argument("--amount", required=True, metavar="A", help="what is late")
    quote.add_argument("--currency", required=True, metavar="C", help="its currency")
    quote.add_argument("--due", type=day, required=True, metavar="DATE", help="when it was due")
    quote.add_argument("--through", type=day, required=True, metavar="DATE", help="its last day")
    by = quote.add_mutually_exclusive_group()
    by.add_argument("--law", default="", metavar="ID", help="default: the entity's country")
    by.add_argument("--rate", type=_percent, metavar="PERCENT", help="a yearly rate")
    quote.add_argument(
        "--day-count", choices=["365", "actual", "360"], default="365", help="days of the year"
    )
    of_entity(quote)
    quote.set_defaults(act=_quote)


def _add_rates(commands: Subparsers) -> None:
    rates = commands.add_parser("rates", help="reference rates as dated tables")
    acts = rates.add_subparsers(dest="act_name", required=True, metavar="ACT")
    new = add(acts, "add", "lay the periods of a TOML file over the tables there are")
    new.add_argument("file", type=Path, metavar="FILE", help="tables and their periods")
    finish(new, _rates_add)
    listed = add(acts, "list", "tables with periods, sources, and what is not verified")
    listed.add_argument("--table", metavar="ID", help="only this one")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_rates_list)


def month(text: str) -> date:
    """A month of the command line, as its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2026-03.") from None


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not (percent.is_finite() and 0 < percent <= 1000):
        raise argparse.ArgumentTypeError(f"{text!r} is no yearly rate above 0, in percent.")
    return percent


def _entity(arguments: argparse.Namespace) -> Any:
    from duly.parties.queries import entity

    return entity(arguments.entity)


def _author() -> Any:
    from duly.access.actions import Author

    return Author(home.actor(), home.now())


def _run(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charging import run_document
    from duly.interfaces.exchange.settling import carry_out

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        return run_document(
            one, arguments.month, arguments.customer, arguments.on, today(one.timezone), _author()
        )

    given = [str(arguments.month), arguments.customer, str(arguments.on), arguments.entity]
    told = carry_out(act, arguments.key, "charge run", given, home.now(), arguments.dry_run)
    if not arguments.json:
        for row in told["charges"]:
            print(_line(row))
        for row in told["skipped"]:
            print(f"{row['customer']:<16} left out: {row['why']['text']}")
        for code, total in told["totals"].items():
            print(f"{code} {total} in {told['charged']['documents']} charges of {told['month']}.")
        if not told["totals"]:
            print(f"Nothing more to charge for {told['month']}.")
        for doubt in told["unverified"]:
            print(f"Not verified: {doubt}. Look it up before you rely on it.")
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['number']:<22} {row['customer']:<16} {row['currency']} {row['amount']:>14}, open "
        f"{row['open']}, {row['month']}, {len(row['lines'])} lines, {row['state']}"
    )


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charging import list_document

    told = list_document(_entity(arguments), arguments.month, arguments.customer, arguments.open)
    if not arguments.json:
        for row in told["charges"]:
            print(_line(row))
        for one in told["waivers"]:
            print(f"{one['id']:>6}  waive {one['number']}: {one['state']}, {one['reason']}")
    return told, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.charges import charge_numbered
    from duly.interfaces.exchange.charging import charge_document

    told = charge_document(charge_numbered(_entity(arguments).pk, arguments.number))
    if not arguments.json:
        print(_line(told))
        for line in told["lines"]:
            print(f"  {line['item']}, {line['kind']}, {line['basis']}: {line['amount']}")
            for run in line["balances"]:
                print(f"    {run['from']} to {run['to']}: {run['balance']} open")
            for rate in line["rates"]:
                print(f"    {rate['from']} to {rate['to']}: {rate['percent']} % a year")
            if line["unverified"]:
                print(f"    not verified: {line['unverified']}")
        for one in told["reliefs"]:
            print(f"  {one['kind']} {one['amount']} on {one['on']}: {one['reason']}")
    return {"charge": told}, 0


def _waive(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charging import ask_document, waive_document

    one = _entity(arguments)
    number, part, reason = arguments.number, arguments.amount, arguments.reason

    def act() -> dict[str, Any]:
        if arguments.ask:
            return ask_document(one, number, part, reason, _author())
        on = arguments.on or today(one.timezone)
        return waive_document(one, number, part, reason, on, _author())

    return carried_out(arguments, "charge waive", act)


def _reverse(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charging import reverse_document

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        on = arguments.on or today(one.timezone)
        return reverse_document(one, arguments.number, arguments.reason, on, _author())

    return carried_out(arguments, "charge reverse", act)


def _decide(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charging import decide_document

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        on = arguments.on or today(one.timezone)
        return decide_document(one, arguments.id, arguments.is_approved, on, _author())

    return carried_out(arguments, f"charge {arguments.act_name}", act)


def _policy(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charge_rules import Who, policy_document
    from duly.parties.queries import customer

    one = _entity(arguments)
    code = arguments.customer
    who = Who(arguments.segment, customer(entity_id=one.pk, code=code) if code else None)
    knobs = dict(split_item(told) for told in arguments.knobs)
    first = arguments.first or today(one.timezone).replace(day=1)

    def act() -> dict[str, Any]:
        return policy_document(one, who, first, knobs, _author())

    told, status = carried_out(arguments, "charge policy", act)
    if not arguments.json:
        for name, value in told["knobs"].items():
            print(f"{name:<14} {value}")
    return told, status


def _laws(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charge_rules import laws_document

    told = laws_document(_entity(arguments))
    if not arguments.json:
        for law in told["laws"]:
            doubt = "" if law["verified"] else ", not verified"
            print(f"{law['id']:<4} {law['table']:<14} + {law['margin']:<4} {law['name']}{doubt}")
    return told, 0


def _quote(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charge_rules import Question, quote_document
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text

    minor = minor_from_text(arguments.amount, exponent(arguments.currency))
    asked = Question(
        minor,
        arguments.currency,
        arguments.due,
        arguments.through,
        arguments.law.upper(),
        arguments.rate,
        arguments.day_count,
    )
    told = quote_document(_entity(arguments), asked)
    if not arguments.json:
        print(f"{told['currency']} {told['interest']} interest, {told['fixed_sum']} fixed sum")
        for rate in told["rates"]:
            print(f"  {rate['from']} to {rate['to']}: {rate['percent']} % a year")
        for doubt in told["unverified"]:
            print(f"  not verified: {doubt}")
    return told, 0


def _rates_add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charge_rules import add_rates_document

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        return add_rates_document(one, arguments.file, _author())

    return carried_out(arguments, "rates add", act)


def _rates_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.charge_rules import rates_document

    told = rates_document(_entity(arguments), arguments.table, arguments.on)
    if not arguments.json:
        for table in told["tables"]:
            print(f"{table['id']}: {table['name']}")
            for one in table["periods"]:
                doubt = "" if one["verified"] else "  not verified"
                print(f"  {one['from']} to {one['to']} {one['percent']:>8}  {one['source']}{doubt}")
    return told, 0
