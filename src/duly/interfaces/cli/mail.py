"""Mail beside reminders: `duly digest`."""

import argparse
from typing import Any

from duly.interfaces.cli.arguments import Subparsers, add, of_entity, on_day, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    digest = add(commands, "digest", "the week on one page: owed, missed, at risk, expected")
    on_day(digest)
    of_entity(digest)
    digest.set_defaults(act=_digest)


def _digest(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.week import week_to
    from duly.interfaces.exchange.week import week_document, week_letter
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    document = week_document(one, week_to(entity=one, on=arguments.on or today(one.timezone)))
    if not arguments.json:
        print(week_letter(document)[1], end="")
    return document, 0
