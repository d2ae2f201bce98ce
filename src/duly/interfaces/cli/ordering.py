"""Orders against the limit: `duly credit check-order`, `order`, `holds`, `release`, `stop`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import finish
from duly.interfaces.cli.arguments import Subparsers, add, of_entity, text, today

CHECKPOINTS = ["confirm", "pick", "ship", "invoice"]
KINDS = ["blocked", "insolvency", "sanctions"]


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
    _add_holds(acts)


def _add_holds(acts: Subparsers) -> None:
    waiting = add(acts, "holds", "orders that wait, and why")
    waiting.add_argument(
        "--retest", action="store_true", help="test them again: those that nothing holds go"
    )
    finish(waiting, _holds)
    released = add(acts, "release", "let a held order go, for that order only")
    released.add_argument("hold", type=int, metavar="HOLD", help="a hold's number")
    released.add_argument("--reason", required=True, metavar="TEXT", help="why it may go")
    released.add_argument("--user", metavar="EMAIL", help="who releases it, with their authority")
    finish(released, _release)
    owned = add(acts, "hold", "look at a held order, or say who clears it")
    owned.add_argument("hold", type=int, metavar="HOLD", help="a hold's number")
    owned.add_argument("--owner", type=text(120), metavar="WHO", help="who clears it")
    finish(owned, _hold)
    stopped = add(acts, "stop", "let no order of a customer go, or lift that again")
    stopped.add_argument("customers", nargs="+", metavar="CUSTOMER", help="customers' ids")
    stopped.add_argument("--kind", choices=KINDS, required=True, help="what stops them")
    stopped.add_argument("--reason", required=True, metavar="TEXT", help="why, by which list")
    stopped.add_argument("--lift", action="store_true", help="it does not hold any more")
    finish(stopped, _stop)
    stops = add(acts, "stops", "customers of whom no order goes")
    of_entity(stops)
    stops.set_defaults(act=_stops)


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
        if not exposure["limit"] and not any(one["test"] == "limit" for one in document["failed"]):
            print("Nobody gave a limit, and here none is needed. To hold such orders:")
            print("  duly credit policy orders.needs_limit=yes")
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
    ordering.refuse_held(document)
    if not arguments.json:
        for name, value in document.items():
            print(f"{name.replace('_', ' '):<22} {value}")
    return document, 0


def _holds(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange import holding

    def act(entity: Any, on: Any, author: Any) -> dict[str, Any]:
        if arguments.retest:
            return holding.retest(entity, on, author)
        return holding.holds_document(entity, on)

    document = _written(arguments, "credit holds", act)
    if not arguments.json:
        for row in document.get("cleared", document.get("holds", [])):
            tests = ", ".join(one["test"] for one in row["failed"])
            print(
                f"{row['hold']:>6}  {row['order']:<16} {row['customer']:<12} {row['currency']}"
                f" {row['amount']:>14}  {row['days']:>3} days  {row['state']}: {tests}"
            )
    return document, 0


def _release(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.queries import user_named
    from duly.interfaces.exchange import holding

    actor = user_named(arguments.user).email if arguments.user else home.actor()
    document = _written(
        arguments,
        "credit release",
        lambda entity, on, author: holding.release(
            entity, arguments.hold, arguments.reason, on, author._replace(actor=actor)
        ),
    )
    if not arguments.json:
        print(f"Order {document['order']} is {document['state']}.")
    return document, 0


def _hold(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions import assign_hold
    from duly.interfaces.exchange import holding

    def act(entity: Any, on: Any, author: Any) -> dict[str, Any]:
        if arguments.owner:
            assign_hold(
                entity=entity, hold_id=arguments.hold, owner=arguments.owner, on=on, author=author
            )
        return holding.hold_document(entity, arguments.hold, on)

    document = _written(arguments, "credit hold", act)
    if not arguments.json:
        for name, value in document.items():
            print(f"{name.replace('_', ' '):<12} {value}")
    return document, 0


def _stop(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions import StopDraft, lift_stop, stop_orders
    from duly.credit.queries.holds import stops_of
    from duly.interfaces.exchange.holding import retest_of, stops_document
    from duly.parties.queries import customer

    def act(entity: Any, on: Any, author: Any) -> dict[str, Any]:
        ids = [customer(entity_id=entity.pk, code=one).pk for one in arguments.customers]
        kind, reason = arguments.kind, arguments.reason
        if arguments.lift:
            for pk in ids:
                lift_stop(
                    entity_id=entity.pk, customer_id=pk, kind=kind, reason=reason, author=author
                )
            retest_of(entity, on, author, ids)
        else:
            drafts = [StopDraft(pk, kind, reason) for pk in ids]
            stop_orders(entity_id=entity.pk, drafts=drafts, on=on, author=author)
        return stops_document(stops_of(entity.pk))

    return _told(arguments, _written(arguments, "credit stop", act))


def _stops(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.holds import stops_of
    from duly.interfaces.exchange.holding import stops_document
    from duly.parties.queries import entity

    return _told(arguments, stops_document(stops_of(entity(arguments.entity).pk)))


def _told(arguments: argparse.Namespace, document: dict[str, Any]) -> tuple[dict[str, Any], int]:
    if not arguments.json:
        for row in document["stops"]:
            print(f"{row['customer']:<16} {row['kind']:<10} since {row['since']}: {row['reason']}")
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
