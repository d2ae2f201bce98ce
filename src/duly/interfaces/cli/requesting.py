"""Requests for credit: `duly credit request`, what is asked by which form, whose data is erased."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, count, of_entity, text, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    request = add(commands, "request", "take in a credit request from a JSON file")
    request.add_argument("file", type=Path, metavar="FILE", help="its fields; docs/credit.md")
    request.add_argument(
        "--draft", action="store_true", help="keep it unfinished, whatever is missing or wrong"
    )
    request.add_argument(
        "--user", metavar="EMAIL", help="who submits it, so that another may approve it"
    )
    finish(request, _request)
    form = add(commands, "form", "what applicants are asked; with a file, from now on")
    form.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a form as JSON")
    form.add_argument(
        "--segment", type=text(64), default="", metavar="NAME", help="of these applicants alone"
    )
    form.add_argument(
        "--usual", action="store_true", help="open the form that comes with Duly to applicants"
    )
    finish(form, _form)
    terms = add(commands, "conditions", "terms that applicants accept; with a file, from now on")
    terms.add_argument("file", type=Path, nargs="?", metavar="FILE", help="their text")
    finish(terms, _conditions)
    links = add(commands, "links", "addresses for applicant, guarantors and referees of a request")
    links.add_argument("number", metavar="NUMBER", help="a request, such as CR-0001")
    of_entity(links)
    links.set_defaults(act=_links)
    people = add(commands, "people", "natural persons that a request tells of")
    people.add_argument("number", metavar="NUMBER", help="a request, such as CR-0001")
    of_entity(people)
    people.set_defaults(act=_people)
    erase = add(commands, "erase-person", "erase what a request tells of a person; the rest stays")
    erase.add_argument("id", type=count, metavar="ID", help="a number of `duly credit people`")
    finish(erase, _erase)
    tie = add(commands, "tie", "say which customer the applicant of a request is")
    tie.add_argument("number", metavar="NUMBER", help="a request, such as CR-0001")
    tie.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    finish(tie, _tie)


def _request(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.deciding import author_named
    from duly.interfaces.exchange.requesting import Asked, read_request, take_in
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    author = author_named(arguments.user, home.actor(), home.now())
    asked = Asked(entity, arguments.on or today(entity.timezone), author)
    given = read_request(arguments.file)
    told = carry_out(
        lambda: take_in(given, arguments.file.parent, asked, is_draft=arguments.draft),
        arguments.key,
        "credit request",
        {
            "given": repr(given),
            "draft": arguments.draft,
            "on": str(arguments.on),
            "by": author.actor,
        },
        home.now(),
        arguments.dry_run,
    )
    if not arguments.json:
        _show(told["request"])
    return told, 0


def _show(row: dict[str, Any]) -> None:
    print(f"{row['number']}  {row['state']}  {row['name']}: {row['currency']} {row['amount']}")
    for problem in row["problems"]:
        print(f"  missing or wrong: {problem['where']}: {problem['message']}")
    for flag in row["flags"]:
        print(f"  ! {flag['code'].replace('_', ' ')}: {flag['text']}")
    for number in row["numbers"]:
        if not number["is_fit"]:
            print(f"  {number['field'].replace('_', ' ')}: {number['told']}")
    for one in row["references"]:
        print(f"  {one['kind']:<5} {one['name']}: {one['state'].replace('_', ' ')}")


def _form(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import save_request_form
    from duly.credit.queries.requests import form_of
    from duly.interfaces.exchange.requesting import form_document, read_request
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    if arguments.file is None and not arguments.usual:
        told = form_document(form_of(entity.pk, arguments.segment))
        if not arguments.json:
            print(f"Version {told['version']}: {told['title']}")
            for name, is_required in told["fields"].items():
                print(f"  {'*' if is_required else ' '} {name}")
        return told, 0
    given = {} if arguments.file is None else read_request(arguments.file)

    def act() -> dict[str, Any]:
        save_request_form(
            entity_id=entity.pk,
            segment=arguments.segment,
            document=given,
            author=Author(home.actor(), home.now()),
        )
        return form_document(form_of(entity.pk, arguments.segment))

    return carried_out(arguments, "credit form", act)


def _conditions(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import save_conditions
    from duly.credit.queries.requests import conditions_of
    from duly.interfaces.exchange.requesting import conditions_document, read_text
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    if arguments.file is None:
        told = conditions_document(conditions_of(entity.pk))
        if not arguments.json:
            print(told["text"] or "No terms and conditions are written down.")
        return told, 0
    written = read_text(arguments.file)

    def act() -> dict[str, Any]:
        row = save_conditions(
            entity_id=entity.pk, text=written, author=Author(home.actor(), home.now())
        )
        return conditions_document(row)

    return carried_out(arguments, "credit conditions", act)


def _links(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.requests import request_numbered
    from duly.interfaces.exchange.requesting import links_document
    from duly.parties import queries as parties

    request = request_numbered(parties.entity(arguments.entity).pk, arguments.number)
    told = links_document(request, home.now())
    if not arguments.json:
        for row in told["links"]:
            print(f"{row['purpose']:<10} {row['for']}: {row['address']}")
    return told, 0


def _people(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.requests import people_of, request_numbered
    from duly.parties import queries as parties

    request = request_numbered(parties.entity(arguments.entity).pk, arguments.number)
    told = {
        "people": [
            {
                "id": row.pk,
                "revision": row.revision,
                "place": row.place,
                "details": row.details,
                "erased_at": row.erased_at.isoformat() if row.erased_at else None,
            }
            for row in people_of(request.pk)
        ]
    }
    if not arguments.json:
        for row in told["people"]:
            said = ", ".join(f"{name} {value}" for name, value in row["details"].items())
            print(f"{row['id']:>6}  {row['place']:<20} {said or 'erased'}")
    return told, 0


def _erase(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.interfaces.exchange.erasing import erase_everywhere
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)

    def act() -> dict[str, Any]:
        author = Author(home.actor(), home.now())
        erased = erase_everywhere(entity, arguments.id, author)
        return {"erased": [{"person": arguments.id, "rows": erased}]}

    return carried_out(arguments, "credit erase-person", act)


def _tie(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions import tie_request
    from duly.credit.queries.requests import request_numbered
    from duly.parties import queries as parties

    entity = parties.entity(arguments.entity)
    request = request_numbered(entity.pk, arguments.number)
    customer = parties.customer(entity_id=entity.pk, code=arguments.customer)

    def act() -> dict[str, Any]:
        author = Author(home.actor(), home.now())
        row = tie_request(request_id=request.pk, customer_id=customer.pk, author=author)
        return {"requests": [{"number": row.number, "customer": customer.code}]}

    return carried_out(arguments, "credit tie", act)
