"""References and agency reports: `duly credit references`, `remind`, `answer`, `agency-report`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, count, of_entity, text, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    listed = add(commands, "references", "references of a request, and what they come to")
    listed.add_argument("number", metavar="NUMBER", help="a request, such as CR-0001")
    of_entity(listed)
    listed.set_defaults(act=_references)
    finish(add(commands, "remind", "ask referees who were not asked, remind who is due"), _remind)
    answer = add(commands, "answer", "keep what a referee told by phone or letter")
    answer.add_argument("id", type=count, metavar="ID", help="a reference's number")
    answer.add_argument(
        "told", nargs="+", metavar="NAME=VALUE", help="high_credit=4000, currency=EUR, days_slow=3"
    )
    answer.add_argument(
        "--way", choices=["phone", "letter"], default="phone", help="how it came; default: phone"
    )
    answer.add_argument("--person", type=text(200), default="", metavar="NAME", help="who told it")
    answer.add_argument(
        "--called",
        type=text(40),
        default="",
        metavar="NUMBER",
        help="the number called, found elsewhere than in the application",
    )
    finish(answer, _answer)
    close = add(commands, "close-reference", "a reference was refused, or can't be verified")
    close.add_argument("id", type=count, metavar="ID", help="a reference's number")
    close.add_argument(
        "--as", required=True, dest="state", choices=["refused", "unverifiable"], help="what it is"
    )
    close.add_argument("--why", required=True, type=text(500), metavar="TEXT", help="why")
    finish(close, _close)
    report = add(commands, "agency-report", "keep a credit agency's report from a JSON or XML file")
    report.add_argument("file", type=Path, metavar="FILE", help="the report")
    whom = report.add_mutually_exclusive_group(required=True)
    whom.add_argument("--request", metavar="NUMBER", help="on the applicant of a request")
    whom.add_argument("--customer", metavar="ID", help="on a customer")
    report.add_argument("--cost", default="0", metavar="A", help="what it cost; default: nothing")
    finish(report, _report)
    budget = add(commands, "agency-budget", "how much reports may cost in a month")
    budget.add_argument("amount", metavar="A", help="in the entity's currency")
    finish(budget, _budget)


def _references(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.references import references_of
    from duly.credit.queries.requests import request_numbered
    from duly.interfaces.exchange.requesting import references_document
    from duly.parties import queries as parties

    request = request_numbered(parties.entity(arguments.entity).pk, arguments.number)
    told = references_document(references_of(request.pk))
    if not arguments.json:
        for row in told["references"]:
            again = f", {row['reminders']} reminders" if row["reminders"] else ""
            state = row["state"].replace("_", " ")
            print(f"{row['id']:>6}  {row['kind']:<5} {row['name']}: {state}{again}")
        found = told["references_come_to"]
        if found["median_high_credit"]:
            print(f"Median high credit {found['median_high_credit']}, ceiling {found['ceiling']}.")
    return told, 0


def _remind(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from django.conf import settings

    from duly.interfaces.jobs.enquiries import ask_referees
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        asked = ask_referees(
            entity,
            on=arguments.on or today(entity.timezone),
            actor=home.actor(),
            at=home.now(),
        )
        return {"mails": [{"queued": asked}]}

    document, status = carried_out(arguments, "credit remind", act)
    if not arguments.json and not settings.PUBLIC_URL:
        print("Nobody is asked: set DULY_PUBLIC_URL, an address that people outside reach.")
    return document, status


def _answer(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import answer_reference
    from duly.interfaces.cli.arguments import split_item
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    given = dict(split_item(one) for one in arguments.told)

    def act() -> dict[str, Any]:
        row = answer_reference(
            entity_id=entity.pk,
            reference_id=arguments.id,
            given=given,
            way=arguments.way,
            person={"name": arguments.person, "called": arguments.called},
            on=arguments.on or today(entity.timezone),
            author=Author(home.actor(), home.now()),
        )
        return {"answers": [{"reference": row.reference_id, "way": row.way, **row.typed}]}

    return carried_out(arguments, "credit answer", act)


def _close(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import close_reference
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = close_reference(
            entity_id=entity.pk,
            reference_id=arguments.id,
            state=arguments.state,
            why=arguments.why,
            on=arguments.on or today(entity.timezone),
            author=Author(home.actor(), home.now()),
        )
        return {"references": [{"id": row.pk, "name": row.name, "state": arguments.state}]}

    return carried_out(arguments, "credit close-reference", act)


def _report(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import add_agency_report
    from duly.credit.queries.requests import request_numbered
    from duly.interfaces.exchange.evidence import keep_bytes
    from duly.interfaces.exchange.readers.agency import read_report
    from duly.kernel.money import Money
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    draft = read_report(arguments.file)
    request_id = customer_id = None
    if arguments.request:
        request_id = request_numbered(entity.pk, arguments.request).pk
    else:
        customer_id = parties.customer(entity_id=entity.pk, code=arguments.customer).pk

    def act() -> dict[str, Any]:
        row = add_agency_report(
            entity_id=entity.pk,
            draft=draft,
            cost=Money.parse(arguments.cost, entity.currency),
            on=arguments.on or today(entity.timezone),
            author=Author(home.actor(), home.now()),
            request_id=request_id,
            customer_id=customer_id,
        )
        keep_bytes(arguments.file, draft.sha256)
        return {"reports": [{"id": row.pk, "agency": row.agency, **row.document}]}

    return carried_out(arguments, "credit agency-report", act)


def _budget(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import set_agency_budget
    from duly.kernel.money import Money
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        row = set_agency_budget(
            entity_id=entity.pk,
            currency=entity.currency,
            month_minor=Money.parse(arguments.amount, entity.currency).minor,
            from_on=arguments.on or today(entity.timezone),
            author=Author(home.actor(), home.now()),
        )
        money = Money(row.month_minor, row.currency)
        return {"budgets": [{"month": money.text(), "currency": row.currency}]}

    return carried_out(arguments, "credit agency-budget", act)
