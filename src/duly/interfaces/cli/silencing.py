"""Whom not to chase, and where not to write: `duly block`, `duly suppression`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    block = commands.add_parser("block", help="reasons not to chase a customer or an item")
    acts = block.add_subparsers(dest="act_name", required=True, metavar="ACT")
    new = add(acts, "add", "do not chase a customer, or one item, for a time")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--item", metavar="NUMBER", help="only this item; default: all of them")
    new.add_argument(
        "--kind",
        choices=["snooze", "hold", "placed", "legal"],
        default="hold",
        help="why nobody is chased",
    )
    new.add_argument("--until", type=day, metavar="DATE", help="the last day; default for ever")
    new.add_argument("--reason", type=text(500), required=True, metavar="TEXT", help="in words")
    finish(new, _block_add)
    end = add(acts, "end", "chasing goes on")
    end.add_argument("id", type=int, metavar="ID", help="a block's number")
    finish(end, _block_end)
    listed = add(acts, "list", "what keeps a customer from being chased on a day")
    listed.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_block_list)

    suppression = commands.add_parser("suppression", help="addresses that mail came back from")
    acts = suppression.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "addresses that nothing is sent to, and why")
    of_entity(listed)
    listed.set_defaults(act=_suppression_list)
    lift = add(acts, "lift", "send to an address again: it works now")
    lift.add_argument("address", metavar="ADDRESS", help="an e-mail address")
    finish(lift, _suppression_lift)


def _block_add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import place_block
    from duly.interfaces.exchange.collecting import items_named
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    items = items_named(one.pk, customer_id, [arguments.item]) if arguments.item else []

    def act() -> dict[str, Any]:
        row = place_block(
            entity_id=one.pk,
            customer_id=customer_id,
            item_id=items[0].id if items else None,
            kind=arguments.kind,
            reason=arguments.reason,
            from_on=arguments.on or today(one.timezone),
            until_on=arguments.until,
            actor=home.actor(),
            at=home.now(),
        )
        return {"blocks": [{"id": row.pk, "customer": arguments.customer, "kind": row.kind}]}

    return carried_out(arguments, "block add", act)


def _block_end(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import end_block

    def act() -> dict[str, Any]:
        row = end_block(block_id=arguments.id, actor=home.actor(), at=home.now())
        return {"blocks": [{"id": row.pk, "kind": row.kind, "is_ended": True}]}

    return carried_out(arguments, "block end", act)


def _block_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.desk import blocks_in_force
    from duly.parties import queries as parties
    from duly.receivables.queries import line_facts

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    rows = blocks_in_force(customer_id, on)
    facts = line_facts({row.item_id for row in rows if row.item_id is not None}, set())
    document = {
        "blocks": [
            {
                "id": row.pk,
                "kind": row.kind,
                "item": facts["item", row.item_id].number if row.item_id is not None else None,
                "reason": row.reason,
                "from_on": row.from_on.isoformat(),
                "until_on": row.until_on.isoformat() if row.until_on else None,
                "by": row.actor,
            }
            for row in rows
        ]
    }
    if not arguments.json:
        for block in document["blocks"]:
            until = f" until {block['until_on']}" if block["until_on"] else ""
            what = f"{block['kind']} of {block['item'] or 'everything'}{until}"
            print(f"{block['id']:>6}  {what}: {block['reason']} ({block['by']})")
    return document, 0


def _suppression_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.standing import suppressions
    from duly.parties.queries import entity

    document = {
        "suppressions": [
            {"address": row.address, "reason": row.reason, "since_on": row.since_on.isoformat()}
            for row in suppressions(entity(arguments.entity).pk)
        ]
    }
    if not arguments.json:
        for row in document["suppressions"]:
            print(f"{row['address']:<40} since {row['since_on']}: {row['reason']}")
    return document, 0


def _suppression_lift(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import lift_suppression
    from duly.parties.queries import entity

    one = entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = lift_suppression(
            entity_id=one.pk, address=arguments.address, actor=home.actor(), at=home.now()
        )
        return {"suppressions": [{"address": row.address, "is_lifted": True}]}

    return carried_out(arguments, "suppression lift", act)
