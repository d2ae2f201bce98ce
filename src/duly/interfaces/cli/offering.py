"""Discounts for paying early: `duly discount`."""

import argparse
from decimal import Decimal, InvalidOperation
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, count, day, of_entity, on_day, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    discount = commands.add_parser("discount", help="discounts for paying early")
    acts = discount.add_subparsers(dest="act_name", required=True, metavar="ACT")
    cost = add(acts, "cost", "what a discount costs in a year, both ways")
    cost.add_argument("percent", type=_percent, metavar="PERCENT", help="such as 2")
    cost.add_argument("days", type=count, metavar="DAYS", help="how many days early")
    cost.set_defaults(act=_cost)
    offer = add(acts, "offer", "so much off items if they are paid by a day before they are due")
    offer.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    offer.add_argument("--items", required=True, metavar="N,..", help="their numbers")
    offer.add_argument("--pay-by", type=day, required=True, metavar="DATE", help="the last day")
    price = offer.add_mutually_exclusive_group(required=True)
    price.add_argument("--percent", type=_percent, metavar="P", help="the discount")
    price.add_argument("--rate", type=_percent, metavar="P", help="the yearly rate it may cost")
    finish(offer, _offer)
    honour = add(acts, "honour", "apply a payment that came in time, with the discount offered")
    honour.add_argument("id", type=count, metavar="ID", help="an offer's number")
    honour.add_argument("payment", metavar="PAYMENT", help="the payment's number")
    finish(honour, _honour)
    listed = add(acts, "list", "offers, the newest first")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not (percent.is_finite() and 0 < percent < 100):
        raise argparse.ArgumentTypeError(f"{text!r} is no percent from 0 to 100.")
    return percent


def _cost(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.offering import cost_document

    told = cost_document(arguments.percent, arguments.days)
    if not arguments.json:
        print(f"{told['nominal_365']} % a year, {told['effective_365']} % effective")
    return told, 0


def _author() -> Any:
    from duly.access.actions import Author

    return Author(home.actor(), home.now())


def _offer(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions.offering import Price
    from duly.interfaces.exchange.offering import offer_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    numbers = [number.strip() for number in arguments.items.split(",") if number.strip()]
    price = Price(arguments.percent, arguments.rate)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        return offer_document(
            one, arguments.customer, numbers, price, arguments.pay_by, on, _author()
        )

    return carried_out(arguments, "discount offer", act)


def _honour(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.offering import honour_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        return honour_document(one, arguments.id, arguments.payment, on, _author())

    return carried_out(arguments, "discount honour", act)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.offering import offers_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    told = offers_document(one, arguments.customer, arguments.on or today(one.timezone))
    if not arguments.json:
        for row in told["offers"]:
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['item']:<20} {row['currency']} "
                f"{row['discount']:>10} off {row['open']}, by {row['pay_by']}, {row['state']}, "
                f"{row['cost']['nominal_365']} % a year"
            )
    return told, 0
