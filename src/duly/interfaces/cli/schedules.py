"""Statements that go out by themselves: `duly schedule`."""

import argparse
from collections.abc import Callable
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    for_writing,
    of_entity,
    on_day,
    text,
    today,
)
from duly.kernel.locales import LANGUAGES


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    schedule = commands.add_parser("schedule", help="statements that go out by themselves")
    acts = schedule.add_subparsers(dest="act_name", required=True, metavar="ACT")
    _add_set(acts)
    listed = add(acts, "list", "the schedules, and the days on which each is due next")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    for name, told in (
        ("pause", "let a schedule rest"),
        ("resume", "let it go on; days that were due meanwhile are not made up for"),
        ("end", "end a schedule for good; its runs stay"),
    ):
        act = add(acts, name, told)
        act.add_argument("name", metavar="NAME", help="a schedule's name")
        on_day(act)
        of_entity(act)
        for_writing(act)
        act.set_defaults(act=_change, act_name=name)
    runs = add(acts, "runs", "what was carried out, the newest first")
    of_entity(runs)
    runs.set_defaults(act=_runs)
    run = add(acts, "run", "a run: who got it by mail, who is in the PDF for post, who is left out")
    run.add_argument("id", type=int, metavar="ID", help="of `duly schedule runs`")
    of_entity(run)
    run.set_defaults(act=_run)


def _add_set(acts: Subparsers) -> None:
    put = add(acts, "set", "keep a schedule; under a name that there is, change it")
    put.add_argument("name", type=text(64), metavar="NAME", help="what it is called")
    put.add_argument(
        "--due",
        required=True,
        metavar="DAY",
        help="a day of the month (1 to 30, last-day, last-business-day) or of the week (monday)",
    )
    put.add_argument(
        "--by", choices=["mail", "post"], default="mail", help="mail: post where no address is"
    )
    put.add_argument(
        "--kind",
        choices=["open-item", "activity"],
        default="open-item",
        help="what is open, or all that moved since the due day before",
    )
    put.add_argument(
        "--paper", choices=["a4", "letter"], help="default: what the company's country prints on"
    )
    for name, told in (
        ("segment", "only customers of this segment"),
        ("collector", "only customers of this collector"),
        ("country", "only customers of this country"),
        ("currency", "only who has something in this currency"),
        ("minimum", "only who owes at least this, in its currency"),
    ):
        put.add_argument(f"--{name}", type=text(64), metavar=name.upper(), help=told)
    put.add_argument("--language", choices=LANGUAGES, help="only who is written to in it")
    put.add_argument("--overdue", action="store_true", help="only who has something overdue")
    on_day(put)
    of_entity(put)
    for_writing(put)
    put.set_defaults(act=_set)


def _set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.scheduled import draft_of, schedule_document
    from duly.interfaces.exchange.statements import Filter
    from duly.interfaces.jobs.scheduled import next_days

    whose = Filter(
        segment=arguments.segment,
        collector=arguments.collector,
        country=arguments.country,
        is_overdue=arguments.overdue,
        language=arguments.language,
        currency=arguments.currency,
        minimum=arguments.minimum,
    )
    draft = draft_of(
        name=arguments.name,
        due=arguments.due,
        kind=arguments.kind,
        delivery=arguments.by,
        paper=arguments.paper or "",
        whose=whose,
    )

    def act(one, on, author):  # type: ignore[no-untyped-def]
        from duly.collections.actions import save_schedule

        row = save_schedule(entity_id=one.pk, draft=draft, on=on, author=author)
        return schedule_document(row, next_days(row, one, on))

    document = _carried_out(arguments, "schedule set", repr(draft), act)
    if not arguments.json:
        print(f"{document['name']}: {document['due']}; next {', '.join(document['next'])}")
    return document, 0


def _change(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.scheduled import schedule_document
    from duly.interfaces.jobs.scheduled import next_days

    def act(one, on, author):  # type: ignore[no-untyped-def]
        from duly.collections.actions import end_schedule, pause_schedule, resume_schedule

        which = {"entity_id": one.pk, "name": arguments.name, "author": author}
        if arguments.act_name == "resume":
            row = resume_schedule(**which, on=on)
        else:
            row = {"pause": pause_schedule, "end": end_schedule}[arguments.act_name](**which)
        return schedule_document(row, next_days(row, one, on))

    told = _carried_out(arguments, f"schedule {arguments.act_name}", arguments.name, act)
    if not arguments.json:
        print(f"{told['name']}: {told['state']}")
    return told, 0


def _carried_out(
    arguments: argparse.Namespace, command: str, given: str, act: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    from duly.access.actions import Author
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on, at = arguments.on or today(one.timezone), home.now()
    return carry_out(
        lambda: act(one, on, Author(home.actor(), at)),
        arguments.key,
        command,
        [one.pk, on.isoformat(), given],
        at,
        arguments.dry_run,
    )


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.statements import schedules_of
    from duly.interfaces.exchange.scheduled import schedule_document
    from duly.interfaces.jobs.scheduled import next_days
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    rows = [schedule_document(row, next_days(row, one, on)) for row in schedules_of(one.pk)]
    if not arguments.json:
        for row in rows:
            print(
                f"{row['name']:<24}  {row['due']}, {row['kind']} by {row['by']}; "
                + (", ".join(row["next"]) or row["state"])
            )
    return {"schedules": rows}, 0


def _runs(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.statements import runs_page
    from duly.interfaces.exchange.scheduled import run_documents
    from duly.parties.queries import entity

    rows = run_documents(runs_page(entity(arguments.entity).pk))
    if not arguments.json:
        for row in rows:
            print(
                f"{row['run']:>6}  {row['due_on']}  {row['schedule']:<24}  {row['state']}: "
                f"{row['mail']} by mail, {row['post']} for post, {row['left_out']} left out"
            )
    return {"runs": rows}, 0


def _run(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.statements import rows_of_run, scheduled_run
    from duly.interfaces.exchange.scheduled import rows_document, run_documents
    from duly.parties.queries import entity

    run = scheduled_run(entity(arguments.entity).pk, arguments.id)
    (document,) = run_documents([run])
    document["customers"] = rows_document(rows_of_run(run.pk))
    if not arguments.json:
        for row in document["customers"]:
            why = f": {row['why']['text']}" if row["why"] else ""
            print(f"{row['customer']:<16}  {row['outcome'].replace('_', ' ')}{why}")
        if document["pdf"]:
            print(document["pdf"])
    return document, 0
