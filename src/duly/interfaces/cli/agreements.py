"""What people are to do: `duly task`; and what every write of the command line shares."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add, for_writing, of_entity, on_day


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    task = commands.add_parser("task", help="what people are to do")
    acts = task.add_subparsers(dest="act_name", required=True, metavar="ACT")
    done = add(acts, "done", "say that a task is done")
    done.add_argument("id", type=int, metavar="ID", help="a task's number")
    finish(done, _task_done)
    listed = add(acts, "list", "open tasks, the earliest first")
    of_entity(listed)
    listed.set_defaults(act=_task_list)


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
