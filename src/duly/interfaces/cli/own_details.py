"""What letters say of us: `duly entity`, `duly bank-details`."""

import argparse
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.arguments import Subparsers, add, for_writing, of_entity

_FIELDS = ("address", "email", "phone", "tax_id", "language")


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    entity = add(commands, "entity", "show or change what letters say of your company")
    entity.add_argument("--address", metavar="TEXT", help="lines parted by commas or line breaks")
    entity.add_argument("--email", metavar="ADDRESS", help="on letters, for questions")
    entity.add_argument("--phone", metavar="NUMBER", help="on letters, for questions")
    entity.add_argument("--tax-id", dest="tax_id", metavar="TEXT", help="on letters")
    entity.add_argument("--language", metavar="TAG", help="of letters to who has none of their own")
    of_entity(entity)
    for_writing(entity)
    entity.set_defaults(act=_entity)

    details = commands.add_parser(
        "bank-details", help="where customers pay; a change takes two persons"
    )
    acts = details.add_subparsers(dest="act_name", required=True, metavar="ACT")
    shown = add(acts, "show", "the bank details in force, and what waits for a second person")
    of_entity(shown)
    shown.set_defaults(act=_show)

    asked = add(acts, "ask", "ask for new bank details; a second person must approve them")
    asked.add_argument("--currency", required=True, metavar="CUR", help="paid in this currency")
    asked.add_argument("--holder", metavar="NAME", help="default: the company's name")
    asked.add_argument("--iban", default="", metavar="IBAN", help="the account's number")
    asked.add_argument(
        "--bic", default="", metavar="BIC", help="the bank's code; needed with some IBANs only"
    )
    asked.add_argument("--account", default="", metavar="NUMBER", help="where there is no IBAN")
    asked.add_argument("--bank-code", default="", metavar="CODE", help="sort code, routing number")
    asked.add_argument("--user", metavar="EMAIL", help="who asks, so that another may approve it")
    asked.add_argument("--bank", default="", metavar="NAME", help="the bank's name")
    of_entity(asked)
    for_writing(asked)
    asked.set_defaults(act=_ask)

    for name, told in (
        ("approve", "approve what another person asked for; it is in force at once"),
        ("decline", "decline what was asked for"),
    ):
        decided = add(acts, name, told)
        decided.add_argument(
            "approval", type=int, metavar="NUMBER", help="the number that asking gave"
        )
        for_writing(decided)
        decided.set_defaults(act=_decide, is_approved=name == "approve")


def _author() -> Any:
    from duly.access.actions import Author

    return Author(home.actor(), home.now())


def _entity(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties import queries as parties
    from duly.parties.actions import save_entity

    entity = parties.entity(arguments.entity)
    values = {
        name: getattr(arguments, name) for name in _FIELDS if getattr(arguments, name) is not None
    }

    def act() -> dict[str, Any]:
        saved = save_entity(author=_author(), entity_id=entity.pk, values=values)
        return {"entity": saved.name, **{name: getattr(saved, name) for name in _FIELDS}}

    given = [entity.pk, values]
    told = carry_out(act, arguments.key, "entity", given, home.now(), arguments.dry_run)
    if not arguments.json:
        for name, value in told.items():
            print(f"{name:<10} {value}")
    return told, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.queries import approvals_of
    from duly.parties import queries as parties
    from duly.parties.actions.own_details import CHANGE_BANK_DETAILS

    entity = parties.entity(arguments.entity)
    told = {
        "in_force": [
            {
                "currency": one.currency,
                "holder": one.holder,
                "iban": one.iban,
                "bic": one.bic,
                "account": one.account_number,
                "bank_code": one.bank_code,
                "bank": one.bank_name,
                "since": one.in_force_on.isoformat(),
            }
            for one in parties.pay_to(entity.pk).values()
        ],
        "waiting": [
            {"approval": one.pk, "asked_by": one.asked_by, "details": one.facts}
            for one in approvals_of(CHANGE_BANK_DETAILS)
            if one.decided_at is None and one.facts["entity_id"] == entity.pk
        ],
    }
    if not arguments.json:
        for row in told["in_force"]:
            print(f"{row['currency']} {row['iban'] or row['account']} since {row['since']}")
        for row in told["waiting"]:
            print(f"{row['approval']} waits for a second person; asked for by {row['asked_by']}")
    return told, 0


def _ask(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import user_named
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties import queries as parties
    from duly.parties.actions import ask_bank_details
    from duly.parties.rules.bank_details import BankDetailsDraft

    entity = parties.entity(arguments.entity)
    draft = BankDetailsDraft(
        currency=arguments.currency,
        holder=arguments.holder or entity.name,
        iban=arguments.iban,
        bic=arguments.bic,
        account_number=arguments.account,
        bank_code=arguments.bank_code,
        bank_name=arguments.bank,
    )

    def act() -> dict[str, Any]:
        author = _author()
        if arguments.user:
            author = author._replace(actor=user_named(email=arguments.user).email)
        approval = ask_bank_details(author=author, entity_id=entity.pk, draft=draft)
        return {"approval": approval.pk, "asked_by": approval.asked_by, "details": approval.facts}

    given = [entity.pk, draft, *filter(None, [arguments.user])]
    told = carry_out(act, arguments.key, "bank-details ask", given, home.now(), arguments.dry_run)
    if not arguments.json:
        print(f"Number {told['approval']} waits for a second person. Until then nothing changes.")
    return told, 0


def _decide(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import carry_out
    from duly.parties.actions import decide_bank_details

    def act() -> dict[str, Any]:
        details = decide_bank_details(
            author=_author(), approval_id=arguments.approval, is_approved=arguments.is_approved
        )
        return {
            "approval": arguments.approval,
            "is_approved": arguments.is_approved,
            "currency": details.currency if details else None,
            "account": (details.iban or details.account_number) if details else None,
        }

    given = [arguments.approval, arguments.is_approved]
    told = carry_out(
        act, arguments.key, "bank-details decide", given, home.now(), arguments.dry_run
    )
    if not arguments.json:
        print(
            f"{told['currency']} is paid to {told['account']} from now on. Statements tell it."
            if told["account"]
            else "Declined. Nothing changes."
        )
    return told, 0
