"""Set-up: `duly init`, `duly up`, `duly demo`."""

import argparse
import sys
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    count,
    day,
    for_writing,
    of_entity,
    today,
)
from duly.kernel.currencies import exponent

MOST_MONTHS = 240


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    init = add(commands, "init", "an empty company of your own")
    init.add_argument("--entity", required=True, metavar="NAME", help="the company's name")
    init.add_argument(
        "--currency", required=True, metavar="CUR", help="the currency its books are kept in"
    )
    init.add_argument("--country", required=True, metavar="CC", help="two letters, such as DE")
    init.add_argument(
        "--timezone",
        metavar="ZONE",
        help="where its days begin and end, such as Europe/Berlin; default: the country's, "
        "of several the one where most people live",
    )
    init.add_argument(
        "--terms",
        default="net30",
        metavar="TERMS",
        help="what holds where neither invoice nor customer says",
    )
    for_writing(init)
    init.set_defaults(act=_init)

    demo = add(commands, "demo", "a realistic sample company, in an empty home only")
    demo.add_argument(
        "--customers", type=count, default=400, metavar="N", help="how many buy from it"
    )
    demo.add_argument(
        "--months", type=_months, default=18, metavar="M", help="how long its history is"
    )
    demo.add_argument(
        "--seed", type=int, default=4, metavar="S", help="the same seed makes the same company"
    )
    demo.add_argument(
        "--on", type=day, metavar="DATE", help="the last day of its history; default today"
    )
    demo.add_argument(
        "--if-empty", action="store_true", help="do nothing where a company keeps its books"
    )
    for_writing(demo)
    demo.set_defaults(act=_demo)

    up = add(commands, "up", "web app and background worker in one process")
    up.add_argument("--host", default="127.0.0.1", metavar="H", help="where to listen")
    up.add_argument("--port", type=int, default=8010, metavar="P", help="where to listen")
    up.set_defaults(act=_up)
    of_entity(up)


def _init(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.intake.rules.reading import country, timezone
    from duly.interfaces.exchange.settling import carry_out
    from duly.kernel.terms import parse_terms
    from duly.kernel.zones import zone_of
    from duly.parties.actions import add_entity

    exponent(arguments.currency)
    parse_terms(arguments.terms)
    code = country(arguments.country)
    zone = timezone(arguments.timezone) if arguments.timezone else zone_of(code) or "UTC"

    def act() -> dict[str, Any]:
        entity = add_entity(
            name=arguments.entity,
            currency=arguments.currency,
            country=code,
            timezone=zone,
            terms=arguments.terms,
            at=home.now(),
        )
        return {"entity": entity.name, "currency": entity.currency, "country": entity.country}

    given = [arguments.entity, arguments.currency, code, zone, arguments.terms]
    told = carry_out(act, arguments.key, "init", given, home.now(), arguments.dry_run)
    if not arguments.json:
        print(
            f"{told['entity']} keeps its books here, in {told['currency']}, by the days of {zone}."
        )
    return told, 0


def _demo(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.cli.sample import Wish, is_empty, make_sample
    from duly.world.company import TIMEZONE

    if arguments.if_empty and not is_empty():
        return {}, 0
    told = make_sample(
        Wish(
            customers=arguments.customers,
            months=arguments.months,
            seed=arguments.seed,
            until=arguments.on or today(TIMEZONE),
        ),
        key=arguments.key,
        is_dry_run=arguments.dry_run,
        say=lambda text: print(text, file=sys.stderr),
    )
    if not arguments.json:
        where = f" Their files are in {told['files']}" if told["files"] else ""
        print(
            f"{told['customers']} customers, {told['invoices']} invoices, "
            f"{told['payments']} payments.{where}"
        )
    return told, 0


def _months(text: str) -> int:
    """A history of at most twenty years."""
    if count(text) > MOST_MONTHS:
        raise argparse.ArgumentTypeError(f"{text} months are more than {MOST_MONTHS}.")
    return int(text)


def _up(arguments: argparse.Namespace) -> tuple[None, int]:
    from duly.interfaces.cli.serving import serve

    serve(host=arguments.host, port=arguments.port)
    return None, 0
