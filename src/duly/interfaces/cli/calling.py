"""Calls to customers: `duly call`."""

import argparse
from datetime import UTC, date, datetime, time
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today

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
    _add_record(acts)
    prepare = add(acts, "prepare", "all that one has in hand before a call")
    prepare.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    prepare.add_argument("--currency", default="", metavar="C", help="default: most is late in it")
    listed = add(acts, "list", "who is to be called, by the hours of their own place")
    for act, function in ((prepare, _prepare), (listed, _list)):
        on_day(act)
        act.add_argument("--at", type=_moment, metavar="HH:MM", help="that moment in UTC")
        of_entity(act)
        act.set_defaults(act=function)


def _moment(given: str) -> time:
    try:
        return time.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no time of day such as 09:30") from None


def _add_record(acts: Subparsers) -> None:
    told = add(acts, "record", "a call as one record; what was agreed is confirmed in writing")
    told.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    told.add_argument("--outcome", required=True, choices=OUTCOMES, help="what came of it")
    told.add_argument(
        "--promise",
        type=_part,
        action="append",
        default=[],
        metavar="A=DATE",
        help="an amount and its day; may be said again for parts",
    )
    told.add_argument("--currency", metavar="C", help="of the promise; default: the entity's")
    told.add_argument("--items", default="", metavar="N,..", help="items that are promised")
    told.add_argument(
        "--dispute",
        type=_objection,
        action="append",
        default=[],
        metavar="N=A:REASON",
        help="an item, how much of it, and why; may be said again",
    )
    told.add_argument("--copies", default="", metavar="N,..", help="items to send copies of")
    told.add_argument("--excuse", default="", metavar="CODE", help="a code, or its key")
    told.add_argument("--named", type=day, metavar="DATE", help="the day that the excuse names")
    told.add_argument("--next", dest="next_on", type=day, metavar="DATE", help="call again then")
    for name, most, meaning in (
        ("person", 200, "who was spoken to"),
        ("phone", 40, "the number called"),
        ("method", 32, "how it is paid: transfer, cheque, card, ..."),
        ("condition", 300, "what we are to do first"),
        ("recording", 500, "where the recording is kept"),
        ("note", 1000, "what was said"),
    ):
        told.add_argument(f"--{name}", type=text(most), default="", metavar="TEXT", help=meaning)
    told.add_argument(
        "--approved-by", default="", metavar="EMAIL", help="who approves a day further away"
    )
    told.add_argument("--unconfirmed", action="store_true", help="send no confirmation in writing")
    finish(told, _record)


def _part(given: str) -> tuple[str, date]:
    amount, sign, due = given.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{given!r} is no part such as 3000.00=2026-03-20")
    return amount, day(due)


def _objection(given: str) -> tuple[str, str, str]:
    number, _, rest = given.rpartition("=")
    amount, sign, reason = rest.partition(":")
    if not number or not sign:
        raise argparse.ArgumentTypeError(f"{given!r} is no objection such as 1042=450.00:price")
    return number, amount, reason


def _call_add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import log_call
    from duly.interfaces.exchange.laws import gate_of, stopped_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    gate = gate_of(one, customer_id, arguments.on or today(one.timezone))
    laws = [stopped_document(told) for told in gate.stopped(customer_id, "call")]

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
        again = str(row.next_on) if row.next_on else None
        return {"calls": [{**told, "next_on": again, "laws": laws}]}

    return carried_out(arguments, "call add", act)


def _record(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import record_call
    from duly.collections.queries.messages import sending_of
    from duly.interfaces.exchange.calling import read_call, recorded_document
    from duly.interfaces.exchange.couriers.letter import domain_of
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    draft = read_call(one, customer_id, vars(arguments))

    def act() -> dict[str, Any]:
        recorded = record_call(
            entity=one,
            draft=draft,
            on=on,
            domain=domain_of(sending_of(one.pk).sender),
            author=Author(home.actor(), home.now()),
        )
        return recorded_document(recorded, arguments.customer)

    return carried_out(arguments, "call record", act)


def _clock(arguments: argparse.Namespace, on: date) -> Any:
    from duly.collections.rules.handing import Clock

    if arguments.at is not None:
        return Clock(datetime.combine(on, arguments.at, UTC))
    return Clock(home.now(), arguments.on)


def _prepare(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.calling import preparation_document
    from duly.interfaces.jobs.calling import prepare_call
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    told = prepare_call(
        customer=parties.customer(entity_id=one.pk, code=arguments.customer),
        on=on,
        clock=_clock(arguments, on),
        actor=home.actor(),
        currency=arguments.currency,
    )
    document = preparation_document(told)
    if not arguments.json:
        _show(document)
    return document, 0


def _show(document: dict[str, Any]) -> None:
    for law in document["laws"]:
        told = "Do not call" if law["level"] == "enforce" else "Careful"
        print(f"{told}: {law['rule']}: {law['words']} ({law['source']})")
    if document["why_not_asked"]:
        print(f"Not asked: {document['why_not_asked']['text']}")
    who = document["people"][0] if document["people"] else {"name": "nobody known", "phone": ""}
    print(f"{document['name']}: ask for {who['name']} {who['phone']}".rstrip())
    there = document["time"]
    assumed = " (no zone and no country is known: ours)" if there["is_assumed"] else ""
    is_stopped = any(law["level"] == "enforce" for law in document["laws"])
    free = "" if is_stopped else "They may be called."
    print(f"It is {there['local'][11:16]} there{assumed}. {there['why'] or free}".rstrip())
    for item in document["items"]:
        print(
            f"  {item['number']:<14} {item['currency']} {item['open']:>14}  due {item['due_on']}, "
            f"{item['days_late']} days; disputed {item['disputed']}, promised {item['promised']}"
        )
    script = document["script"]
    if script:
        for line in (script["opening"], *script["questions"], script["closing"]):
            print(f"  “{line}”")
    for offer in document["offers"]:
        until = f" until {offer['until_on']}" if offer["until_on"] else ""
        print(f"  may offer: {offer['text']}{until}")


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.calling import callbacks_document
    from duly.interfaces.jobs.calling import callback_list
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    rows = callback_list(entity=one, on=on, clock=_clock(arguments, on))
    document = callbacks_document(on, rows)
    if not arguments.json:
        for row in document["calls"]:
            when = "now" if row["may_call"] else f"from {row['next_at']}"
            if row["barred"]:
                when = f"not to be called: {row['barred']['text']}"
            print(f"{row['customer']:<16} {row['phone'] or '-':<18} {when:<30} {row['why'][0]}")
    return document, 0
