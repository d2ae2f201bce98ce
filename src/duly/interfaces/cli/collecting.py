"""The collections desk: `duly day`, `duly work`, `duly messages`, `duly sending`."""

import argparse
import sys
from datetime import UTC, datetime, time
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    day,
    for_writing,
    of_entity,
    on_day,
    text,
    today,
)
from duly.kernel.errors import Outage


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    one_day = add(commands, "day", "the collections day: who is written to, and who is not and why")
    on_day(one_day)
    of_entity(one_day)
    for_writing(one_day)
    one_day.set_defaults(act=_day)

    worklist = add(commands, "today", "the worklist, ranked by the money that a call today moves")
    on_day(worklist)
    worklist.add_argument("--user", metavar="U", help="customers of this collector")
    worklist.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many")
    of_entity(worklist)
    worklist.set_defaults(act=_today)

    work = add(commands, "work", "the worker: hands messages to the mail server, runs jobs")
    work.add_argument("--until-idle", action="store_true", help="end when nothing more can go now")
    work.add_argument("--on", type=day, metavar="DATE", help="noon of DATE where a recipient is")
    work.add_argument("--at", type=_moment, metavar="HH:MM", help="that moment in UTC exactly")
    work.set_defaults(act=_work)

    metrics = add(commands, "metrics", "how well collecting goes: promises, calls, disputes")
    for name, dest in (("--from", "first"), ("--to", "last")):
        metrics.add_argument(
            name, dest=dest, type=day, required=True, metavar="DATE", help=f"the {dest} day"
        )
    of_entity(metrics)
    metrics.set_defaults(act=_metrics)

    messages = add(commands, "messages", "what was, will be or may have been sent")
    messages.add_argument("--customer", metavar="ID", help="only to this customer")
    messages.add_argument("--on", type=day, metavar="DATE", help="planned for DATE")
    messages.add_argument(
        "--state", action="append", metavar="STATE", help="only in this state; may be said again"
    )
    of_entity(messages)
    messages.set_defaults(act=_messages)

    _add_message(commands)
    _add_sending(commands)


def _add_message(commands: Subparsers) -> None:
    message = commands.add_parser("message", help="a message: hold, release, cancel, send again")
    acts = message.add_subparsers(dest="act_name", required=True, metavar="ACT")
    for name, told in (
        ("hold", "keep a queued message back"),
        ("release", "let a held message go"),
        ("cancel", "take a message off that has not left, or failed"),
        ("arrived", "say of a message that is unknown that it arrived"),
        ("again", "send a message again that did not arrive"),
    ):
        act = add(acts, name, told)
        act.add_argument("id", type=int, metavar="ID", help="a message's number")
        if name == "cancel":
            act.add_argument(
                "--reason",
                type=text(1000),
                default="taken off by hand",
                metavar="TEXT",
                help="why it is not sent",
            )
        for_writing(act)
        act.set_defaults(act=_message, act_name=name)


def _add_sending(commands: Subparsers) -> None:
    sending = commands.add_parser("sending", help="whether mail leaves the house")
    acts = sending.add_subparsers(dest="act_name", required=True, metavar="ACT")
    on = add(acts, "on", "let mail leave; needs the company's name")
    on.add_argument(
        "--confirm", required=True, metavar="ENTITY", help="the company's name, typed out"
    )
    test = add(acts, "test", "let mail leave to named addresses alone")
    test.add_argument(
        "--allow",
        type=_address,
        action="append",
        required=True,
        metavar="ADDRESS",
        help="an address that mail may leave to; may be said again",
    )
    sender = add(acts, "from", "the address that mail comes from, and where replies go")
    sender.add_argument("sender", type=_address, metavar="ADDRESS", help="who mail comes from")
    sender.add_argument(
        "--reply-to",
        type=_address,
        metavar="ADDRESS",
        help="where replies go; default: to the sender",
    )
    digest = add(acts, "digest", "who of the firm gets the week by mail; without any, nobody")
    digest.add_argument(
        "readers", type=_address, nargs="*", metavar="ADDRESS", help="a reader of the week"
    )
    for name, told in (
        ("off", "let no mail leave"),
        ("stop", "stop button: let no mail leave until it is confirmed again"),
        ("status", "whether mail leaves, from whom and to whom"),
    ):
        add(acts, name, told)
    for name, parser in acts.choices.items():
        of_entity(parser)
        if name != "status":
            for_writing(parser)
        parser.set_defaults(act=_sending, act_name=name)


def _moment(given: str) -> time:
    try:
        return time.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no time of day such as 09:30") from None


def _address(given: str) -> str:
    from duly.collections.rules.addressing import is_address

    if not is_address(given):
        raise argparse.ArgumentTypeError(f"{given!r} is no e-mail address")
    return given


def _day(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import once
    from duly.interfaces.exchange.collecting import day_document
    from duly.interfaces.jobs.day import run_day
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        told = run_day(
            entity=one, on=on, actor=home.actor(), at=home.now(), is_dry_run=arguments.dry_run
        )
        return day_document(told)

    if arguments.key and not arguments.dry_run:
        given = [one.pk, on.isoformat()]
        document = once(key=arguments.key, command="day", given=given, at=home.now(), act=act)
    else:
        document = act()
    if not arguments.json:
        _show_day(document)
    return document, 0


def _show_day(document: dict[str, Any]) -> None:
    for step in document["steps"]:
        what = f"{step['customer']:<16} {step['currency']} {step['amount']:>14}  "
        if step["why"]:
            print(f"{what}left out, {step['why']['code']}: {step['why']['text']}")
        else:
            to = ", ".join(step["to"]) or "a person"
            print(f"{what}{step['outcome']}: {step['step']} by {step['channel']} to {to}")
    for promise in document["promises"]:
        print(f"promise {promise['id']}: {promise['verdict'].replace('_', ' ')}")
    counts: dict[str, int] = {}
    for step in document["steps"]:
        counts[step["outcome"]] = counts.get(step["outcome"], 0) + 1
    print(", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items())) or "Nothing to do.")


def _today(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.worklist import worklist
    from duly.interfaces.exchange.collecting import today_document
    from duly.interfaces.jobs.planned import next_acts
    from duly.parties import queries as parties
    from duly.parties.queries.reach import ids_by_collector

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    ids = None
    if arguments.user:
        ids = ids_by_collector(one.pk, arguments.user)
    told = worklist(entity=one, on=on, customer_ids=ids)
    rows = [row for row in told.rows if row.value_minor > 0 or row.currency in told.without_rate][
        : max(arguments.limit, 0)
    ]
    document = today_document(entity=one, told=told, rows=rows, nexts=next_acts(one, on, rows))
    if not arguments.json:
        for row in document["rows"]:
            print(
                f"{row['rank']:>4}  {row['customer']:<16} {one.currency} {row['value']:>14}  "
                + "; ".join(f"{reason['text']} {reason['value']}" for reason in row["because"])
            )
        for problem in document["problems"]:
            print(f"{problem['message']} {problem['remedy']}", file=sys.stderr)
    return document, 0


def _work(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    import time as clock_time

    from duly.interfaces.cli.main import DONE, WORLD_FAILED
    from duly.interfaces.jobs.mailing import Handed, send_waiting
    from duly.interfaces.jobs.reading import read_mailbox
    from duly.interfaces.jobs.scheduled import carry_out_due
    from duly.interfaces.jobs.worker import run_ready_tasks

    total, done, failed = Handed(), 0, 0
    while True:
        carry_out_due(_clock(arguments))
        handed = send_waiting(_clock(arguments))
        total.counts.update(handed.counts)
        total.outage = handed.outage
        try:
            read_mailbox(at=home.now(), on=arguments.on)
        except Outage as error:
            handed.outage = total.outage = handed.outage or error
        jobs = run_ready_tasks()
        done, failed = done + jobs[0], failed + jobs[1]
        if arguments.until_idle:
            break
        if handed.outage:
            print(handed.outage, file=sys.stderr)
        clock_time.sleep(2)
    document = {"messages": total.as_dict(), "jobs": {"done": done, "failed": failed}}
    if total.outage is not None:
        print(f"{total.outage.code}: {total.outage}", file=sys.stderr)
    if not arguments.json:
        print(", ".join(f"{n} {state}" for state, n in document["messages"].items()))
    return document, WORLD_FAILED if total.outage else DONE


def _clock(arguments: argparse.Namespace):  # type: ignore[no-untyped-def]
    from duly.collections.rules.handing import Clock

    now = home.now()
    if arguments.at is not None:
        moment = datetime.combine(arguments.on or now.date(), arguments.at, UTC)
        return Clock(moment)
    return Clock(now, arguments.on)


def _metrics(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.measures import measures
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    rows = [
        {**found._asdict(), "flags": list(found.flags)}
        for found in measures(entity_id=one.pk, first=arguments.first, last=arguments.last)
    ]
    if not arguments.json:
        for row in rows:
            value = "-" if row["value"] is None else f"{row['value']} {row['unit']}"
            print(f"{row['id']:<24} {value:>14}  {row['formula']}")
    return {"measures": rows}, 0


def _messages(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.models import MAILED
    from duly.collections.queries.messages import messages, sending_of
    from duly.interfaces.exchange.collecting import messages_document
    from duly.parties import queries as parties

    only = parties.entity(arguments.entity) if arguments.entity else None
    customer_id = None
    if arguments.customer:
        owner = only or parties.entity()
        customer_id = parties.customer(entity_id=owner.pk, code=arguments.customer).pk
    rows = messages(
        entity_id=only.pk if only else None,
        customer_id=customer_id,
        planned_on=arguments.on,
        states=arguments.state,
        channels=MAILED,
    )
    modes = {one.pk: sending_of(one.pk).mode for one in parties.entities()}
    document = messages_document(rows, modes)
    if not arguments.json:
        for row in document["messages"]:
            why = f" ({row['why']['text']})" if row["why"] else ""
            print(
                f"{row['id']:>7}  {row['planned_on']}  {row['customer']:<16} {row['currency']} "
                f"{row['amount']:>14}  {row['state']}{why}"
            )
    return document, 0


def _message(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections import actions
    from duly.interfaces.exchange.settling import carry_out

    at, who = home.now(), home.actor()

    def act() -> dict[str, Any]:
        if arguments.act_name == "cancel":
            row = actions.cancel_message(
                message_id=arguments.id, reason=arguments.reason, actor=who, at=at
            )
        else:
            change = {
                "hold": actions.hold_message,
                "release": actions.release_message,
                "arrived": actions.confirm_arrival,
                "again": actions.send_again,
            }[arguments.act_name]
            row = change(message_id=arguments.id, actor=who, at=at)
        return {"id": row.pk, "state": row.state}

    given = [arguments.act_name, arguments.id, getattr(arguments, "reason", "")]
    told = carry_out(act, arguments.key, "message", given, at, arguments.dry_run)
    if not arguments.json:
        print(f"Message {told['id']} is {told['state']}.")
    return told, 0


def _sending(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections import actions
    from duly.collections.queries.messages import sending_of
    from duly.interfaces.exchange.couriers.hosts import is_mailed_elsewhere
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one, at, who = entity(arguments.entity), home.now(), home.actor()
    name = arguments.act_name
    confirm, allowed = getattr(arguments, "confirm", ""), getattr(arguments, "allow", [])
    reply_to = getattr(arguments, "reply_to", None) or ""

    def act() -> dict[str, Any]:
        if name == "from":
            given = {"sender": arguments.sender, "reply_to": reply_to}
            actions.name_sender(entity=one, actor=who, at=at, **given)
        elif name == "digest":
            actions.name_readers(entity=one, readers=arguments.readers, actor=who, at=at)
        elif name != "status":
            actions.switch_sending(
                entity=one,
                mode="stopped" if name == "stop" else name,
                confirm=confirm,
                allowed=allowed,
                needs_sender=is_mailed_elsewhere(),
                actor=who,
                at=at,
            )
        row = sending_of(one.pk)
        return {
            "entity": one.name,
            "mode": row.mode,
            "sender": row.sender,
            "reply_to": row.reply_to,
            "allowed": row.allowed,
            "readers": row.readers,
        }

    if name == "status":
        told = act()
    else:
        given = [
            one.pk,
            name,
            confirm,
            allowed,
            getattr(arguments, "sender", ""),
            reply_to,
            getattr(arguments, "readers", []),
        ]
        told = carry_out(act, arguments.key, "sending", given, at, arguments.dry_run)
    if not arguments.json:
        print(f"{one.name}: sending is {told['mode']}.")
        if told["mode"] in ("on", "test") and not told["sender"]:
            print("No sender is named: messages come from duly@localhost. See `sending from`.")
    return told, 0
