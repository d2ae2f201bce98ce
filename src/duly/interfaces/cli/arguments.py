"""Arguments that several commands share."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from duly.interfaces.cli import home
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Malformed
from duly.kernel.quoting import CONTROLS, quoted

Subparsers = argparse._SubParsersAction
MOST = 1_000_000
NOT_WRITTEN = "This was a dry run: nothing is written."


def day(text: str) -> date:
    """A date of the command line."""
    try:
        return parse_iso_date(text)
    except DulyError as error:
        raise argparse.ArgumentTypeError(f"{error.message} {error.remedy}") from None


def count(text: str) -> int:
    """A number above zero."""
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST}.")
    return int(text)


def text(longest: int) -> Callable[[str], str]:
    """A text of the command line that fits where it is kept, and can be shown."""

    def read(given: str) -> str:
        if len(given) > longest:
            raise argparse.ArgumentTypeError(f"{len(given)} characters; at most {longest} fit")
        if CONTROLS.search(given):
            raise argparse.ArgumentTypeError(f"{quoted(given)} holds a control character")
        return given

    return read


def add(commands: Subparsers, name: str, told: str) -> argparse.ArgumentParser:
    """Add a command with what every command has."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(wrong=command.error)  # ends with exit code 2
    return command


def on_day(command: argparse.ArgumentParser) -> None:
    """Add --on."""
    command.add_argument(
        "--on", type=day, metavar="DATE", help="the business date; default today at the entity's"
    )


def of_entity(command: argparse.ArgumentParser) -> None:
    """Add --entity."""
    command.add_argument("--entity", metavar="NAME", help="the company, where there are several")


def for_writing(command: argparse.ArgumentParser) -> None:
    """Add what every command that writes has."""
    command.add_argument(
        "--dry-run", action="store_true", help="tell what would be done; write nothing"
    )
    command.add_argument(
        "--key", type=_key, metavar="TEXT", help="the same key and input return the first result"
    )


def _key(text: str) -> str:
    from duly.access.rules.requests import OWN

    if text.startswith(OWN):
        raise argparse.ArgumentTypeError(f"Keys that begin with {OWN} are Duly's own.")
    return text


def today(timezone: str) -> date:
    """The business date where the entity is."""
    return home.now().astimezone(ZoneInfo(timezone)).date()


def split_item(text: str) -> tuple[str, str]:
    """The two sides of ITEM=AMOUNT. Refuses: Malformed."""
    number, separator, amount = text.rpartition("=")
    if not separator or not number:
        raise Malformed(
            f"{text!r} names no item and amount.",
            code="ITEM_AMOUNT_UNCLEAR",
            facts={"text": text},
            remedy="Write ITEM=AMOUNT, such as INV-1001=250.00.",
        )
    return number, amount


def asked_for(arguments: argparse.Namespace) -> Any:
    """Who asks for an act on which books, when, and under which key, as far as a command says it:
    a `settling.Asked`."""
    from duly.interfaces.exchange.settling import Asked

    return Asked(
        actor=home.actor(),
        at=home.now(),
        entity_name=arguments.entity,
        on=getattr(arguments, "on", None),
        key=getattr(arguments, "key", None),
        is_dry_run=getattr(arguments, "dry_run", False),
    )
