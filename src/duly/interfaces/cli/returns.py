"""Money that goes back: `duly payment return`, `duly refund`."""

import argparse
from typing import Any

from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    asked_for,
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
    again = add(acts, "unreturn", "take back a return that was entered by hand")
    again.add_argument("payment", metavar="PAYMENT", help="its id")
    of_entity(again)
    for_writing(again)
    again.set_defaults(act=_unreturn, on=None)
    _add_refunds(commands)


def _add_refunds(commands: Subparsers) -> None:
    refund = commands.add_parser("refund", help="money back to who paid it; takes two persons")
    acts = refund.add_subparsers(dest="act_name", required=True, metavar="ACT")
    ask = add(acts, "ask", "ask for a refund; its money is reserved until it is decided")
    ask.add_argument("payment", metavar="PAYMENT", help="its id, or a credit note's number")
    ask.add_argument("--amount", required=True, metavar="AMOUNT", help="how much goes back")
    ask.add_argument(
        "--reason", required=True, type=text(300), metavar="TEXT", help="why it goes back"
    )
    ask.add_argument(
        "--account",
        default="",
        type=text(64),
        metavar="NUMBER",
        help="default: the account that the money came from",
    )
    ask.add_argument("--user", metavar="EMAIL", help="who asks, so that another may approve it")
    on_day(ask)
    of_entity(ask)
    for_writing(ask)
    ask.set_defaults(act=_ask)
    for name, told in (
        ("approve", "approve what another person asked for"),
        ("refuse", "refuse it; its money is free again"),
        ("paid", "say that an approved refund was paid; the books move"),
    ):
        decided = add(acts, name, told)
        decided.add_argument("refund", type=count, metavar="ID", help="its number")
        if name == "paid":
            on_day(decided)
        else:
            decided.set_defaults(on=None)
        of_entity(decided)
        for_writing(decided)
        decided.set_defaults(act=_settle)
    listed = add(acts, "list", "refunds that wait to be approved or paid")
    listed.add_argument("--all", action="store_true", help="also what was paid, refused or lapsed")
    of_entity(listed)
    listed.set_defaults(act=_list)


def _return(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.returning import return_by_number

    told = return_by_number(
        asked_for(arguments),
        payment=arguments.payment,
        reason=arguments.reason,
        line_id=arguments.line,
    )
    if not arguments.json:
        _show(told, is_dry_run=arguments.dry_run)
    return told, 0


def _unreturn(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.returning import take_return_back

    told = take_return_back(asked_for(arguments), payment=arguments.payment)
    if not arguments.json:
        would = "would not be" if arguments.dry_run else "is not"
        currency = told["currency"]
        print(f"{told['amount']} {currency} of {told['payment']} {would} returned any more.")
        for line in told["settled"]:
            print(f"  {line['amount']} {currency} of {line['item']} settled again.")
        if arguments.dry_run:
            print(NOT_WRITTEN)
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


def _ask(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from dataclasses import replace

    from duly.access.queries import user_named
    from duly.interfaces.exchange.refunding import ask_by_number

    asked = asked_for(arguments)
    if arguments.user:
        asked = replace(asked, actor=user_named(arguments.user).email)
    told = ask_by_number(
        asked,
        source=arguments.payment,
        amount=arguments.amount,
        reason=arguments.reason,
        account=arguments.account,
    )
    if not arguments.json:
        would = "would wait" if arguments.dry_run else "waits"
        print(
            f"Refund {told['id']} of {told['amount']} {told['currency']} {would} for a second "
            "person; nobody can apply that money meanwhile."
        )
        _warn(told)
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _settle(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.refunding import decide_by_number, pay_by_number

    asked, name = asked_for(arguments), arguments.act_name
    if name == "paid":
        told = pay_by_number(asked, refund_id=arguments.refund)
    else:
        told = decide_by_number(asked, refund_id=arguments.refund, is_approved=name == "approve")
    if not arguments.json:
        is_ = "would be" if arguments.dry_run else "is"
        money = f"{told['amount']} {told['currency']} of {told['payment']}"
        print(f"Refund {told['id']}, {money}, {is_} {told['state']}.")
        _warn(told)
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.refunding import OPEN, refunds_document
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    told = refunds_document(entity, states=() if arguments.all else OPEN)
    if not arguments.json:
        for row in told["refunds"]:
            print(
                f"{row['id']:>6}  {row['state']:<8} {row['amount']:>14} {row['currency']}  "
                f"{row['payment']}  {row['customer'] or ''}: {row['reason']}"
            )
            _warn(row)
        if not told["refunds"]:
            print("No refund waits.")
    return told, 0


def _warn(told: dict[str, Any]) -> None:
    if told["warning"]:
        print(f"        ! {told['warning']}")
