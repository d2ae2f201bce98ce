"""Credit requests and what is decided of them: `duly credit list`, `show`, `decide`, ..."""

import argparse
from collections.abc import Callable
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

STATES = ["open", "conditions", "to_tell", "done"]
BANDS = ["open", "secured", "deposit", "prepay"]
REASONS = [
    *("too_little_known", "references", "financial_strength", "payment_history", "public_record"),
    *("young_firm", "insurer", "capacity", "incomplete"),
]


def add_commands(acts: Subparsers) -> None:
    """Add the acts of this module to `duly credit`."""
    listed = add(acts, "list", "requests, those to be answered first in front")
    listed.add_argument("--state", choices=STATES, default="", help="only these")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    shown = add(acts, "show", "a request: what is known, every method, the decision, its memo")
    shown.add_argument("id", metavar="ID", help="its number, such as CR-0042")
    on_day(shown)
    of_entity(shown)
    shown.set_defaults(act=_show)
    decide = add(acts, "decide", "approve a request, or decline it; once")
    decide.add_argument("id", metavar="ID", help="its number, such as CR-0042")
    which = decide.add_mutually_exclusive_group(required=True)
    which.add_argument("--approve", metavar="AMOUNT", help="how much; less is a counter-offer")
    which.add_argument("--decline", action="store_true", help="grant nothing")
    _add_terms(decide)
    _by_user(decide)
    finish(decide, _decide)
    send = add(acts, "send", "send a request on to a role of higher authority")
    send.add_argument("id", metavar="ID", help="its number")
    send.add_argument("--to", required=True, metavar="ROLE", help="manager, director, ...")
    send.add_argument("--approve", metavar="AMOUNT", required=True, help="what you would grant")
    _reason(send)
    _by_user(send)
    finish(send, _send)
    memo = add(acts, "memo", "the memo of a decision, as it was kept on the day")
    memo.add_argument("id", metavar="ID", help="a request's number")
    memo.add_argument("--pdf", type=Path, metavar="FILE", help="write it as PDF")
    of_entity(memo)
    memo.set_defaults(act=_memo)
    _add_sequels(acts)


def _add_terms(decide: argparse.ArgumentParser) -> None:
    _reason(decide)
    decide.add_argument(
        "--condition",
        action="append",
        default=[],
        type=text(300),
        metavar="TEXT",
        help="what must be done before the limit begins; may come several times",
    )
    decide.add_argument(
        "--secured",
        action="append",
        default=[],
        type=text(300),
        metavar="TEXT",
        help="which security must be there first; may come several times",
    )
    decide.add_argument("--offer", action="store_true", help="the applicant is to accept it first")
    decide.add_argument("--temporary", action="store_true", help="a limit for a time; needs --to")
    for name, told in (
        ("--from", "its first day; default: the day of the decision"),
        ("--to", "its last day; default: none"),
        ("--review", "when it is to be looked at again"),
    ):
        decide.add_argument(name, dest=f"{name[2:]}_on", type=day, metavar="DATE", help=told)
    decide.add_argument("--insured", default="", metavar="AMOUNT", help="what an insurer carries")
    decide.add_argument(
        "--secured-amount", default="", metavar="AMOUNT", help="what securities cover"
    )
    decide.add_argument(
        "--terms", choices=BANDS, default="", help="default: what the band of the score gives"
    )
    decide.add_argument(
        "--terms-days", type=count, metavar="N", help="default: as asked, at most the band's days"
    )
    decide.add_argument(
        "--tell",
        action="append",
        default=[],
        choices=REASONS,
        help="a reason that the applicant is told; may come several times",
    )


def _add_sequels(acts: Subparsers) -> None:
    for name, told, act in (
        ("meet", "say that a condition of a decision is met", _meet),
        ("turn-down", "say that the applicant does not want what was offered", _turn_down),
        ("tell", "say that the applicant was told, or let a mail do it", _tell),
        ("customer", "say which customer an applicant became", _customer),
    ):
        one = add(acts, name, told)
        one.add_argument("id", metavar="ID", help="a request's number")
        if name == "meet":
            one.add_argument("place", type=count, metavar="N", help="which condition: 1, 2, ...")
        if name == "tell":
            one.add_argument("--mail", action="store_true", help="put the notice into the outbox")
            one.add_argument("--to", default="", metavar="EMAIL", help="default: as they applied")
        if name == "customer":
            one.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
        else:
            one.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="how")
        _by_user(one)
        finish(one, act)


def _reason(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reason", type=text(1000), required=True, metavar="TEXT", help="kept with the decision"
    )


def _by_user(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", metavar="EMAIL", help="who does it; default: the shell's user")


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.deciding import queue_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    document = queue_document(one, arguments.on or today(one.timezone), arguments.state)
    if not arguments.json:
        for row in document["requests"]:
            turn = row["waits_for"] or row["verdict"] or ""
            print(
                f"{row['id']:<10} {row['name'][:32]:<32} {row['currency']} {row['amount']:>14}  "
                f"{row['state']:<10} {turn:<16} answer by {row['answer_due_on']}"
            )
    return document, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.decisions import request_named
    from duly.interfaces.exchange.deciding import request_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    row = request_named(one.pk, arguments.id)
    document = request_document(one, row, arguments.on or today(one.timezone))
    if not arguments.json:
        _print_request(document["request"])
    return document, 0


def _print_request(told: dict[str, Any]) -> None:
    print(f"{told['id']}  {told['name']} asks for {told['currency']} {told['amount']}")
    print(f"state {told['state']}, answer by {told.get('answer_due_on') or 'none'}")
    for check in told["checks"]:
        if check["state"] == "warn":
            print(f"! {check['what'].lower()}: {check['told']}")
    if told["missing"]:
        print(f"missing {', '.join(told['missing'])}")
    print(f"score {_scored(told['score'])}")
    for row in told["limit"]["methods"]:
        amount = row["amount"] or f"not known: {', '.join(row['missing'])}"
        print(f"  {row['id']:<20} {amount}")
    print(f"recommended {_recommended(told['limit'])}")
    if told["limit"]["terms"]:
        print(f"terms {told['limit']['terms']['terms_band']}: {told['limit']['terms']['why']}")
    if told["decision"]:
        decision = told["decision"]
        print(
            f"{decision['verdict']} {decision['amount']} by {decision['by']}: {decision['reason']}"
        )


def _scored(score: dict[str, Any] | None) -> str:
    if score is None:
        return "none: `duly credit rescore --request` gives one"
    gate = ", declined by a gate" if score["is_declined"] else ""
    known = f"{score['known_weight']}% of the weight known"
    return f"{score['points']}, band {score['band']}, by {score['version']}, {known}{gate}"


def _recommended(limit: dict[str, Any]) -> str:
    """The amount, what binds, and what the band takes off."""
    if limit["recommended"] is None:
        return "nothing: none of what it is made of is known"
    binds = f", {limit['binding']} binds" if limit["binding"] else ""
    share = limit["band_percent"]
    taken = f", {share}% of it in band {limit['band']}" if share not in (None, "100") else ""
    return f"{limit['recommended']}{binds}{taken}"


def _decide(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.decisions import decide_request
    from duly.credit.queries.decisions import request_named
    from duly.interfaces.exchange.deciding import (
        Wanted,
        author_named,
        draft_from,
        outcome_document,
        request_document,
    )
    from duly.interfaces.exchange.holding import retest_for
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    row = request_named(one.pk, arguments.id)
    wanted = Wanted(
        amount=arguments.approve,
        reason=arguments.reason,
        conditions=tuple(arguments.condition),
        securities=tuple(arguments.secured),
        is_offer=arguments.offer,
        from_on=arguments.from_on,
        to_on=arguments.to_on,
        review_on=arguments.review_on,
        insured=arguments.insured,
        secured=arguments.secured_amount,
        terms_band=arguments.terms,
        terms_days=arguments.terms_days,
        is_temporary=arguments.temporary,
        reason_codes=tuple(arguments.tell),
    )
    draft = draft_from(wanted, row, on)
    author = author_named(arguments.user, home.actor(), home.now())

    def act() -> dict[str, Any]:
        outcome = decide_request(
            entity_id=one.pk, request=row.number, draft=draft, on=on, author=author
        )
        retest_for(one, outcome.limit, on, author)
        return outcome_document(outcome, request_document(one, row, on))

    return carried_out(arguments, "credit decide", act)


def _send(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.decisions import send_on
    from duly.credit.queries.decisions import request_named
    from duly.interfaces.exchange.deciding import (
        Wanted,
        author_named,
        draft_from,
        request_document,
    )
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    row = request_named(one.pk, arguments.id)
    draft = draft_from(Wanted(arguments.approve, arguments.reason), row, on)
    author = author_named(arguments.user, home.actor(), home.now())

    def act() -> dict[str, Any]:
        send_on(
            entity_id=one.pk,
            request=row.number,
            to_role=arguments.to,
            draft=draft,
            on=on,
            author=author,
        )
        return request_document(one, row, on)

    return carried_out(arguments, "credit send", act)


def _followed(
    arguments: argparse.Namespace,
    command: str,
    verb: Callable[..., Any],
    **more: Any,
) -> tuple[dict[str, Any], int]:
    """Carry out what follows a decision."""
    from duly.credit.queries.decisions import decision_on, request_named
    from duly.interfaces.exchange.deciding import author_named, request_document
    from duly.interfaces.exchange.holding import retest_for
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    row = request_named(one.pk, arguments.id)
    decision = decision_on(row)
    author = author_named(arguments.user, home.actor(), home.now())

    def act() -> dict[str, Any]:
        begun = verb(decision=decision, on=on, author=author, **more)
        retest_for(one, begun, on, author)
        row.refresh_from_db()
        return request_document(one, row, on)

    return carried_out(arguments, command, act)


def _meet(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.sequels import meet_condition

    more = {"place": arguments.place - 1, "note": arguments.note}
    return _followed(arguments, "credit meet", meet_condition, **more)


def _turn_down(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.sequels import turn_down_offer

    return _followed(arguments, "credit turn-down", turn_down_offer, note=arguments.note)


def _tell(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.sequels import tell_applicant

    if arguments.mail or arguments.to:
        return _mailed(arguments)
    return _followed(arguments, "credit tell", tell_applicant, note=arguments.note)


def _mailed(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.decisions import request_named
    from duly.interfaces.exchange.noticing import mail_notice
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    more = {"entity": one, "request": request_named(one.pk, arguments.id), "to": arguments.to}

    def send(**told: Any) -> None:
        mail_notice(**told, **more)

    return _followed(arguments, "credit tell", send)


def _memo(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.queries.decisions import decision_on, request_named
    from duly.interfaces.exchange.memos import write_memo
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    decision = decision_on(request_named(one.pk, arguments.id))
    told: dict[str, Any] = {"memo": decision.memo}
    if arguments.pdf:
        told["pdf"] = write_memo(one, decision, arguments.pdf)
    if not arguments.json:
        kept = decision.memo["decision"]
        print(f"{kept['verdict']} {kept['amount']} by {kept['by']} on {kept['on']}")
    return told, 0


def _customer(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.credit.actions.sequels import name_customer
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    return _followed(arguments, "credit customer", name_customer, customer_id=customer_id)
