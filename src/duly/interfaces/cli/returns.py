"""Money that goes back: `duly payment return`."""

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
    text,
)


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    payment = commands.add_parser("payment", help="a payment that came in")
    acts = payment.add_subparsers(dest="act_name", required=True, metavar="ACT")
    back = add(acts, "return", "the bank took a payment back: what it settled is open again")
    back.add_argument("payment", metavar="PAYMENT", help="its id")
    back.add_argument(
        "--reason",
        required=True,
        type=text(64),
        metavar="CODE",
        help="the bank's code (AM04, MD01, R01, ...), NSF or OTHER",
    )
    back.add_argument("--line", type=count, metavar="N", help="the bank's line that took it back")
    on_day(back)
    of_entity(back)
    for_writing(back)
    back.set_defaults(act=_return)


def _return(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.returning import return_by_number
    from duly.interfaces.exchange.settling import Asked

    told = return_by_number(
        Asked(
            actor=home.actor(),
            at=home.now(),
            entity_name=arguments.entity,
            on=arguments.on,
            key=arguments.key,
            is_dry_run=arguments.dry_run,
        ),
        payment=arguments.payment,
        reason=arguments.reason,
        line_id=arguments.line,
    )
    if not arguments.json:
        _show(told, is_dry_run=arguments.dry_run)
    return told, 0


def _show(told: dict[str, Any], *, is_dry_run: bool) -> None:
    currency, is_ = told["currency"], "would be" if is_dry_run else "is"
    print(
        f"{told['amount']} {currency} of {told['payment']} {is_} returned on {told['on']}: "
        f"{told['reason']['text']} ({told['reason']['code']})."
    )
    for line in told["opened"]:
        print(f"  {line['amount']} {currency} of {line['item']} {is_} open again.")
    for one in told["promises"]:
        print(f"  Promise {one['id']} {is_} {one['verdict'].replace('_', ' ')}.")
    for line in told["fees"]:
        print(f"  A fee of {line['amount']} {currency} {is_} charged: {line['item']}.")
    if is_dry_run:
        print(NOT_WRITTEN)
