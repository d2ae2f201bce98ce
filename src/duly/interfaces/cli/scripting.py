"""Words for calls, as data: `duly script`."""

import argparse
import json
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, of_entity
from duly.interfaces.cli.files import pack_of
from duly.kernel.locales import LANGUAGES


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    script = commands.add_parser("script", help="words for calls")
    acts = script.add_subparsers(dest="act_name", required=True, metavar="ACT")
    listed = add(acts, "list", "the scripts there are, by stage, segment and language")
    show = add(acts, "show", "the script of a stage")
    show.add_argument("stage", metavar="STAGE", help="before_due, early, firm, serious, ...")
    show.add_argument("--segment", default="", metavar="NAME", help="for this segment")
    show.add_argument("--language", choices=LANGUAGES, default="en", help="default: en")
    for act, function in ((listed, _list), (show, _show)):
        of_entity(act)
        act.set_defaults(act=function)
    put = add(acts, "set", "keep a new version of a script")
    put.add_argument("file", type=Path, metavar="FILE.toml", help="the script")
    finish(put, _set)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.scripts import scripts_of
    from duly.interfaces.exchange.calling import script_document
    from duly.parties.queries import entity

    rows = [script_document(one) for one in scripts_of(entity(arguments.entity).pk)]
    if not arguments.json:
        for row in rows:
            segment = row["segment"] or "all"
            print(f"{row['stage']:<16} {segment:<16} {row['language']}  version {row['version']}")
    return {"scripts": rows}, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.scripts import script_named
    from duly.interfaces.exchange.calling import script_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    document = script_document(
        script_named(one.pk, arguments.stage, arguments.segment, arguments.language)
    )
    if not arguments.json:
        for line in (document["opening"], *document["questions"], document["closing"]):
            print(line)
    return document, 0


def _set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import save_script
    from duly.interfaces.exchange.calling import script_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    given = pack_of(arguments.file)
    arguments.content = json.dumps(given, sort_keys=True, default=str)

    def act() -> dict[str, Any]:
        kept = save_script(entity_id=one.pk, document=given, actor=home.actor(), at=home.now())
        return {"scripts": [script_document(kept)]}

    return carried_out(arguments, "script set", act)
