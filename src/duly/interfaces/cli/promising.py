"""What customers promise to pay: `duly promise`."""

import argparse
from datetime import date
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, text, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    promise = commands.add_parser("promise", help="promises to pay")
    acts = promise.add_subparsers(dest="act_name", required=True, metavar="ACT")
    _add_new(acts)
    cancel = add(acts, "cancel", "take a promise off; chasing goes on")
    extend = add(acts, "extend", "put a promise off, once")
    met = add(acts, "met", "say that we did what a promise waits for")
    for act, function in ((cancel, _cancel), (extend, _extend), (met, _met)):
        act.add_argument("id", type=int, metavar="ID", help="a promise's number")
        if act is extend:
            act.add_argument("--due", type=day, required=True, metavar="DATE", help="until when")
            _approval(act)
        finish(act, function)
    listed = add(acts, "list", "promises and what came of them")
    rates = add(acts, "rates", "how well promises are kept, by person, customer and segment")
    for act, function in ((listed, _list), (rates, _rates)):
        act.add_argument("--customer", metavar="ID", help="only of this customer")
        of_entity(act)
        act.set_defaults(act=function)


def _approval(act: argparse.ArgumentParser) -> None:
    act.add_argument(
        "--approved-by",
        default="",
        metavar="EMAIL",
        help="who lets it be further away than a collector may",
    )


def _add_new(acts: Subparsers) -> None:
    new = add(acts, "add", "a promise to pay")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--amount", required=True, metavar="A", help="how much is promised")
    new.add_argument("--currency", required=True, metavar="C", help="its currency")
    new.add_argument("--due", type=day, required=True, metavar="DATE", help="until when")
    new.add_argument(
        "--then",
        type=_part,
        action="append",
        default=[],
        metavar="A=DATE",
        help="another part and its day; may be said again",
    )
    new.add_argument("--items", default="", metavar="N,..", help="default: whatever is oldest")
    new.add_argument("--person", type=text(200), default="", metavar="NAME", help="who promised")
    new.add_argument(
        "--channel", type=text(16), default="", metavar="CHANNEL", help="call, email, visit, ..."
    )
    new.add_argument(
        "--method", type=text(32), default="", metavar="HOW", help="transfer, cheque, card, ..."
    )
    new.add_argument(
        "--condition",
        type=text(300),
        default="",
        metavar="TEXT",
        help="what we are to do first; becomes a task",
    )
    new.add_argument("--unlock-by", type=day, metavar="DATE", help="until when; default: --due")
    _approval(new)
    new.add_argument(
        "--note", type=text(1000), default="", metavar="TEXT", help="what else was said"
    )
    finish(new, _add)


def _part(given: str) -> tuple[str, date]:
    amount, sign, due = given.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{given!r} is no part such as 3000.00=2026-03-20")
    return amount, day(due)


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import PromiseDraft, make_promises
    from duly.collections.models import Promise
    from duly.interfaces.exchange.collecting import items_named, promises_document
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    numbers = [number.strip() for number in arguments.items.split(",") if number.strip()]
    items = items_named(one.pk, customer_id, numbers)
    drafts = [
        PromiseDraft(
            customer_id=customer_id,
            currency=arguments.currency,
            amount_minor=minor_from_text(amount, exponent(arguments.currency)),
            due_on=due,
            item_ids=tuple(item.id for item in items),
            person=arguments.person,
            channel=arguments.channel,
            note=arguments.note,
            method=arguments.method,
            approved_by=arguments.approved_by,
            condition=arguments.condition,
            condition_due_on=arguments.unlock_by,
        )
        for amount, due in [(arguments.amount, arguments.due), *arguments.then]
    ]

    def act() -> dict[str, Any]:
        ids = make_promises(
            entity_id=one.pk, drafts=drafts, on=on, actor=home.actor(), at=home.now()
        )
        return promises_document(Promise.objects.filter(pk__in=ids).order_by("due_on", "pk"))

    return carried_out(arguments, "promise add", act)


def _cancel(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import cancel_promise

    return _changed(arguments, "promise cancel", cancel_promise, {})


def _extend(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import extend_promise

    given = {"due_on": arguments.due, "approved_by": arguments.approved_by}
    return _changed(arguments, "promise extend", extend_promise, given)


def _met(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import meet_condition

    return _changed(arguments, "promise met", meet_condition, {})


def _changed(
    arguments: argparse.Namespace, command: str, verb: Any, given: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.collecting import promises_document

    def act() -> dict[str, Any]:
        row = verb(
            promise_id=arguments.id,
            on=arguments.on or home.now().date(),
            actor=home.actor(),
            at=home.now(),
            **given,
        )
        return promises_document([row])

    return carried_out(arguments, command, act)


def _customer(arguments: argparse.Namespace) -> Any:
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    code = arguments.customer
    return one, parties.customer(entity_id=one.pk, code=code).pk if code else None


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.promises import promises
    from duly.interfaces.exchange.calling import promises_with_chances

    one, customer_id = _customer(arguments)
    rows = promises(entity_id=one.pk, customer_id=customer_id)
    document = promises_with_chances(one.pk, rows)
    if not arguments.json:
        for row in document["promises"]:
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['currency']} {row['amount']:>14}  "
                f"due {row['due_on']}  {row['state'].replace('_', ' ')}"
            )
    return document, 0


def _rates(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.calling import rates_document

    one, customer_id = _customer(arguments)
    document = rates_document(one.pk, customer_id)
    if not arguments.json:
        for name in ("segments", "customers", "people"):
            for row in document[name]:
                who = row.get("person") or row.get("customer") or row.get("segment") or "-"
                print(
                    f"{name[:-1]:<9} {who:<28} kept {row['kept']} of {row['due']}: {row['chance']}%"
                )
    return document, 0
