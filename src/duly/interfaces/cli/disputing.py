"""What customers object to or deduct: `duly dispute`."""

import argparse
from pathlib import Path
from typing import Any

from duly.interfaces.cli import home
from duly.interfaces.cli.agreements import carried_out, finish
from duly.interfaces.cli.arguments import Subparsers, add, day, of_entity, on_day, text, today

VERDICTS = ["valid", "partly", "invalid", "mistake"]
ORIGINS = ["objection", "short_pay"]


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    dispute = commands.add_parser("dispute", help="disputes and deductions")
    acts = dispute.add_subparsers(dest="act_name", required=True, metavar="ACT")
    _add_opening(acts)
    close = add(acts, "close", "give a dispute its verdict")
    close.add_argument("id", type=int, metavar="ID", help="a dispute's number")
    close.add_argument("--as", required=True, dest="verdict", choices=VERDICTS, help="who is right")
    close.add_argument("--credit", metavar="A", help="what a credit note is to take away")
    close.add_argument(
        "--issue", action="store_true", help="issue that credit note and apply it to the item"
    )
    close.add_argument(
        "--number",
        type=text(64),
        default="",
        metavar="NUMBER",
        help="the credit note's number; default: by the dispute",
    )
    finish(close, _close)
    attach = add(acts, "attach", "attach back-up documents to a dispute")
    attach.add_argument("id", type=int, metavar="ID", help="a dispute's number")
    attach.add_argument("files", type=Path, nargs="+", metavar="FILE", help="what proves it")
    finish(attach, _attach)
    show = add(acts, "show", "a dispute with its documents and what was done about it")
    show.add_argument("id", type=int, metavar="ID", help="a dispute's number")
    show.set_defaults(act=_show)
    listed = add(acts, "list", "disputes, those to be cleared first in front")
    listed.add_argument("--customer", metavar="ID", help="only of this customer")
    listed.add_argument("--open", action="store_true", help="only what is not closed yet")
    listed.add_argument("--origin", choices=ORIGINS, help="only objections, or only deductions")
    listed.add_argument("--reason", metavar="CODE", help="only for this reason")
    listed.add_argument("--owner", metavar="WHO", help="only what they are to clear")
    listed.add_argument(
        "--ranked", action="store_true", help="what is expected to bring most in front"
    )
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_list)
    roots = add(acts, "causes", "where disputes come from, and how old the open ones are")
    roots.add_argument(
        "--by",
        choices=["reason", "customer", "owner"],
        default="reason",
        help="what they are grouped by; default: reason",
    )
    for name, place, told in (("--from", "first", "or after it"), ("--to", "last", "or before it")):
        roots.add_argument(
            name, dest=place, type=day, required=True, metavar="DATE", help=f"opened then {told}"
        )
    of_entity(roots)
    roots.set_defaults(act=_causes)
    _add_reasons(acts)


def _add_opening(acts: Subparsers) -> None:
    new = add(acts, "add", "an objection to a part or the whole of an item, or a deduction from it")
    new.add_argument("item", metavar="ITEM", help="the number of an item")
    new.add_argument("--customer", required=True, metavar="ID", help="whose item")
    new.add_argument("--amount", required=True, metavar="A", help="how much of it is disputed")
    why = new.add_mutually_exclusive_group(required=True)
    why.add_argument("--reason", metavar="CODE", help="why: price, quality, ...")
    why.add_argument(
        "--their-reason",
        type=text(64),
        default="",
        metavar="CODE",
        help="why, in the customer's own code; one that is not mapped is `other`",
    )
    new.add_argument(
        "--origin",
        choices=ORIGINS,
        default="objection",
        help="what the customer said, or what a payment left short; default: objection",
    )
    new.add_argument("--payment", metavar="NUMBER", help="the payment that a deduction came from")
    new.add_argument(
        "--owner", type=text(120), default="", metavar="WHO", help="default: by the reason"
    )
    new.add_argument(
        "--note", type=text(1000), default="", metavar="TEXT", help="what else was said"
    )
    finish(new, _add)


def _add_reasons(acts: Subparsers) -> None:
    reasons = acts.add_parser("reasons", help="who clears which reason, and customers' codes")
    of_reasons = reasons.add_subparsers(dest="reasons_act", required=True, metavar="ACT")
    listed = add(of_reasons, "list", "reasons with their owners and days; customers' codes")
    on_day(listed)
    of_entity(listed)
    listed.set_defaults(act=_reasons_list)
    put = add(of_reasons, "set", "say who clears a reason, in how many days")
    put.add_argument("reason", metavar="CODE", help="one of our reasons")
    put.add_argument("--owner", type=text(120), required=True, metavar="WHO", help="who clears it")
    put.add_argument("--days", type=int, required=True, metavar="N", help="in how many days")
    finish(put, _reasons_set)
    mapped = add(of_reasons, "map", "say what customers' codes mean, one by one or from a file")
    mapped.add_argument(
        "wanted",
        nargs="+",
        metavar="CODE=REASON",
        help="a code and our reason; or a CSV or XLSX file with code, reason and customer_id",
    )
    drop = add(of_reasons, "drop", "forget what a customer's code means")
    drop.add_argument("code", metavar="CODE", help="the customer's code")
    for act, carry_out in ((mapped, _reasons_map), (drop, _reasons_drop)):
        act.add_argument("--customer", metavar="ID", help="of this customer; default: of all")
        finish(act, carry_out)


def _add(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.disputes.actions import DisputeDraft, open_disputes
    from duly.disputes.models import Dispute
    from duly.disputes.queries.reasons import mappings_of, policy_on
    from duly.disputes.rules.reasons import read_reason
    from duly.interfaces.exchange.collecting import items_named
    from duly.interfaces.exchange.disputing import disputes_document, payment_numbered
    from duly.interfaces.exchange.holding import retest_of
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    on = arguments.on or today(one.timezone)
    customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk
    item = items_named(one.pk, customer_id, [arguments.item])[0]
    reason = arguments.reason
    if arguments.their_reason:
        mappings = mappings_of(one.pk, [customer_id])
        read = read_reason(arguments.their_reason, customer_id, mappings, policy_on(one.pk, on))
        reason = read.reason
    draft = DisputeDraft(
        item=item,
        amount_minor=minor_from_text(arguments.amount, exponent(item.currency)),
        reason=reason,
        owner=arguments.owner,
        note=arguments.note,
        origin=arguments.origin,
        payment_id=payment_numbered(one.pk, arguments.payment) if arguments.payment else None,
        their_reason=arguments.their_reason,
    )

    def act() -> dict[str, Any]:
        ids = open_disputes(
            entity_id=one.pk, drafts=[draft], on=on, actor=home.actor(), at=home.now()
        )
        retest_of(one, on, Author(home.actor(), home.now()), [item.customer_id])
        return disputes_document(Dispute.objects.filter(pk__in=ids))

    return carried_out(arguments, "dispute add", act)


def _close(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.disputes.queries import dispute
    from duly.interfaces.exchange.disputing import Verdict, disputes_document, give_verdict
    from duly.kernel.currencies import exponent
    from duly.kernel.money import minor_from_text

    row = dispute(arguments.id)
    credit = None
    if arguments.credit:
        credit = minor_from_text(arguments.credit, exponent(row.currency))

    def act() -> dict[str, Any]:
        closed = give_verdict(
            row,
            Verdict(arguments.verdict, credit, arguments.issue, arguments.number),
            on=arguments.on or home.now().date(),
            actor=home.actor(),
            at=home.now(),
        )
        return disputes_document([closed])

    return carried_out(arguments, "dispute close", act)


def _attach(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.disputes.queries import dispute
    from duly.interfaces.exchange.backing import Offered, attach, files_document

    row = dispute(arguments.id)
    offered = [Offered(path.name, path) for path in arguments.files]

    def act() -> dict[str, Any]:
        return files_document(attach(row, offered, Author(home.actor(), home.now())))

    return carried_out(arguments, "dispute attach", act)


def _show(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.disputes.queries import dispute
    from duly.interfaces.exchange.disputing import dispute_document

    document = dispute_document(dispute(arguments.id))
    if not arguments.json:
        for name, value in document["dispute"].items():
            if value and not isinstance(value, list):
                print(f"{name.replace('_', ' '):<14} {value}")
        for one in document["dispute"]["files"]:
            print(f"file           {one['file']} ({one['kind']}, {one['sha256'][:12]})")
    return document, 0


def _list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.disputes.queries import disputes
    from duly.interfaces.exchange.disputing import disputes_document, expected_document
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = (
        parties.customer(entity_id=one.pk, code=arguments.customer).pk
        if arguments.customer
        else None
    )
    wanted = {
        name: getattr(arguments, name)
        for name in ("origin", "reason", "owner")
        if getattr(arguments, name)
    }
    rows = disputes(
        entity_id=one.pk, customer_id=customer_id, only_open=arguments.open, wanted=wanted
    )
    document = disputes_document(rows)
    brings = expected_document(one, arguments.on or today(one.timezone))
    for row in document["disputes"]:
        row["expected"] = brings.get(row["id"])
    if arguments.ranked:
        places = {id_: place for place, id_ in enumerate(brings)}
        document["disputes"].sort(key=lambda row: places.get(row["id"], len(places)))
    if not arguments.json:
        for row in document["disputes"]:
            print(
                f"{row['id']:>6}  {row['customer']:<16} {row['item']:<20} {row['currency']} "
                f"{row['amount']:>14}  {row['reason']}, {row['owner']} by {row['deadline_on']}  "
                f"{row['state']}"
            )
    return document, 0


def _causes(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.disputing import causes_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    document = causes_document(one, arguments.by, arguments.first, arguments.last)
    if not arguments.json:
        for row in document["causes"]:
            print(
                f"{row[arguments.by]:<24} {row['currency']} {row['amount']:>14} in "
                f"{row['disputes']}, open {row['open']}, credited {row['credited']} of "
                f"{row['judged']}"
            )
    return document, 0


def _reasons_list(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.disputing import reasons_document
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    document = reasons_document(one.pk, arguments.on or today(one.timezone))
    if not arguments.json:
        for row in document["reasons"]:
            print(f"{row['reason']:<20} {row['owner']:<24} {row['target_days']:>3} days")
        for row in document["mappings"]:
            print(f"{row['code']:<20} means {row['reason']}, of {row['customer'] or 'everybody'}")
        for row in document["unknown"]:
            print(f"{row['code']:<20} of {row['customer']} means nothing yet: {row['disputes']}")
    return document, 0


def _reasons_set(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.disputes.actions import DutyDraft, set_duties
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    draft = DutyDraft(arguments.reason, arguments.owner, arguments.days)

    def act() -> dict[str, Any]:
        on = arguments.on or today(one.timezone)
        changed = set_duties(
            entity_id=one.pk, drafts=[draft], on=on, author=Author(home.actor(), home.now())
        )
        return {"reasons": [{**draft._asdict(), "from_on": on.isoformat()}], "changed": changed}

    return carried_out(arguments, "dispute reasons set", act)


def _reasons_map(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.disputes.actions import map_reasons
    from duly.interfaces.exchange.disputing import mappings_told
    from duly.parties.queries import entity

    one = entity(arguments.entity)
    drafts = mappings_told(one.pk, arguments.wanted, arguments.customer)

    def act() -> dict[str, Any]:
        changed = map_reasons(
            entity_id=one.pk,
            drafts=drafts,
            on=arguments.on or today(one.timezone),
            author=Author(home.actor(), home.now()),
        )
        return {"mapped": len(drafts), "changed": changed}

    told, status = carried_out(arguments, "dispute reasons map", act)
    if not arguments.json:
        print(f"{told['mapped']} codes, {told['changed']} of them new or changed.")
    return told, status


def _reasons_drop(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.access.actions import Author
    from duly.disputes.actions import drop_mapping
    from duly.disputes.rules.reasons import EVERYBODY
    from duly.parties import queries as parties

    one = parties.entity(arguments.entity)
    customer_id = EVERYBODY
    if arguments.customer:
        customer_id = parties.customer(entity_id=one.pk, code=arguments.customer).pk

    def act() -> dict[str, Any]:
        row = drop_mapping(
            entity_id=one.pk,
            code=arguments.code,
            customer_id=customer_id,
            author=Author(home.actor(), home.now()),
        )
        return {"mappings": [{"code": row.code, "reason": None}]}

    return carried_out(arguments, "dispute reasons drop", act)
