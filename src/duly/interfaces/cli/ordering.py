"""Orders against the limit: `duly credit check-order`, `order`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import finish
from duly.interfaces.cli.arguments import Subparsers, add, text, today

CHECKPOINTS = ["confirm", "pick", "ship", "invoice"]


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    asked = add(acts, "check-order", "whether an order may go, with every test it fails")
    asked.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    asked.add_argument("amount", metavar="AMOUNT", help="what the order comes to, tax included")
    asked.add_argument("currency", metavar="CUR", help="its currency")
    asked.add_argument(
        "--order",
        type=text(64),
        default="",
        metavar="REF",
        help="its reference: what comes of it is written down; without one this is a question",
    )
    asked.add_argument(
        "--checkpoint", choices=CHECKPOINTS, default="confirm", help="default: confirm"
    )
    asked.add_argument("--prepaid", action="store_true", help="it is paid before goods leave")
    asked.add_argument("--margin", metavar="A", help="what is earned on it, shown while it waits")
    finish(asked, _check)

    moved = add(acts, "order", "ship some of an order, cancel it, or look at it")
    moved.add_argument("ref", metavar="REF", help="an order's reference")
    what = moved.add_mutually_exclusive_group()
    what.add_argument("--ship", metavar="AMOUNT", help="what left the house")
    what.add_argument("--cancel", action="store_true", help="drop what is left of it")
    finish(moved, _order)


def _check(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.ordering import OrderTold, check

    told = OrderTold(
        arguments.customer,
        arguments.amount,
        arguments.currency,
        arguments.order,
        arguments.checkpoint,
        arguments.prepaid,
        arguments.margin,
    )
    document = _written(
        arguments, "credit check-order", lambda *more: check(more[0], told, *more[1:])
    )
    if not arguments.json:
        exposure = document["exposure"]
        for part in exposure["parts"]:
            print(f"{part['id'].replace('_', ' '):<24} {part['amount']:>16}")
        print(f"{'exposure':<24} {exposure['total']:>16} {exposure['currency']}")
        print(f"{'limit':<24} {exposure['limit'] or 'none':>16}")
        for one in document["failed"]:
            print(f"held by {one['test']}: {one['text']}")
        print(document["decision"])
    return document, 0


def _order(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.orders import order_by_ref
    from duly.interfaces.exchange import ordering

    ref = arguments.ref

    def act(entity: Any, on: Any, author: Any) -> dict[str, Any]:
        if arguments.ship:
            return ordering.ship(entity, ref, arguments.ship, on, author)
        if arguments.cancel:
            return ordering.cancel(entity, ref, on, author)
        return ordering.order_document(entity, order_by_ref(entity.pk, ref), on)

    document = _written(arguments, "credit order", act)
    if not arguments.json:
        for name, value in document.items():
            print(f"{name.replace('_', ' '):<22} {value}")
    return document, 0


def _written(arguments: argparse.Namespace, command: str, act: Any) -> dict[str, Any]:
    """Carry out an act on an entity's books by the rules of every write."""
    from duly.access.actions import Author
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    author = Author(home.actor(), home.now())
    left_out = {"act", "json", "key", "dry_run", "command", "wrong"}
    given = {name: str(value) for name, value in vars(arguments).items() if name not in left_out}
    return carry_out(
        lambda: act(one, on, author),
        arguments.key,
        command,
        given,
        author.at,
        arguments.dry_run,
    )
