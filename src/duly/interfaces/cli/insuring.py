"""Credit insurance: `duly credit insurance`."""

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import (
    Subparsers,
    add,
    day,
    of_entity,
    on_day,
    text,
    today,
)

MOST_DAYS = 3660


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    insurance = commands.add_parser("insurance", help="what insurers cover, and what voids it")
    acts = insurance.add_subparsers(dest="insurance_act", required=True, metavar="ACT")
    _add_policy(acts)
    limit = add(acts, "limit", "what an insurer covers of a buyer from a day on; 0 withdraws it")
    limit.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    limit.add_argument("--policy", required=True, metavar="NUMBER", help="a policy's number")
    limit.add_argument("--amount", required=True, metavar="A", help="in the policy's currency")
    limit.add_argument("--from", dest="from_on", type=day, metavar="DATE", help="default: today")
    limit.add_argument("--to", dest="to_on", type=day, metavar="DATE", help="when it ends")
    limit.add_argument(
        "--basis",
        choices=["approved", "experience", "agency"],
        default="approved",
        help="approved by the insurer, or under our discretion by our experience or an agency",
    )
    limit.add_argument(
        "--evidence", type=text(200), default="", metavar="TEXT", help="what it rests on"
    )
    finish(limit, _limit)
    listed = add(acts, "list", "policies as they read on a day")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    cover = add(acts, "cover", "what is covered on a day, until when, and what would void it")
    cover.add_argument("--customer", metavar="ID", help="only of this customer")
    on_day(cover)
    of_entity(cover)
    cover.set_defaults(act=_cover)
    declare = add(acts, "declare", "the turnover of a month, by buyer and currency")
    declare.add_argument("policy", metavar="POLICY", help="a policy's number")
    declare.add_argument("--month", type=_month, required=True, metavar="YYYY-MM", help="which one")
    declare.add_argument("--csv", type=Path, metavar="FILE", help="the rows as a file")
    of_entity(declare)
    declare.set_defaults(act=_declare)


def _add_policy(acts: Subparsers) -> None:
    policy = add(acts, "policy", "a policy as it reads from a day on: copy it from the policy")
    policy.add_argument("number", type=text(64), metavar="NUMBER", help="the policy's number")
    policy.add_argument("--insurer", type=text(120), required=True, metavar="NAME", help="whose")
    policy.add_argument("--currency", required=True, metavar="C", help="its currency")
    policy.add_argument(
        "--from", dest="from_on", type=day, required=True, metavar="DATE", help="its first day"
    )
    policy.add_argument(
        "--to", dest="to_on", type=day, required=True, metavar="DATE", help="its last day"
    )
    for name, told in (
        ("mep", "maximum extension period: days from the original due date"),
        ("notify", "days past due by which an item is reported"),
        ("waiting", "days until a loss is paid"),
    ):
        policy.add_argument(f"--{name}-days", type=_days, required=True, metavar="DAYS", help=told)
    policy.add_argument(
        "--indemnity", type=_percent, required=True, metavar="PERCENT", help="what share is paid"
    )
    policy.add_argument("--first-loss", default="0", metavar="A", help="borne by us; default: 0")
    policy.add_argument(
        "--discretionary", default="0", metavar="A", help="what it leaves to us; default: 0"
    )
    policy.add_argument(
        "--declare-days", type=_days, default=0, metavar="N", help="after a month, to declare it"
    )
    policy.add_argument(
        "--document", type=text(200), default="", metavar="TEXT", help="where it is kept"
    )
    finish(policy, _policy)


def _days(given: str) -> int:
    if not given.isascii() or not given.isdecimal() or int(given) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{given!r} is no number of days up to {MOST_DAYS}.")
    return int(given)


def _percent(given: str) -> Decimal:
    try:
        found = Decimal(given)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(given) > 12:
        raise argparse.ArgumentTypeError(f"{given!r} is no share in percent.")
    return found


def _month(given: str) -> Any:
    return day(f"{given}-01")


def _policy(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.insuring import save_insurance_policy
    from duly.credit.rules.insurance import Terms
    from duly.interfaces.exchange.securing import policies_document
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    decimals = exponent(arguments.currency)
    terms = Terms(
        number=arguments.number,
        insurer=arguments.insurer,
        currency=arguments.currency,
        from_on=arguments.from_on,
        to_on=arguments.to_on,
        mep_days=arguments.mep_days,
        notify_days=arguments.notify_days,
        waiting_days=arguments.waiting_days,
        indemnity_percent=arguments.indemnity,
        first_loss_minor=minor_from_text(arguments.first_loss, decimals),
        discretionary_minor=minor_from_text(arguments.discretionary, decimals),
        declare_days=arguments.declare_days,
    )

    def act() -> dict[str, Any]:
        save_insurance_policy(
            entity_id=one.pk,
            terms=terms,
            document=arguments.document,
            author=Author(home.actor(), home.now()),
        )
        return policies_document({terms.number: terms})

    return carried_out(arguments, "credit insurance policy", act)


def _limit(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.credit.actions.insuring import InsuredLimitDraft, set_insured_limits
    from duly.credit.queries.insurance import policy_named
    from duly.interfaces.exchange.securing import insured_limits_document
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    terms = policy_named(one.pk, arguments.policy, on)
    draft = InsuredLimitDraft(
        parties.customer(entity_id=one.pk, code=arguments.customer).pk,
        minor_from_text(arguments.amount, exponent(terms.currency)),
        arguments.from_on or on,
        arguments.to_on,
        arguments.basis,
        arguments.evidence,
    )

    def act() -> dict[str, Any]:
        rows = set_insured_limits(
            entity_id=one.pk,
            policy_number=terms.number,
            drafts=[draft],
            on=on,
            author=Author(home.actor(), home.now()),
        )
        return insured_limits_document(rows)

    return carried_out(arguments, "credit insurance limit", act)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.insurance import policies_on
    from duly.interfaces.exchange.securing import policies_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    told = policies_document(policies_on(one.pk, arguments.on or today(one.timezone)))
    if not arguments.json:
        for row in told["policies"]:
            print(
                f"{row['number']}  {row['insurer']}, {row['from_on']} to {row['to_on']}: "
                f"{row['indemnity_percent']} %, extension {row['mep_days']} days, report within "
                f"{row['notify_days']}, discretion {row['discretionary']} {row['currency']}"
            )
        if not told["policies"]:
            print("No policy is there.")
    return told, 0


def _cover(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.insurance import cover_of
    from duly.interfaces.exchange.securing import cover_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    some = None
    if arguments.customer:
        some = [parties.customer(entity_id=one.pk, code=arguments.customer).pk]
    told = cover_document(cover_of(one, on, some), on)
    if not arguments.json:
        for buyer in told["insured"]:
            stop = "  STOP: nothing shipped now is covered" if buyer["stop"] else ""
            print(f"{buyer['customer']}, {buyer['limit'] or 'no limit'} {buyer['currency']}{stop}")
            for item in buyer["items"]:
                until = f" until {item['until']}" if item["until"] else ""
                why = "; ".join(clause["text"] for clause in item["why_not"])
                pays = (
                    f", pays {item['indemnified']} on {item['pays_on']}" if item["pays_on"] else ""
                )
                print(f"  {item['number']:<16} covered {item['covered']}{until}{pays}  {why}")
                for clause in item["would_void"]:
                    print(f"    ! {clause['text']}")
    return told, 0


def _declare(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.insurance import policy_named
    from duly.interfaces.exchange.securing import TURNOVER_COLUMNS, turnover_document
    from duly.interfaces.exchange.writers import write_csv
    from duly.kernel.dates import month_end
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    terms = policy_named(one.pk, arguments.policy, month_end(arguments.month))
    told = turnover_document(one, terms, arguments.month)
    if arguments.csv:
        rows = [[str(row[name]) for name in TURNOVER_COLUMNS] for row in told["rows"]]
        write_csv(arguments.csv, TURNOVER_COLUMNS, rows)
    if not arguments.json:
        for row in told["rows"]:
            print(
                f"{row['customer']:<16} {row['country']:<2} {row['turnover']:>16} {row['currency']}"
            )
    return told, 0
