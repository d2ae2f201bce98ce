"""Match money to what it pays: `duly match`, `duly payers`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    count,
    for_writing,
    of_entity,
    on_day,
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


def _match(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.matching import match
    from duly.interfaces.exchange.settling import Asked

    told = match(
        Asked(
            actor=home.actor(),
            at=home.now(),
            entity_name=arguments.entity,
            on=arguments.on,
            key=arguments.key,
            is_dry_run=arguments.dry_run,
        ),
        auto=arguments.auto,
    )
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
        for text in (*one["because"], *one["against"]):
            print(f"    {text}")
    rates = told["rates"]
    if rates["auto"] is not None:
        print(
            f"{len(told['payments'])} payments: {rates['auto']:.1%} certain, "
            f"{rates['suggested']:.1%} proposed, {rates['untouched']:.1%} neither."
        )


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
