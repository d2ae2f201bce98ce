"""Dates that must not be missed, insurance and securities: `duly credit clocks`, `clock`,
`insurance`, `security`."""

import argparse
from pathlib import Path
from typing import Any

from duly.credit.rules.clocks import DATES, INVENTORY, SECURITIES
from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    count,
    day,
    of_entity,
    on_day,
    text,
    today,
)
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import Malformed


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    listed = add(commands, "clocks", "dates that must not be missed, with the money at stake")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    listed.add_argument(
        "--ahead", type=count, default=90, metavar="DAYS", help="how far ahead; default: 90"
    )
    listed.add_argument("--csv", type=Path, metavar="FILE", help="the rows as a file")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_clocks)
    clock = commands.add_parser("clock", help="one of these dates")
    acts = clock.add_subparsers(dest="clock_act", required=True, metavar="ACT")
    done = add(acts, "done", "say that it was seen to, and what proves it")
    done.add_argument("clock", metavar="CLOCK", help="its key, as `duly credit clocks` tells it")
    done.add_argument(
        "--evidence", type=text(200), required=True, metavar="TEXT", help="a filing, a letter, ..."
    )
    done.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="what else")
    finish(done, _done)
    new = add(acts, "add", "a document, a consent or the like that ends")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--text", type=text(200), required=True, metavar="TEXT", help="what ends")
    new.add_argument("--due", type=day, required=True, metavar="DATE", help="until when")
    new.add_argument("--opens", type=day, metavar="DATE", help="from when on; default: at once")
    new.add_argument("--amount", metavar="A", help="what is lost if it is missed")
    new.add_argument("--currency", default="", metavar="C", help="its currency")
    new.add_argument(
        "--document", type=text(200), default="", metavar="TEXT", help="the document it needs"
    )
    finish(new, _deadline)
    _add_securities(commands)


def _add_securities(commands: Subparsers) -> None:
    security = commands.add_parser("security", help="guarantees, deposits, filings, liens")
    acts = security.add_subparsers(dest="security_act", required=True, metavar="ACT")
    new = add(acts, "add", "record a security")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("kind", choices=list(SECURITIES), metavar="KIND", help=", ".join(SECURITIES))
    new.add_argument("--amount", metavar="A", help="what it stands for; default: no fixed amount")
    new.add_argument("--currency", required=True, metavar="C", help="its currency")
    new.add_argument("--from", dest="from_on", type=day, metavar="DATE", help="default: today")
    new.add_argument("--to", dest="to_on", type=day, metavar="DATE", help="when it ends")
    new.add_argument(
        "--by", type=text(200), default="", metavar="NAME", help="the guarantor, bank or surety"
    )
    new.add_argument(
        "--state", type=text(16), default="", metavar="STATE", help="where it is filed: CA, FL, ..."
    )
    new.add_argument("--collateral", choices=["equipment", INVENTORY], default="", help="of a PMSI")
    new.add_argument(
        "--document", type=text(200), default="", metavar="TEXT", help="the paper that proves it"
    )
    new.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="what else")
    _dates(new)
    finish(new, _add)
    dated = add(acts, "date", "say on which days what happened, so that its clocks run")
    dated.add_argument("id", type=int, metavar="ID", help="a security's number")
    _dates(dated)
    finish(dated, _date)
    back = add(acts, "release", "give a security back")
    back.add_argument("id", type=int, metavar="ID", help="a security's number")
    back.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="why")
    finish(back, _release)
    listed = add(acts, "list", "securities, those that end first in front")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    of_entity(listed)
    listed.set_defaults(act=_list)


def _dates(command: argparse.ArgumentParser) -> None:
    told = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in DATES.items())
    command.add_argument(
        "--date", dest="dates", action="append", default=[], metavar="NAME=DATE", help=told
    )


def _read_dates(given: list[str]) -> dict[str, Any]:
    found = {}
    for one in given:
        name, separator, on = one.partition("=")
        if not separator:
            raise Malformed(
                f"{one!r} names no day.",
                code="DATE_UNCLEAR",
                facts={"text": one},
                remedy="Write NAME=DATE, such as shipped=2026-03-10.",
            )
        found[name] = parse_iso_date(on)
    return found


def _clocks(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.clocks import clocks
    from duly.interfaces.exchange.securing import CLOCK_COLUMNS, clock_rows, clocks_document
    from duly.interfaces.exchange.writers import write_csv
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = None
    if arguments.customer:
        customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    found = clocks(one.pk, on, ahead_days=arguments.ahead, customer_id=customer_id)
    told = clocks_document(found, on)
    if arguments.csv:
        write_csv(arguments.csv, CLOCK_COLUMNS, clock_rows(told))
    if not arguments.json:
        for row in told["clocks"]:
            stake = f"{row['at_stake']} {row['currency']}" if row["at_stake"] else "-"
            warn = "  unverified: ask a lawyer" if row["unverified"] else ""
            print(
                f"{row['due_on']}  {row['state']:<6} {row['customer'] or '-':<16} {stake:>18}  "
                f"{row['text']}{warn}  [{row['key']}]"
            )
        if not found:
            print(f"Nothing runs out within {arguments.ahead} days.")
    return told, 0


def _done(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.collections.queries.clocks import legal_clocks
    from duly.credit.actions.securing import do_clock
    from duly.interfaces.exchange.securing import done_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)

    def act() -> dict[str, Any]:
        row = do_clock(
            entity_id=one.pk,
            key=arguments.clock,
            on=on,
            evidence=arguments.evidence,
            note=arguments.note,
            author=Author(home.actor(), home.now()),
            others=legal_clocks(one.pk, on),
        )
        return done_document([row])

    return carried_out(arguments, "credit clock done", act)


def _minor(amount: str | None, currency: str) -> int | None:
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text

    return minor_from_text(amount, exponent(currency)) if amount else None


def _deadline(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.securing import DeadlineDraft, add_deadline
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    draft = DeadlineDraft(
        parties.customer(entity_id=one.pk, code=arguments.customer).pk,
        arguments.text,
        arguments.opens or arguments.on or today(one.timezone),
        arguments.due,
        arguments.currency,
        _minor(arguments.amount, arguments.currency),
        arguments.document,
    )

    def act() -> dict[str, Any]:
        row = add_deadline(entity_id=one.pk, draft=draft, author=Author(home.actor(), home.now()))
        return {"deadlines": [{"id": row.pk, "text": row.text, "due_on": row.due_on.isoformat()}]}

    return carried_out(arguments, "credit clock add", act)


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.securing import SecurityDraft, take_security
    from duly.interfaces.exchange.securing import securities_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    draft = SecurityDraft(
        customer_id=parties.customer(entity_id=one.pk, code=arguments.customer).pk,
        kind=arguments.kind,
        currency=arguments.currency,
        amount_minor=_minor(arguments.amount, arguments.currency),
        from_on=arguments.from_on or arguments.on or today(one.timezone),
        to_on=arguments.to_on,
        given_by=arguments.by,
        state=arguments.state,
        collateral=arguments.collateral,
        document=arguments.document,
        note=arguments.note,
        dates=_read_dates(arguments.dates),
    )

    def act() -> dict[str, Any]:
        row = take_security(entity_id=one.pk, draft=draft, author=Author(home.actor(), home.now()))
        return securities_document([row])

    return carried_out(arguments, "credit security add", act)


def _date(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.securing import date_security
    from duly.interfaces.exchange.securing import securities_document
    from duly.parties import queries as parties

    dates, one = _read_dates(arguments.dates), parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = date_security(
            entity_id=one.pk,
            security_id=arguments.id,
            dates=dates,
            author=Author(home.actor(), home.now()),
        )
        return securities_document([row])

    return carried_out(arguments, "credit security date", act)


def _release(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.securing import release_security
    from duly.interfaces.exchange.securing import securities_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = release_security(
            entity_id=one.pk,
            security_id=arguments.id,
            on=arguments.on or today(one.timezone),
            reason=arguments.reason,
            author=Author(home.actor(), home.now()),
        )
        return securities_document([row])

    return carried_out(arguments, "credit security release", act)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.securities import securities
    from duly.interfaces.exchange.securing import securities_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = None
    if arguments.customer:
        customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    told = securities_document(securities(entity_id=one.pk, customer_id=customer_id))
    if not arguments.json:
        for row in told["securities"]:
            back = f", given back on {row['released_on']}" if row["released_on"] else ""
            until = f" to {row['to_on']}" if row["to_on"] else ""
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['text']:<28} "
                f"{row['amount'] or 'no fixed amount'} {row['currency']}, from "
                f"{row['from_on']}{until}{back}"
            )
    return told, 0
