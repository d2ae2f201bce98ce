"""Calls to customers: `duly call`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, text, today

OUTCOMES = (
    "no_answer",
    "voicemail",
    "wrong_person",
    "reached",
    "promised",
    "objected",
    "refused",
)


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    call = commands.add_parser("call", help="calls to customers")
    acts = call.add_subparsers(dest="act_name", required=True, metavar="ACT")
    new = add(acts, "add", "log a call")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--outcome", required=True, choices=OUTCOMES, help="what came of it")
    new.add_argument(
        "--person", type=text(200), default="", metavar="NAME", help="who was spoken to"
    )
    new.add_argument(
        "--phone", type=text(40), default="", metavar="NUMBER", help="the number called"
    )
    new.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="what was said")
    new.add_argument("--next", dest="next_on", type=day, metavar="DATE", help="when to call again")
    finish(new, _call_add)


def _call_add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import log_call
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk

    def act() -> dict[str, Any]:
        row = log_call(
            entity_id=one.pk,
            customer_id=customer_id,
            on=arguments.on or today(one.timezone),
            outcome=arguments.outcome,
            person=arguments.person,
            phone=arguments.phone,
            note=arguments.note,
            next_on=arguments.next_on,
            actor=home.actor(),
            at=home.now(),
        )
        told = {"id": row.pk, "customer": arguments.customer, "outcome": row.outcome}
        return {"calls": [{**told, "next_on": str(row.next_on) if row.next_on else None}]}

    return carried_out(arguments, "call add", act)
