"""Scorecards of a company: `duly credit card`, `rescore`, `backtest`."""

import argparse
from decimal import Decimal
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    card = acts.add_parser("card", help="scorecards: versions, which one judges, which runs beside")
    of_card = card.add_subparsers(dest="card_act", required=True, metavar="ACT")
    listed = add(of_card, "list", "every version, and which judges or runs beside on a day")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    show = add(of_card, "show", "a card: factors, steps, bands, and how good it was if fitted")
    show.add_argument("version", metavar="VERSION", help="standard, behaviour, or a version kept")
    of_entity(show)
    show.set_defaults(act=_show)
    propose = add(of_card, "propose", "keep a card from a file; it counts for nothing yet")
    propose.add_argument(
        "file", type=Path, metavar="FILE.json", help="a card, or what `credit train --json` told"
    )
    propose.add_argument("--user", metavar="EMAIL", help="who proposes it")
    finish(propose, _propose)
    for name, told in (
        ("adopt", "let a card judge from a day on"),
        ("challenge", "let a card run silently beside the one that judges"),
    ):
        command = add(of_card, name, told)
        command.add_argument("version", metavar="VERSION", help="a version of a card")
        command.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="why")
        command.add_argument("--user", metavar="EMAIL", help="who decides it, by their role")
        finish(command, _adopt)
    end = add(of_card, "end-challenge", "let no card run beside any more")
    end.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="why")
    finish(end, _end)
    again = add(acts, "rescore", "score customers by how they paid and what else is known of them")
    whom = again.add_mutually_exclusive_group()
    whom.add_argument("--customer", metavar="ID", help="only this one; default: all")
    whom.add_argument(
        "--request", metavar="NUMBER", help="who asks for credit, by what every part knows"
    )
    finish(again, _rescore)
    held = add(acts, "backtest", "cards against what became of the customers, in money")
    for name, place, told in (("--from", "first", "first"), ("--to", "last", "last")):
        held.add_argument(
            name, dest=place, type=day, required=True, metavar="DATE", help=f"{told} day of scores"
        )
    held.add_argument(
        "--margin",
        type=_percent,
        default=Decimal("0.2"),
        metavar="PERCENT",
        help="what of a sale is margin; default: 20, an assumption",
    )
    on_day(held)
    of_entity(held)
    held.set_defaults(act=_backtest)


def _percent(told: str) -> Decimal:
    if not told.isascii() or not told.isdecimal() or not 0 <= int(told) <= 100:
        raise argparse.ArgumentTypeError(f"{told!r} is no whole percentage from 0 to 100.")
    return Decimal(told) / 100


def _entity(arguments: argparse.Namespace) -> Any:
    from duly.parties import queries as parties

    return parties.entity(arguments.entity)


def _author(email: str | None = None) -> Any:
    from duly.access.actions import Author
    from duly.access.queries import user_named

    return Author(user_named(email).email if email else home.actor(), home.now())


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.cards import cards_document

    one = _entity(arguments)
    told = cards_document(one.pk, arguments.on or today(one.timezone))
    if not arguments.json:
        for row in told["cards"]:
            print(f"{row['version']:<28} {row['title']:<24} {row['origin']:<8} {row['place']}")
    return told, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.rules.standard_cards import CARDS
    from duly.interfaces.exchange.cards import card_document

    is_shipped = arguments.version in {*CARDS, *(card["version"] for card in CARDS.values())}
    told = card_document(None if is_shipped else _entity(arguments).pk, arguments.version)
    if not arguments.json:
        for factor in told["card"]["factors"]:
            steps = ", ".join(f"{bound or 'else'}: {points}" for bound, points in factor["steps"])
            print(f"{factor['id']:<28} {factor['kind']:<7} {steps}")
        print(
            "Bands: " + ", ".join(f"{band} from {least}" for band, least in told["card"]["bands"])
        )
    return told, 0


def _propose(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.cards import propose_from

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        return propose_from(one.pk, arguments.file, "file", _author(arguments.user))

    return carried_out(arguments, "credit card propose", act)


def _adopt(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.cards import adopt

    one = _entity(arguments)
    place = "champion" if arguments.card_act == "adopt" else "challenger"

    def act() -> dict[str, Any]:
        on = arguments.on or today(one.timezone)
        author = _author(arguments.user)
        return adopt(one.pk, arguments.version, place, on, arguments.reason, author)

    return carried_out(arguments, f"credit card {arguments.card_act}", act)


def _end(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.cards import end

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        return end(one.pk, arguments.on or today(one.timezone), arguments.reason, _author())

    return carried_out(arguments, "credit card end-challenge", act)


def _rescore(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.cards import rescore, score_request_numbered
    from duly.parties import queries as parties

    one = _entity(arguments)

    def act() -> dict[str, Any]:
        on, ids = arguments.on or today(one.timezone), None
        if arguments.request:
            return score_request_numbered(one, arguments.request, on, _author())
        if arguments.customer:
            ids = [parties.customer(entity_id=one.pk, code=arguments.customer).pk]
        return rescore(one, ids, on, _author())

    told, code = carried_out(arguments, "credit rescore", act)
    if arguments.request and not arguments.json:
        print(f"Score {told['score']}, band {told['band']}; {told['known_weight']} % known.")
    elif not arguments.json:
        bands = ", ".join(f"{count} {band}" for band, count in told["bands"].items())
        print(f"{told['scored']} scored: {bands}. {told['fell_a_band']} fell a band; of")
        print(f"{told['nothing_known']} nothing is known that the card looks at.")
    return told, code


def _backtest(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.backtests import backtest
    from duly.interfaces.exchange.cards import backtest_document

    one = _entity(arguments)
    found = backtest(
        one,
        first=arguments.first,
        last=arguments.last,
        on=arguments.on or today(one.timezone),
        margin=arguments.margin,
    )
    told = backtest_document(found, one.currency)
    if not arguments.json:
        print(f"{told['customers']} customers whose invoices are old enough to tell.")
        for name in ("champion", "challenger"):
            if row := told[name]:
                print(
                    f"{name}: {row['refused']} refused, losses avoided {row['losses_avoided']}, "
                    f"margin refused {row['margin_refused']}, together {row['gain']} "
                    f"{told['currency']}; went bad of the accepted {row['accepted_went_bad']}."
                )
    return told, 0
