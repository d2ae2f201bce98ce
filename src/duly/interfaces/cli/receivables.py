"""Balances: `duly aging`, `duly items`, `duly customers`, `duly apply`, `duly unapply`."""

import argparse
from pathlib import Path
from typing import Any

from duly.intake.rules.columns import ITEM_KINDS
from duly.interfaces.cli.arguments import (
    NOT_WRITTEN,
    Subparsers,
    add,
    asked_for,
    count,
    for_writing,
    of_entity,
    on_day,
    split_item,
    today,
)
from duly.kernel.currencies import exponent
from duly.kernel.errors import Malformed
from duly.kernel.money import text_from_minor

_ROWS = ["customer", "parent", "currency", "entity", "none"]


def add_commands(commands: Subparsers) -> None:
    """Add the commands of this module."""
    aging = add(commands, "aging", "what is open, by age, on any day")
    on_day(aging)
    aging.add_argument(
        "--basis", choices=["due", "invoice"], default="due", help="from which day ages count"
    )
    aging.add_argument("--by", choices=_ROWS, default="customer", help="what each row is of")
    aging.add_argument("--customer", metavar="ID", help="only of this customer")
    aging.add_argument("--parent", metavar="ID", help="a customer and everyone under it")
    aging.add_argument("--currency", metavar="CUR", help="only in this currency")
    aging.add_argument("--buckets", metavar="30,60,90", help="last day of each bucket")
    aging.add_argument(
        "--known", metavar="MOMENT", help="as known then; a day to its end where the entity is"
    )
    aging.add_argument("--csv", type=Path, metavar="FILE", help="the rows as a file")
    aging.add_argument("--xlsx", type=Path, metavar="FILE", help="the rows as a workbook")
    of_entity(aging)
    aging.set_defaults(act=_aging)

    items = add(commands, "items", "invoices, credit notes and debit notes")
    on_day(items)
    items.add_argument("--customer", metavar="ID", help="only of this customer")
    items.add_argument("--open", action="store_true", help="only what is open on that day")
    of_entity(items)
    items.set_defaults(act=_items)

    customers = add(commands, "customers", "find customers")
    customers.add_argument(
        "find", nargs="?", default="", metavar="TEXT", help="part of a name, id, number or address"
    )
    customers.add_argument("--limit", type=count, default=50, metavar="N", help="at most so many")
    of_entity(customers)
    customers.set_defaults(act=_customers)
    _add_settling(commands)


def _add_settling(commands: Subparsers) -> None:
    """Add the commands that settle, take back and void."""
    apply = add(commands, "apply", "settle items with a payment or a credit note")
    apply.add_argument("payment", metavar="PAYMENT", help="its id, or a credit note's number")
    apply.add_argument(
        "items", nargs="+", metavar="ITEM=AMOUNT", help="what it settles of which item"
    )
    apply.add_argument("--customer", metavar="ID", help="whose items; default the source's own")
    apply.add_argument("--discount", action="store_true", help="settle the rest with the discount")
    apply.add_argument(
        "--kind", choices=["invoice", "debit_note", "charge"], help="which of a number"
    )
    on_day(apply)
    of_entity(apply)
    for_writing(apply)
    apply.set_defaults(act=_apply)

    unapply = add(commands, "unapply", "take an application back; its item is open again")
    unapply.add_argument("payment", metavar="PAYMENT", help="its id, or a credit note's number")
    unapply.add_argument(
        "item", nargs="?", metavar="ITEM", help="only what settles this item; default: all"
    )
    unapply.add_argument("--customer", metavar="ID", help="whose credit note, whose item")
    unapply.add_argument(
        "--kind", choices=["invoice", "debit_note", "charge"], help="which of a number"
    )
    on_day(unapply)
    of_entity(unapply)
    for_writing(unapply)
    unapply.set_defaults(act=_unapply)

    void = add(commands, "void", "reverse a document as if it had not been issued")
    void.add_argument("number", metavar="NUMBER", help="the document's number")
    void.add_argument("--customer", required=True, metavar="ID", help="whose document")
    void.add_argument("--kind", choices=[*ITEM_KINDS, "charge"], help="which of a number")
    on_day(void)
    of_entity(void)
    for_writing(void)
    void.set_defaults(act=_void)


def _aging(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange import reports
    from duly.parties import queries as parties
    from duly.receivables.queries import Scope, aging, tie_out

    found = parties.entities()
    is_of_all = arguments.by == "entity" and len(found) > 1 and not arguments.entity
    one = None if is_of_all or not found else parties.entity(arguments.entity)
    zone = one.timezone if one else "UTC"
    on = arguments.on or today(zone)
    only = one if arguments.entity else None

    def customer_id(code: str | None) -> int | None:
        if code is None:
            return None
        return parties.customer(entity_id=(only or parties.entity()).pk, code=code).pk

    scope = Scope(
        entity_id=only.pk if only else None,
        currency=arguments.currency,
        customer_id=customer_id(arguments.customer),
        parent_id=customer_id(arguments.parent),
    )
    known = _known(arguments.known, zone)
    told = aging(
        on=on,
        basis=arguments.basis,
        scope=scope,
        by=arguments.by,
        last_days=_last_days(arguments.buckets),
        known=known,
    )
    is_part = scope.customer_id is not None or scope.parent_id is not None
    whole = told
    if is_part:
        book = Scope(entity_id=scope.entity_id, currency=scope.currency)
        whole = aging(on=on, basis=arguments.basis, scope=book, by="none", known=known)
    ties = tie_out(on=on, entity_id=scope.entity_id, totals=whole.totals, known=known)
    if scope.currency:
        ties = {code: tie for code, tie in ties.items() if code == scope.currency}
    document = reports.aging_document(told, ties, is_part=is_part)
    if arguments.csv:
        reports.write_aging_csv(arguments.csv, document)
    if arguments.xlsx:
        reports.write_aging_xlsx(arguments.xlsx, document)
    if not arguments.json:
        reports.print_aging(document)
    return document, 0


def _last_days(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise Malformed(
            f"{text!r} are no buckets.",
            code="BUCKETS_UNCLEAR",
            facts={"buckets": text},
            remedy="Give the last day of each, like 30,60,90.",
        ) from None


def _known(text: str | None, zone: str) -> int | None:
    """What was known at a moment; a bare day means its end where the company is."""
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

    from duly.ledger.queries import sequence_known_at

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(
            f"{text!r} is no moment.",
            code="INVALID_DATE",
            facts={"known": text},
            remedy="Write 2026-03-02 (its end) or 2026-03-02T09:30+00:00.",
        ) from None
    if len(text) == 10:
        moment = datetime.combine(moment.date(), time.max)
    return sequence_known_at(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)))


def _items(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.collecting import protected_parts
    from duly.parties import queries as parties
    from duly.receivables.queries import items_on

    one = _first_entity(arguments)
    if one is None:
        return {"items": []}, 0
    on = arguments.on or today(one.timezone)
    customer_id = (
        parties.customer(entity_id=one.pk, code=arguments.customer).pk
        if arguments.customer
        else None
    )
    parts = protected_parts(one, on, customer_id)
    rows = [
        {
            "number": row.number,
            "kind": row.kind,
            "customer": row.customer_code,
            "currency": row.currency,
            "issued_on": row.issued_on.isoformat(),
            "due_on": row.due_on.isoformat(),
            "amount": text_from_minor(abs(row.amount_minor), exponent(row.currency)),
            "open": text_from_minor(abs(row.open_minor), exponent(row.currency)),
            "days_past_due": row.days_past_due,
            "state": row.state,
            "instalment": row.instalment,
            **parts.of(row),
        }
        for row in items_on(
            on=on, entity_id=one.pk, customer_id=customer_id, only_open=arguments.open
        )
    ]
    if not arguments.json:
        for row in rows:
            print(
                f"{row['customer']:<12} {row['number']:<20} due {row['due_on']}  "
                f"{row['currency']} {row['open']:>14} of {row['amount']:>14}  {row['state']}"
            )
    return {"items": rows}, 0


def _first_entity(arguments: argparse.Namespace):  # type: ignore[no-untyped-def]
    from duly.parties import queries as parties

    if not arguments.entity and not parties.entities():
        return None
    return parties.entity(arguments.entity)


def _customers(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.parties import queries as parties

    one = _first_entity(arguments)
    found = (
        parties.search_customers(entity_id=one.pk, text=arguments.find, limit=arguments.limit)
        if one
        else []
    )
    rows = [
        {
            "customer": row.code,
            "name": row.name,
            "country": row.country,
            "currency": row.currency,
            "segment": row.segment,
            "collector": row.collector,
        }
        for row in found
    ]
    if not arguments.json:
        for row in rows:
            print(f"{row['customer']:<16} {row['name']}")
    return {"customers": rows}, 0


def _apply(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import apply_by_number

    told = apply_by_number(
        asked_for(arguments),
        source=arguments.payment,
        wanted=[split_item(text) for text in arguments.items],
        with_discount=arguments.discount,
        customer=arguments.customer,
        kind=arguments.kind,
    )
    if not arguments.json:
        for line in told["applied"]:
            _show_applied(line, told, arguments.dry_run)
        _show_dry(arguments)
    return told, 0


def _show_applied(line: dict[str, str], told: dict[str, Any], is_dry_run: bool) -> None:
    currency, would = told["currency"], " would be applied" if is_dry_run else ""
    discount = f" and {line['discount']} {currency} of discount" if "discount" in line else ""
    print(f"{line['amount']} {currency} of {told['payment']}{discount}{would} on {line['item']}.")
    if "discount_available" in line:
        again = "apply" if is_dry_run else f"unapply {told['payment']}, then apply"
        print(
            f"  The terms grant the rest, {line['discount_available']} {currency}, as a discount: "
            f"{again} with --discount to take it."
        )


def _show_dry(arguments: argparse.Namespace) -> None:
    if arguments.dry_run:
        print(NOT_WRITTEN)


def _unapply(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import unapply_by_number

    told = unapply_by_number(
        asked_for(arguments),
        source=arguments.payment,
        item=arguments.item,
        customer=arguments.customer,
        kind=arguments.kind,
    )
    if not arguments.json:
        count = told["taken_back"]
        what, verb = ("application", "is") if count == 1 else ("applications", "are")
        verb = "would be" if arguments.dry_run else verb
        print(f"{count} {what} of {arguments.payment} {verb} taken back.")
        _show_dry(arguments)
    return told, 0


def _void(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    from duly.interfaces.exchange.settling import void_by_number

    told = void_by_number(
        asked_for(arguments),
        customer=arguments.customer,
        number=arguments.number,
        kind=arguments.kind,
    )
    if not arguments.json:
        if arguments.dry_run:
            print(f"{arguments.number} would be void, its entry reversed.")
        else:
            print(f"{arguments.number} is void. Its entry is reversed, nothing is erased.")
        _show_dry(arguments)
    return told, 0
