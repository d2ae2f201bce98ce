"""Up to what amounts roles may do what they may do: `duly authority`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add, text


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    from duly.access.rules.authority import BY_AMOUNT
    from duly.access.rules.roles import ROLES

    authority = commands.add_parser(
        "authority", help="up to what amounts a role may approve refunds, credit notes, credit"
    )
    acts = authority.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "the amounts that are set; without one a role may do any")
    listed.set_defaults(act=_list)
    given = add(acts, "set", "set an amount up to which a role may do something")
    lifted = add(acts, "lift", "forget an amount")
    for one in (given, lifted):
        one.add_argument("role", choices=[code for code, _ in ROLES], metavar="ROLE", help="whose")
        one.add_argument(
            "what", choices=BY_AMOUNT, metavar="WHAT", help=f"one of {', '.join(BY_AMOUNT)}"
        )
        one.add_argument("currency", type=text(3), metavar="CURRENCY", help="such as EUR")
    given.add_argument("amount", metavar="AMOUNT", help="up to how much; 0: not at all")
    given.set_defaults(act=_set)
    lifted.set_defaults(act=_lift)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.queries import authorities
    from duly.kernel.money import Money

    rows = [
        {
            "role": row.role,
            "act": row.act,
            "currency": row.currency,
            "up_to": Money(row.up_to_minor, row.currency).text(),
        }
        for row in authorities()
    ]
    if not arguments.json:
        for row in rows:
            print(f"{row['act']:<16} {row['role']:<10} up to {row['currency']} {row['up_to']:>14}")
        if not rows:
            print("No amount is set: who may do something may do it up to any amount.")
    return {"authorities": rows}, 0


def _set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, set_authority
    from duly.kernel.money import Money

    up_to = Money.parse(arguments.amount, arguments.currency.upper())
    set_authority(
        role=arguments.role,
        act=arguments.what,
        up_to=up_to,
        author=Author(home.actor(), home.now()),
    )
    if not arguments.json:
        print(f"{arguments.role} may {arguments.what} up to {up_to}.")
    told = {"role": arguments.role, "act": arguments.what, "up_to": up_to.text()}
    return {**told, "currency": up_to.currency}, 0


def _lift(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author, lift_authority
    from duly.access.queries import authority_of
    from duly.kernel.money import Money

    role, act, currency = arguments.role, arguments.what, arguments.currency.upper()
    author = Author(home.actor(), home.now())
    lift_authority(role=role, act=act, currency=currency, author=author)
    left = authority_of(role, act, currency)
    up_to = None if left is None else Money(left, currency).text()
    if not arguments.json:
        print(f"{role} may {act} up to {'any amount' if up_to is None else f'{currency} {up_to}'}.")
    return {"role": role, "act": act, "currency": currency, "up_to": up_to}, 0
