"""What was agreed with customers or is to do: `duly promise`, `task`, `call`."""

import argparse
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
    promise = commands.add_parser("promise", help="promises to pay")
    acts = promise.add_subparsers(dest="act_name", required=True, metavar="ACT")
    new = add(acts, "add", "a promise to pay")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--amount", required=True, metavar="A", help="how much is promised")
    new.add_argument("--currency", required=True, metavar="C", help="its currency")
    new.add_argument("--due", type=day, required=True, metavar="DATE", help="until when")
    new.add_argument("--items", default="", metavar="N,..", help="default: whatever is oldest")
    new.add_argument("--person", type=text(200), default="", metavar="NAME", help="who promised")
    new.add_argument(
        "--channel", type=text(16), default="", metavar="CHANNEL", help="call, email, visit, ..."
    )
    new.add_argument(
        "--note", type=text(1000), default="", metavar="TEXT", help="what else was said"
    )
    finish(new, _promise_add)
    cancel = add(acts, "cancel", "take a promise off; chasing goes on")
    cancel.add_argument("id", type=int, metavar="ID", help="a promise's number")
    finish(cancel, _promise_cancel)
    listed = add(acts, "list", "promises and what came of them")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    of_entity(listed)
    listed.set_defaults(act=_promise_list)

    _add_tasks(commands)
    _add_calls(commands)


def _add_tasks(commands: Subparsers) -> None:
    task = commands.add_parser("task", help="what people are to do")
    acts = task.add_subparsers(dest="act_name", required=True, metavar="ACT")
    done = add(acts, "done", "say that a task is done")
    done.add_argument("id", type=int, metavar="ID", help="a task's number")
    finish(done, _task_done)
    listed = add(acts, "list", "open tasks, the earliest first")
    of_entity(listed)
    listed.set_defaults(act=_task_list)


def _add_calls(commands: Subparsers) -> None:
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


def finish(command: argparse.ArgumentParser, act: Any) -> None:
    """The options of every write, and what carries it out."""
    on_day(command)
    of_entity(command)
    for_writing(command)
    command.set_defaults(act=act)


def carried_out(
    arguments: argparse.Namespace, command: str, act: Any
) -> tuple[dict[str, Any], int]:
    """Run a verb by the rules of every write; its input is the command line."""
    from duly.interfaces.exchange.settling import carry_out

    left_out = {"act", "json", "key", "dry_run", "command"}
    given = {name: str(value) for name, value in vars(arguments).items() if name not in left_out}
    told = carry_out(act, arguments.key, command, given, home.now(), arguments.dry_run)
    if not arguments.json:
        for rows in told.values():
            for row in rows if isinstance(rows, list) else []:
                print(", ".join(f"{name} {value}" for name, value in row.items() if value))
    return told, 0


def _promise_add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
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
    draft = PromiseDraft(
        customer_id=customer_id,
        currency=arguments.currency,
        amount_minor=minor_from_text(arguments.amount, exponent(arguments.currency)),
        due_on=arguments.due,
        item_ids=tuple(item.id for item in items),
        person=arguments.person,
        channel=arguments.channel,
        note=arguments.note,
    )

    def act() -> dict[str, Any]:
        ids = make_promises(
            entity_id=one.pk, drafts=[draft], on=on, actor=home.actor(), at=home.now()
        )
        return promises_document(Promise.objects.filter(pk__in=ids))

    return carried_out(arguments, "promise add", act)


def _promise_cancel(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import cancel_promise
    from duly.interfaces.exchange.collecting import promises_document

    def act() -> dict[str, Any]:
        row = cancel_promise(
            promise_id=arguments.id,
            on=arguments.on or home.now().date(),
            actor=home.actor(),
            at=home.now(),
        )
        return promises_document([row])

    return carried_out(arguments, "promise cancel", act)


def _promise_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.promises import promises
    from duly.interfaces.exchange.collecting import promises_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = (
        parties.customer(entity_id=one.pk, code=arguments.customer).pk
        if arguments.customer
        else None
    )
    document = promises_document(promises(entity_id=one.pk, customer_id=customer_id))
    if not arguments.json:
        for row in document["promises"]:
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['currency']} {row['amount']:>14}  "
                f"due {row['due_on']}  {row['state'].replace('_', ' ')}"
            )
    return document, 0


def _task_done(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import finish_task

    def act() -> dict[str, Any]:
        row = finish_task(task_id=arguments.id, actor=home.actor(), at=home.now())
        return {"tasks": [{"id": row.pk, "kind": row.kind, "is_done": True}]}

    return carried_out(arguments, "task done", act)


def _task_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.messages import open_tasks
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    rows = open_tasks(entity_id=one.pk)
    names = parties.codes_and_names({row.customer_id for row in rows})
    document = {
        "tasks": [
            {
                "id": row.pk,
                "customer": names.get(row.customer_id, (None,))[0],
                "kind": row.kind,
                "text": row.text,
                "due_on": row.due_on.isoformat(),
            }
            for row in rows
        ]
    }
    if not arguments.json:
        for row in document["tasks"]:
            print(f"{row['id']:>6}  {row['due_on']}  {row['customer'] or '-':<16} {row['text']}")
    return document, 0
