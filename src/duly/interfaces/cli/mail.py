"""Mail beside reminders: `duly mail`, `duly doctor mail`, `duly digest`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add, for_writing, of_entity, on_day, today


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    digest = add(commands, "digest", "the week on one page: owed, missed, at risk, expected")
    on_day(digest)
    of_entity(digest)
    digest.set_defaults(act=_digest)

    doctor = commands.add_parser("doctor", help="look at what Duly depends on")
    acts = doctor.add_subparsers(dest="act_name", required=True, metavar="ACT")
    look = add(acts, "mail", "how mail leaves: SPF, DKIM, DMARC, encryption, as seen from here")
    look.add_argument(
        "--selector",
        action="append",
        default=[],
        metavar="NAME",
        help="a DKIM selector; may be said again",
    )
    of_entity(look)
    look.set_defaults(act=_doctor)

    incoming = commands.add_parser("mail", help="mail that comes in")
    acts = incoming.add_subparsers(dest="act_name", required=True, metavar="ACT")
    add(acts, "read", "take in what is new in the mailbox").set_defaults(act=_read)
    listed = add(acts, "list", "answers of a customer, or mail of which nobody knows whose it is")
    listed.add_argument("--customer", metavar="ID", help="what came from this customer")
    listed.add_argument(
        "--untied", action="store_true", help="mail without a customer; the default"
    )
    of_entity(listed)
    listed.set_defaults(act=_list)
    tie = add(acts, "tie", "say whose a mail is")
    tie.add_argument("id", type=int, metavar="ID", help="of `duly mail list`")
    tie.add_argument("customer", metavar="CUSTOMER", help="whose it is")
    on_day(tie)
    of_entity(tie)
    for_writing(tie)
    tie.set_defaults(act=_tie)


def _digest(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.messages import weeks_mailed
    from duly.collections.queries.week import week_to
    from duly.interfaces.exchange.week import week_document, week_letter
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    document = week_document(one, week_to(entity=one, on=on))
    document["mailed"] = [
        {"to": row.recipients, "state": row.state, "why": row.why_text or None}
        for row in weeks_mailed(one.pk, on)
    ]
    if not arguments.json:
        print(week_letter(document)[1], end="")
    return document, 0


def _read(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.jobs.reading import KINDS, read_named_mailbox

    counts = read_named_mailbox(at=home.now())
    if not arguments.json:
        print(", ".join(f"{counts[kind]} {kind.replace('_', ' ')}" for kind in KINDS))
    return {kind: counts[kind] for kind in KINDS}, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.incoming import mail_of_customers, untied_mail
    from duly.interfaces.exchange.incoming import mails_document
    from duly.parties import queries as parties

    if arguments.customer:
        one = parties.entity(arguments.entity)
        customer = parties.customer(entity_id=one.pk, code=arguments.customer)
        rows = mail_of_customers([customer.pk])[customer.pk]
    else:
        rows = untied_mail()
    document = mails_document(rows)
    if not arguments.json:
        for row in document["mails"]:
            print(f"{row['id']:>7}  {row['kind']:<10}  {row['from']:<32}  {row['subject']}")
    return document, 0


def _tie(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import tie_mail
    from duly.interfaces.exchange.incoming import mails_document
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer = parties.customer(entity_id=one.pk, code=arguments.customer)
    on, at = arguments.on or today(one.timezone), home.now()

    def act() -> dict[str, Any]:
        row = tie_mail(
            mail_number=arguments.id,
            entity_id=one.pk,
            customer_id=customer.pk,
            on=on,
            actor=home.actor(),
            at=at,
        )
        return mails_document([row])

    given = [one.pk, arguments.id, customer.pk]
    told = carry_out(act, arguments.key, "mail tie", given, at, arguments.dry_run)
    if not arguments.json:
        print(f"Mail {arguments.id} is of {customer.name}.")
    return told, 0


def _doctor(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.jobs.doctor import look_at_mail
    from duly.parties.queries import entity

    checks = look_at_mail(entity(arguments.entity), arguments.selector)
    if not arguments.json:
        for one in checks:
            print(f"{one.state:<10} {one.name}: {one.saw}" + (f" {one.remedy}" * bool(one.remedy)))
    return {"checks": [one._asdict() for one in checks]}, 0
