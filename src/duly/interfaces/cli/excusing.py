"""What customers say instead of paying: `duly excuse`."""

import argparse
import json
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today
from duly.interfaces.cli.files import pack_of
from duly.kernel.locales import LANGUAGES

SPOKEN = ("call", "email", "visit", "portal")
EVIDENCE = ("true", "false", "copy", "mistake")


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    excuse = commands.add_parser("excuse", help="what customers say instead of paying")
    acts = excuse.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "the excuses there are, each with the key that picks it in a call")
    show = add(acts, "show", "one excuse: what to ask, to answer and to do")
    show.add_argument("excuse", metavar="CODE", help="its code, or its key")
    for act, function in ((listed, _list), (show, _show)):
        act.add_argument("--language", choices=LANGUAGES, default="en", help="default: en")
        of_entity(act)
        act.set_defaults(act=function)
    new = add(acts, "add", "keep a new version of an excuse, or one of your own")
    new.add_argument("file", type=Path, metavar="FILE.toml", help="the excuse")
    finish(new, _add)
    _add_telling(acts)
    for name, told, function in (
        ("told", "excuses that were told, and what came of each", _told),
        ("ledger", "how often each excuse proved true, and the days it cost", _ledger),
    ):
        act = add(acts, name, told)
        act.add_argument("--customer", metavar="ID", help="only of this customer")
        on_day(act)
        of_entity(act)
        act.set_defaults(act=function)


def _add_telling(acts: Subparsers) -> None:
    told = add(acts, "record", "write an excuse down; it is followed up by itself")
    told.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    told.add_argument("excuse", metavar="CODE", help="its code, or its key")
    told.add_argument("--speaker", type=text(200), default="", metavar="NAME", help="who said it")
    told.add_argument("--channel", choices=SPOKEN, default="call", help="how; default: call")
    told.add_argument("--items", default="", metavar="N,..", help="of which items")
    told.add_argument("--named", type=day, metavar="DATE", help="the day that they named")
    told.add_argument("--mail", type=int, metavar="ID", help="the mail that it stands in")
    told.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="what was said")
    finish(told, _record)
    seen = add(acts, "evidence", "say what came of an excuse that was told")
    seen.add_argument("id", type=int, metavar="ID", help="its number, of `duly excuse told`")
    seen.add_argument(
        "--as",
        dest="kind",
        required=True,
        choices=EVIDENCE,
        help="true, false, the copy they asked for was sent, or written down by mistake",
    )
    seen.add_argument("--text", type=text(500), default="", metavar="TEXT", help="what was seen")
    finish(seen, _evidence)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.excuses import excuses_of
    from duly.interfaces.exchange.calling import excuse_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    found = excuses_of(one.pk, language=arguments.language)
    document = {"excuses": [excuse_document(excuse) for excuse in found.values()]}
    if not arguments.json:
        for row in document["excuses"]:
            print(f"{row['key'] or '-':>2}  {row['code']:<28} {row['name']}")
    return document, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.excuses import excuse_named, excuses_of
    from duly.interfaces.exchange.calling import excuse_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    code = excuse_named(one.pk, arguments.excuse).code
    document = excuse_document(excuses_of(one.pk, language=arguments.language)[code])
    if not arguments.json:
        print(document["name"])
        for question in document["probe"]:
            print(f"  ask: {question}")
        for name in ("response", "evidence", "action", "owner", "follow_days"):
            if document[name]:
                print(f"  {name.replace('_', ' ')}: {document[name]}")
    return document, 0


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import save_excuse
    from duly.interfaces.exchange.calling import excuse_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    given = pack_of(arguments.file)
    on = arguments.on or today(one.timezone)
    arguments.content = json.dumps(given, sort_keys=True, default=str)

    def act() -> dict[str, Any]:
        kept = save_excuse(
            entity_id=one.pk, document=given, on=on, actor=home.actor(), at=home.now()
        )
        return {"excuses": [excuse_document(kept)]}

    return carried_out(arguments, "excuse add", act)


def _record(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import ExcuseDraft, record_excuses
    from duly.collections.queries.excuses import told_excuses
    from duly.interfaces.exchange.calling import told_document
    from duly.interfaces.exchange.collecting import items_named
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    numbers = [number.strip() for number in arguments.items.split(",") if number.strip()]
    items = items_named(one.pk, customer_id, numbers)

    def act() -> dict[str, Any]:
        draft = ExcuseDraft(
            customer_id,
            arguments.excuse,
            arguments.speaker,
            arguments.channel,
            arguments.note,
            tuple(item.id for item in items),
            named_on=arguments.named,
            mail_id=arguments.mail,
        )
        author = Author(home.actor(), home.now())
        (row,) = record_excuses(entity=one, drafts=[draft], on=on, author=author)
        found = told_excuses(one.pk, on=on, customer_ids=[customer_id])
        return told_document([told for told in found if told.row.pk == row.pk])

    return carried_out(arguments, "excuse record", act)


def _evidence(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.actions import note_evidence
    from duly.collections.queries.excuses import told_excuses
    from duly.interfaces.exchange.calling import told_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        note_evidence(
            entity_id=one.pk,
            excuse_id=arguments.id,
            kind=arguments.kind,
            text=arguments.text,
            on=on,
            author=Author(home.actor(), home.now()),
        )
        found = told_excuses(one.pk, on=on)
        return told_document([told for told in found if told.row.pk == arguments.id])

    return carried_out(arguments, "excuse evidence", act)


def _told(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.excuses import told_excuses
    from duly.interfaces.exchange.calling import told_document

    one, on, customer_id = _asked(arguments)
    some = None if customer_id is None else [customer_id]
    document = told_document(told_excuses(one.pk, on=on, customer_ids=some))
    if not arguments.json:
        for row in document["told"]:
            outcome = row["outcome"]
            print(
                f"{row['id']:>6}  {row['told_on']}  {row['customer']:<16} {row['excuse']:<28} "
                f"{outcome['state']:<6} {outcome['days']:>3} days  again {row['follow_on']}"
            )
    return document, 0


def _ledger(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.excuses import excuse_ledger, excuses_of

    one, on, customer_id = _asked(arguments)
    names = {code: excuse.name for code, excuse in excuses_of(one.pk).items()}
    found = excuse_ledger(one.pk, on=on, customer_id=customer_id)
    rows = [
        {
            "excuse": code,
            "name": names.get(code, code),
            **row._asdict(),
            "true_percent": row.true_percent or None,
            "median_days": row.median_days or None,
        }
        for code, row in found.items()
    ]
    if not arguments.json:
        for row in rows:
            share = f"true {row['true_percent']}%" if row["true_percent"] else "not known yet"
            print(f"{row['name']:<44} heard {row['heard']}, {share}, {row['days']} days")
    return {"on": on.isoformat(), "ledger": rows}, 0


def _asked(arguments: argparse.Namespace) -> Any:
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = (
        parties.customer(entity_id=one.pk, code=arguments.customer).pk
        if arguments.customer
        else None
    )
    return one, arguments.on or today(one.timezone), customer_id
