"""Match money to what it pays: `duly match`, `duly payers`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    asked_for,
    count,
    for_writing,
    of_entity,
    on_day,
    split_item,
    text,
)

_WORDS = {
    "applied": "applied to",
    "proposed": "proposed for",
    "on_account": "on account",
    "unidentified": "nobody known",
}


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    match = add(commands, "match", "propose what money is for; apply what is certain")
    match.add_argument("--auto", action="store_true", help="apply what is certain")
    on_day(match)
    of_entity(match)
    for_writing(match)
    match.set_defaults(act=_match)

    _add_matching(commands)
    _add_differences(commands)
    payers = commands.add_parser("payers", help="accounts and names that customers pay from")
    acts = payers.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "what was learned, and from which payment")
    listed.add_argument("--customer", metavar="ID", help="of one customer")
    of_entity(listed)
    listed.set_defaults(act=_payers)
    revoke = add(acts, "revoke", "forget one; what was applied by it stays")
    revoke.add_argument("alias", type=count, metavar="NUMBER", help="its number in the list")
    of_entity(revoke)
    revoke.set_defaults(act=_revoke)


def _add_matching(commands: Subparsers) -> None:
    matching = add(commands, "matching", "how money is matched: show the knobs, or set some")
    matching.add_argument(
        "knobs", nargs="*", metavar="KNOB=VALUE", help="such as tolerance=2.50 or short_pays=carve"
    )
    on_day(matching)
    of_entity(matching)
    matching.set_defaults(act=_matching)


def _add_differences(commands: Subparsers) -> None:
    difference = commands.add_parser(
        "difference", help="a difference above what matching lets pass, with four eyes"
    )
    acts = difference.add_subparsers(dest="act_name", required=True, metavar="ACT")
    ask = add(acts, "ask", "ask that a payment settle an item, and a rest of it be let pass")
    ask.add_argument("payment", metavar="PAYMENT", help="its id")
    ask.add_argument("item", metavar="ITEM=AMOUNT", help="what it settles, in money")
    ask.add_argument("--let-pass", required=True, metavar="AMOUNT", help="the rest of the item")
    ask.add_argument("--note", required=True, type=text(300), metavar="TEXT", help="why")
    of_entity(ask)
    ask.set_defaults(act=_ask_difference)
    listed = add(acts, "list", "what was asked for, the newest first")
    of_entity(listed)
    listed.set_defaults(act=_differences)
    for word, told in (("approve", "let it pass: another person than who asked"), ("decline", "")):
        decide = add(acts, word, told or "leave it as it is")
        decide.add_argument("number", type=count, metavar="NUMBER", help="as the list tells it")
        on_day(decide)
        of_entity(decide)
        decide.set_defaults(act=_decide_difference, is_approved=word == "approve")


def _matching(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.differences import matching_document

    knobs = dict(split_item(one) for one in arguments.knobs)
    told = matching_document(asked_for(arguments), knobs)
    if not arguments.json:
        for name, value in told["knobs"].items():
            print(f"{name:<22} {value}")
    return told, 0


def _ask_difference(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.differences import ask_by_number

    item, amount = split_item(arguments.item)
    told = ask_by_number(
        asked_for(arguments),
        payment=arguments.payment,
        item=item,
        amount=amount,
        let_pass=arguments.let_pass,
        note=arguments.note,
    )
    return _told_differences(arguments, told)


def _differences(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.differences import differences_document

    return _told_differences(arguments, differences_document(arguments.entity))


def _decide_difference(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.differences import decide_by_number

    told = decide_by_number(
        asked_for(arguments), approval_id=arguments.number, is_approved=arguments.is_approved
    )
    return _told_differences(arguments, told)


def _told_differences(
    arguments: argparse.Namespace, told: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    if not arguments.json:
        for one in told["differences"]:
            print(
                f"{one['id']:>6}  {one['payment']:<10} {one['customer']:<12} "
                f"{one['difference']} {one['currency']}  {one['state']}  {one['note']}"
            )
    return told, 0


def _match(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.matching import match

    told = match(asked_for(arguments), auto=arguments.auto)
    if not arguments.json:
        _print(told, arguments.auto and not arguments.dry_run)
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _print(told: dict[str, Any], is_done: bool) -> None:
    for one in told["payments"]:
        words = _WORDS[one["outcome"]]
        if one["outcome"] == "applied" and not is_done:
            words = "would be applied to"
        items = ", ".join(line["item"] for line in one["lines"] if line["reason"] == "settled")
        who = one["customer"] or "-"
        print(
            f"{one['payment']:<12} {one['received_on']}  {one['currency']} {one['amount']:>14}  "
            f"{who:<12} {words} {items}".rstrip()
        )
        for reason in (*one["because"], *one["against"]):
            print(f"    {reason}")
    rates = told["rates"]
    if rates["auto"] is not None:
        print(
            f"{len(told['payments'])} payments: {rates['auto']:.1%} certain, "
            f"{rates['suggested']:.1%} proposed, {rates['untouched']:.1%} neither."
        )
    else:
        print("No money waits to be applied.")


def _payers(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.payers import payers_document

    told = payers_document(arguments.entity, arguments.customer)
    if not arguments.json:
        for one in told["payers"]:
            print(f"{one['id']:>6}  {one['customer']:<12} {one['kind']:<8} {one['shown']}")
    return told, 0


def _revoke(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.payers import revoke_payer

    told = revoke_payer(arguments.entity, arguments.alias, actor=home.actor(), at=home.now())
    if not arguments.json:
        print(f"{told['shown']} is forgotten for {told['customer']}.")
    return told, 0
