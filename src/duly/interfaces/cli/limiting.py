"""Limits by every method, limits of customers, and the knobs of credit: `duly credit limit`, ..."""

import argparse
from pathlib import Path
from typing import Any

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

KINDS = ["base", "temporary", "sub"]
PARTS = ["open_items", "open_orders", "shipped_not_invoiced"]
BANDS = ["open", "secured", "deposit", "prepay"]


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    limit = add(acts, "limit", "every method that sets a limit, and the one that binds")
    limit.add_argument(
        "file", type=Path, metavar="FILE.json", help="what is known; no books needed"
    )
    limit.set_defaults(act=_limit)
    limits = acts.add_parser("limits", help="the limits of a customer: now, before, proposed")
    of_limits = limits.add_subparsers(dest="limits_act", required=True, metavar="ACT")
    shown = add(of_limits, "show", "the limit of a customer on a day, and its whole history")
    shown.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    on_day(shown)
    of_entity(shown)
    shown.set_defaults(act=_shown)
    for name, told, act in (
        ("propose", "propose a limit, for another person to decide about", _propose),
        ("set", "lower a limit, by one person", _set),
    ):
        one = add(of_limits, name, told)
        _add_limit(one)
        finish(one, act)
    waiting = add(of_limits, "proposals", "proposed limits that nobody decided yet")
    of_entity(waiting)
    waiting.set_defaults(act=_proposals)
    decide = add(of_limits, "decide", "approve a proposed limit as it stands, or decline it")
    decide.add_argument("id", type=count, metavar="ID", help="a proposal's number")
    which = decide.add_mutually_exclusive_group(required=True)
    which.add_argument("--approve", action="store_true", help="it begins on its day")
    which.add_argument("--decline", action="store_true", help="nothing changes")
    decide.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="kept")
    decide.add_argument("--user", metavar="EMAIL", help="who decides; default: the shell's user")
    finish(decide, _decide)
    policy = add(acts, "policy", "the knobs of credit, and what was set of them")
    policy.add_argument("wanted", nargs="*", metavar="KNOB=VALUE", help="set these from a day on")
    policy.add_argument("--user", metavar="EMAIL", help="who sets it; default: the shell's user")
    finish(policy, _policy)


def _add_limit(command: argparse.ArgumentParser) -> None:
    command.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    command.add_argument("amount", metavar="AMOUNT", help="how much it and those below may owe")
    command.add_argument("currency", metavar="CUR", help="of the limit")
    command.add_argument("--reason", type=text(1000), required=True, metavar="TEXT", help="why")
    command.add_argument("--kind", choices=KINDS, default="base", help="default: base")
    command.add_argument("--part", choices=PARTS, default="", help="of the exposure, for sub")
    for name, told in (
        ("--from", "its first day; default: today"),
        ("--to", "its last day; one for a time needs it"),
        ("--review", "when it is to be looked at again"),
    ):
        command.add_argument(name, dest=f"{name[2:]}_on", type=day, metavar="DATE", help=told)
    command.add_argument("--insured", default="", metavar="AMOUNT", help="what an insurer carries")
    command.add_argument("--secured", default="", metavar="AMOUNT", help="what securities cover")
    command.add_argument("--terms", choices=BANDS, default="", help="default: as they stand")
    command.add_argument("--terms-days", type=count, metavar="N", help="default: as they stand")
    command.add_argument(
        "--replaces", type=count, metavar="LIMIT", help="a limit that ends the day before"
    )
    command.add_argument("--user", metavar="EMAIL", help="who does it; default: the shell's user")


def _limit(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.limiting import limit_document

    document = limit_document(arguments.file)
    if not arguments.json:
        for row in document["methods"]:
            inputs = ", ".join(f"{name} {value}" for name, value in row["inputs"].items())
            amount = row["amount"] or f"not known: {', '.join(row['missing'])}"
            print(f"{row['id']:<20} {amount:>16}  {inputs}")
        print(f"{'recommended':<20} {document['recommended'] or 'none':>16}  {_why(document)}")
    return document, 0


def _why(document: dict[str, Any]) -> str:
    if document["binding"]:
        return f"{document['binding']} binds"
    return "an average" if document["recommended"] else "nothing that it is made of is known"


def _shown(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.deciding import limits_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    document = limits_document(one, customer_id, arguments.on or today(one.timezone))
    if not arguments.json:
        there = document["limit"]
        print(f"now {there['currency']} {there['amount']} ({there['source']})" if there else "none")
        for row in document["history"]:
            print(
                f"L-{row['id']:<6} {row['kind']:<10} {row['currency']} {row['amount']:>14}  from "
                f"{row['from']} to {row['stands_until'] or 'no end'}  {row['approver']}: "
                f"{row['reason']}"
            )
    return document, 0


def _draft(arguments: argparse.Namespace) -> tuple[Any, Any, Any, Any]:
    """The entity, the day, the limit and who wants it, as a command line says them."""
    from duly.credit.actions.limits import LimitDraft
    from duly.credit.queries.limits import limits_on
    from duly.credit.rules.deciding import Terms
    from duly.interfaces.exchange.deciding import author_named
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    digits = exponent(arguments.currency)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    stands = limits_on(one.pk, [customer_id], on).get(customer_id)
    days = stands.terms_days if stands else None
    terms = Terms(
        from_on=arguments.from_on or on,
        kind=arguments.kind,
        part=arguments.part,
        to_on=arguments.to_on,
        review_on=arguments.review_on,
        insured_minor=minor_from_text(arguments.insured, digits) if arguments.insured else 0,
        secured_minor=minor_from_text(arguments.secured, digits) if arguments.secured else 0,
        terms_band=arguments.terms or (stands.terms_band if stands else "") or "open",
        terms_days=days if arguments.terms_days is None else arguments.terms_days,
        replaces_id=arguments.replaces,
    )
    draft = LimitDraft(
        customer_id,
        arguments.currency,
        minor_from_text(arguments.amount, digits),
        terms,
        arguments.reason,
    )
    return one, on, draft, author_named(arguments.user, home.actor(), home.now())


def _propose(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.limits import propose_limit
    from duly.interfaces.exchange.deciding import proposals_document

    one, _, draft, author = _draft(arguments)

    def act() -> dict[str, Any]:
        return proposals_document([propose_limit(entity_id=one.pk, draft=draft, author=author)])

    return carried_out(arguments, "credit limits propose", act)


def _set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.limits import set_limit
    from duly.interfaces.exchange.deciding import limits_document

    one, on, draft, author = _draft(arguments)

    def act() -> dict[str, Any]:
        set_limit(entity_id=one.pk, draft=draft, on=on, author=author)
        return limits_document(one, draft.customer_id, on)

    return carried_out(arguments, "credit limits set", act)


def _proposals(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.decisions import proposals_waiting
    from duly.interfaces.exchange.deciding import proposals_document
    from duly.parties.queries import entity

    document = proposals_document(proposals_waiting(entity(arguments.entity).pk))
    if not arguments.json:
        for row in document["proposals"]:
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['currency']} {row['amount']:>14}  "
                f"{row['origin']}: {row['reason']}"
            )
    return document, 0


def _decide(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.decisions import decide_proposal
    from duly.interfaces.exchange.deciding import author_named, outcome_document
    from duly.interfaces.exchange.holding import retest_for
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    author = author_named(arguments.user, home.actor(), home.now())

    def act() -> dict[str, Any]:
        outcome = decide_proposal(
            entity_id=one.pk,
            proposal_id=arguments.id,
            is_approved=arguments.approve,
            reason=arguments.reason,
            on=on,
            author=author,
        )
        retest_for(one, outcome.limit, on, author)
        return outcome_document(outcome, {"proposal": arguments.id})

    return carried_out(arguments, "credit limits decide", act)


def _policy(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.policies import set_credit_knobs
    from duly.credit.queries.policies import decision_policy
    from duly.credit.rules.knobs import told
    from duly.interfaces.exchange.deciding import author_named
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    knobs = dict(_knob(one) for one in arguments.wanted)
    author = author_named(arguments.user, home.actor(), home.now())

    def act() -> dict[str, Any]:
        if knobs:
            set_credit_knobs(entity_id=one.pk, knobs=knobs, on=on, author=author)
        return {"on": on.isoformat(), "policy": told(decision_policy(one.pk, on))}

    document, status = carried_out(arguments, "credit policy", act)
    if not arguments.json:
        for name, value in document["policy"].items():
            print(f"{name:<28} {value or 'off'}")
    return document, status


def _knob(wanted: str) -> tuple[str, str]:
    from duly.credit.errors import CreditKnobUnfit

    name, separator, value = wanted.partition("=")
    if not separator:
        raise CreditKnobUnfit(
            f"{wanted!r} sets no knob.",
            facts={"text": wanted},
            remedy="Write KNOB=VALUE, such as split_days=30.",
        )
    return name, value
