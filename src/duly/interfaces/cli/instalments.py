"""Instalment plans: `duly plan`."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import finish
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    count,
    day,
    of_entity,
    on_day,
    text,
    today,
)

PERIODS = ("week", "fortnight", "month")
STATES = (
    "proposed",
    "offered",
    "signed",
    "active",
    "cured",
    "defaulted",
    "completed",
    "cancelled",
)


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    plan = commands.add_parser("plan", help="instalment plans: a debt paid in parts, by agreement")
    acts = plan.add_subparsers(dest="act_name", required=True, metavar="ACT")
    _add_propose(acts)
    listed = add(acts, "list", "plans, and what came of them")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    listed.add_argument("--state", choices=STATES, action="append", help="only in this state")
    show = add(acts, "show", "one plan: its payments, agreement, signature and steps")
    show.add_argument("id", type=count, metavar="ID", help="a plan's number")
    show.add_argument("--pdf", type=Path, metavar="FILE", help="write the agreement as PDF")
    for command, act in ((listed, _list), (show, _show)):
        on_day(command)
        of_entity(command)
        command.set_defaults(act=act)
    approve = add(acts, "approve", "approve what another person proposed, or decline it")
    approve.add_argument("--decline", action="store_true", help="decline it; it is cancelled")
    approve.add_argument("--reason", type=text(500), default="", metavar="TEXT", help="why")
    offer = add(acts, "offer", "write the agreement, and tell the link by which it is signed")
    sign = add(acts, "sign", "take in an agreement that was signed on paper")
    sign.add_argument("--name", required=True, type=text(200), metavar="NAME", help="who signed")
    sign.add_argument("--title", required=True, type=text(200), metavar="TITLE", help="as what")
    cancel = add(acts, "cancel", "end a plan; its items are chased again")
    cancel.add_argument("--reason", required=True, type=text(500), metavar="TEXT", help="why")
    for command, act in ((approve, _approve), (offer, _offer), (sign, _sign), (cancel, _cancel)):
        command.add_argument("id", type=count, metavar="ID", help="a plan's number")
        _by_user(command)
        finish(command, act)
    judge = add(acts, "judge", "hold plans against the money of a day; `duly day` does it too")
    finish(judge, _judge)


def _add_propose(acts: Subparsers) -> None:
    new = add(acts, "propose", "a plan for another person to approve; --dry-run shows its payments")
    new.add_argument("customer", metavar="CUSTOMER", help="a customer's id")
    new.add_argument("--currency", metavar="C", help="default: the company's own")
    new.add_argument("--items", default="", metavar="N,..", help="default: all that is overdue")
    new.add_argument("--debt", default="", metavar="A", help="what the customer says it owes")
    down = new.add_mutually_exclusive_group()
    down.add_argument("--down", default="", metavar="A", help="a down payment")
    down.add_argument("--down-percent", default="", metavar="P", help="so many percent of the debt")
    new.add_argument("--down-on", type=day, metavar="DATE", help="its day; default: --on")
    how = new.add_mutually_exclusive_group()
    how.add_argument("--instalments", type=count, metavar="N", help="so many; default: 6")
    how.add_argument("--bearable", default="", metavar="A", help="at most so much a period")
    how.add_argument("--amounts", default="", metavar="A,..", help="exactly these")
    new.add_argument("--every", choices=PERIODS, default="month", help="a period; default: month")
    new.add_argument("--first", type=day, metavar="DATE", help="default: a period after --on")
    new.add_argument("--interest", default="", metavar="P", help="percent a period; default: none")
    new.add_argument(
        "--by",
        dest="way",
        choices=("transfer", "direct_debit"),
        default="transfer",
        help="how the customer pays",
    )
    new.add_argument(
        "--mandate", type=text(64), default="", metavar="REF", help="of the direct debit"
    )
    new.add_argument(
        "--security", type=text(500), default="", metavar="TEXT", help="a guarantee or the like"
    )
    new.add_argument("--note", type=text(1000), default="", metavar="TEXT", help="for us alone")
    new.add_argument(
        "--with-disputed", action="store_true", help="take in parts that are disputed, too"
    )
    _by_user(new)
    finish(new, _propose)


def _by_user(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", metavar="EMAIL", help="who does it; default: the shell's user")


def _asked_by(arguments: argparse.Namespace):  # type: ignore[no-untyped-def]
    """(entity, day, author) of a command."""
    from duly.interfaces.exchange.deciding import author_named
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    author = author_named(getattr(arguments, "user", None), home.actor(), home.now())
    return one, arguments.on or today(one.timezone), author


def _propose(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import propose_plan
    from duly.interfaces.exchange.instalments import Asked, draft_of, plans_document
    from duly.parties.queries import customer

    entity, on, author = _asked_by(arguments)
    customer_id = customer(entity_id=entity.pk, code=arguments.customer).pk
    asked = Asked(
        on=on,
        currency=arguments.currency or entity.currency,
        items=_parts(arguments.items),
        debt=arguments.debt,
        down=arguments.down,
        down_percent=arguments.down_percent,
        down_on=arguments.down_on,
        count=arguments.instalments,
        bearable=arguments.bearable,
        amounts=_parts(arguments.amounts),
        period=arguments.every,
        first_on=arguments.first,
        interest=arguments.interest,
        way=arguments.way,
        mandate=arguments.mandate,
        security=arguments.security,
        note=arguments.note,
        with_disputed=arguments.with_disputed,
    )

    def act() -> dict[str, Any]:
        draft = draft_of(entity, customer_id, asked)
        plan = propose_plan(entity=entity, draft=draft, author=author)
        return plans_document(entity, [plan], on)

    return _carried_out(arguments, "plan propose", act)


def _parts(told: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in told.split(",") if part.strip())


def _approve(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import approve_plan
    from duly.interfaces.exchange.instalments import plans_document

    entity, on, author = _asked_by(arguments)

    def act() -> dict[str, Any]:
        plan = approve_plan(
            entity=entity,
            plan_id=arguments.id,
            on=on,
            author=author,
            is_approved=not arguments.decline,
            reason=arguments.reason,
        )
        return plans_document(entity, [plan], on)

    return _carried_out(arguments, "plan approve", act)


def _offer(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import offer_plan
    from duly.collections.queries.plans import plan_numbered
    from duly.interfaces.exchange.instalments import link_to
    from duly.interfaces.exchange.secret_links import link_key

    entity, on, author = _asked_by(arguments)

    def act() -> dict[str, Any]:
        offer_plan(entity=entity, plan_id=arguments.id, on=on, key=link_key(), author=author)
        return _one(entity, arguments.id, on)

    told, status = _carried_out(arguments, "plan offer", act)
    # The link is looked up, and not kept with the command's result: whoever has it can sign.
    told["address"] = link_to(plan_numbered(entity.pk, arguments.id), author.at)
    if not arguments.json and told["address"]:
        print(told["address"])
    return told, status


def _sign(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import Signer, sign_plan

    entity, on, author = _asked_by(arguments)

    def act() -> dict[str, Any]:
        signer = Signer(arguments.name, arguments.title, "paper")
        sign_plan(
            entity=entity,
            plan_id=arguments.id,
            signer=signer,
            is_agreed=True,
            on=on,
            author=author,
        )
        return _one(entity, arguments.id, on)

    return _carried_out(arguments, "plan sign", act)


def _cancel(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import cancel_plan

    entity, on, author = _asked_by(arguments)

    def act() -> dict[str, Any]:
        cancel_plan(
            entity=entity, plan_id=arguments.id, reason=arguments.reason, on=on, author=author
        )
        return _one(entity, arguments.id, on)

    return _carried_out(arguments, "plan cancel", act)


def _judge(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.actions import judge_plans

    entity, on, author = _asked_by(arguments)

    def act() -> dict[str, Any]:
        told = judge_plans(entity=entity, on=on, actor=author.actor, at=author.at)
        return {
            "on": on.isoformat(),
            "judged": [
                {
                    "id": one.plan_id,
                    "before": one.before,
                    "state": one.state,
                    "accelerated": one.is_accelerated,
                }
                for one in told
            ],
        }

    document, status = _carried_out(arguments, "plan judge", act)
    if not arguments.json:
        for row in document["judged"]:
            print(f"plan {row['id']}: {row['state']}")
    return document, status


def _one(entity: Any, plan_id: int, on: date) -> dict[str, Any]:
    from duly.collections.queries.plans import plan_numbered
    from duly.interfaces.exchange.instalments import plans_document

    return plans_document(entity, [plan_numbered(entity.pk, plan_id)], on)


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.plans import plans
    from duly.interfaces.exchange.instalments import plans_document
    from duly.parties.queries import customer

    entity, on, _ = _asked_by(arguments)
    only = arguments.customer
    customer_ids = [customer(entity_id=entity.pk, code=only).pk] if only else None
    some = plans(entity.pk, customer_ids=customer_ids, states=arguments.state)
    document = plans_document(entity, some, on)
    if not arguments.json:
        for row in document["plans"]:
            _print(row)
    return document, 0


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.collections.queries.plans import plan_numbered
    from duly.interfaces.exchange.instalments import link_to, plan_papers, plans_document

    entity, on, _ = _asked_by(arguments)
    plan = plan_numbered(entity.pk, arguments.id)
    [row] = plans_document(entity, [plan], on)["plans"]
    document = {**row, **plan_papers(plan), "address": link_to(plan, home.now())}
    if arguments.pdf:
        from duly.interfaces.exchange.agreements import write_agreement

        document["pdf"] = write_agreement(plan, arguments.pdf)
    if not arguments.json:
        _print(document)
        for one in document["instalments"]:
            print(
                f"  {one['number']:>2}  {one['due_on']}  {one['amount']:>12}  "
                f"{one['received']:>12}  {one['state'].replace('_', ' ')}"
            )
        for step in document["steps"]:
            print(f"  {step['on']}  {step['kind']} by {step['by']} {step['text']}".rstrip())
    return document, 0


def _print(row: dict[str, Any]) -> None:
    since = f", whole balance due since {row['accelerated_on']}" if row["accelerated_on"] else ""
    print(
        f"{row['id']:>6}  {row['customer']:<16} {row['currency']} {row['total']:>14}, "
        f"{row['left']} left  {row['state']}{since}"
    )


def _carried_out(
    arguments: argparse.Namespace, command: str, act: Any
) -> tuple[dict[str, Any], int]:
    """Run a verb by the rules of every write; its input is the command line."""
    from duly.interfaces.exchange.settling import carry_out

    left_out = {"act", "json", "key", "dry_run", "command", "wrong"}
    given = {name: str(value) for name, value in vars(arguments).items() if name not in left_out}
    told = carry_out(act, arguments.key, command, given, home.now(), arguments.dry_run)
    if not arguments.json:
        for row in told.get("plans", []):
            _print(row)
            if command == "plan propose":
                for one in row["instalments"]:
                    print(f"  {one['number']:>2}  {one['due_on']}  {one['agreed']:>12}")
                for reason in row["beyond_policy"]:
                    print(f"  Beyond policy: {reason}")
        if arguments.dry_run:
            print(NOT_WRITTEN)
    return told, 0
