"""Apply, take back and void by the numbers that people use."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from duly.access.actions import once
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.ledger.actions import recording
from duly.parties import queries as parties
from duly.receivables.actions import apply_payments, take_back_applications, void_documents
from duly.receivables.errors import InstalmentUnclear, ItemUnknown, NothingApplied, PaymentUnknown
from duly.receivables.queries import (
    ItemFacts,
    items_by_number,
    payments_by_number,
    standing_applications,
)
from duly.receivables.rules.applying import Wish
from duly.storage.writing import whole


def apply_by_number(
    *,
    entity_name: str | None,
    source: str,
    wanted: Sequence[tuple[str, str]],
    customer: str | None,
    on: date,
    actor: str,
    at: datetime,
    key: str | None = None,
    is_dry_run: bool = False,
) -> dict[str, Any]:
    """Apply a payment (or a credit note) to items: `wanted` are (number, amount as text)."""
    entity = parties.entity(entity_name)
    payment, credits, customer_id = _source(entity.pk, source, customer)
    items = items_by_number(entity.pk, {number for number, _ in wanted})
    wishes, lines, currency = [], [], ""
    for number, amount in wanted:
        item = _one_item(items.get((customer_id, number), []), number)
        currency = item.currency
        minor = minor_from_text(amount, exponent(currency))
        source_id = payment.id if payment else credits[0].id
        wishes.append(Wish(source_id, item.id, minor, on))
        lines.append({"item": number, "amount": text_from_minor(minor, exponent(currency))})
    told = {
        "payment": source,
        "currency": currency,
        "on": on.isoformat(),
        "applied": lines,
    }

    def act() -> dict[str, Any]:
        with recording(
            kind="apply", entity_id=entity.pk, actor=actor, at=at, note=source
        ) as recorder:
            apply_payments(
                recorder=recorder, entity_id=entity.pk, wishes=wishes, with_credit=payment is None
            )
        return told

    given = [entity.pk, source, list(wanted), customer, on.isoformat()]
    return carry_out(act, key, "apply", given, at, is_dry_run)


def _source(entity_id: int, number: str, customer: str | None):  # type: ignore[no-untyped-def]
    """(payment or None, a credit note's items, whose items are settled) of a source."""
    payment = payments_by_number(entity_id, [number]).get(number)
    wanted_id = parties.customer(entity_id=entity_id, code=customer).pk if customer else None
    if payment is not None:
        customer_id = wanted_id if wanted_id is not None else payment.customer_id
        if customer_id is None:
            raise PaymentUnknown(
                f"Nobody knows yet who sent payment {number}.",
                code="PAYER_UNKNOWN",
                facts={"payment": number},
                remedy="Say whose items to settle with --customer.",
            )
        return payment, [], customer_id
    credits = [
        item
        for (of_customer, _), found in items_by_number(entity_id, [number]).items()
        for item in found
        if item.amount_minor < 0 and wanted_id in (None, of_customer)
    ]
    if len(credits) != 1:
        raise PaymentUnknown(
            f"There is no payment {number}, and no one credit note {number}.",
            facts={"payment": number},
            remedy="Look at the number; for a credit note, say --customer.",
        )
    return None, credits, credits[0].customer_id


def _one_item(found: list[ItemFacts], number: str) -> ItemFacts:
    """The one item to settle: of instalments the only open one, or a refusal."""
    owed = [item for item in found if item.amount_minor >= 0]
    if not owed:
        raise ItemUnknown(
            f"The customer has no invoice or debit note {number}.",
            facts={"item": number},
            remedy="Look at `duly items --customer ID`.",
        )
    still_open = [item for item in owed if item.open_minor] or owed[:1]
    if len(still_open) > 1:
        raise InstalmentUnclear(
            f"{number} has {len(still_open)} open instalments.",
            facts={"item": number, "due_on": [item.due_on.isoformat() for item in still_open]},
            remedy="Import an applications file: it settles the earliest instalment first.",
        )
    return still_open[0]


def unapply_by_number(
    *,
    entity_name: str | None,
    source: str,
    item: str | None,
    on: date,
    actor: str,
    at: datetime,
    key: str | None = None,
    is_dry_run: bool = False,
) -> dict[str, Any]:
    """Take back what was applied of a payment (or credit note), all of it or on one item."""
    entity = parties.entity(entity_name)
    payment = payments_by_number(entity.pk, [source]).get(source)
    if payment is not None:
        standing = standing_applications([payment.id], of_credit=False)
    else:
        credits = [
            found.id
            for rows in items_by_number(entity.pk, [source]).values()
            for found in rows
            if found.amount_minor < 0
        ]
        if not credits:
            raise PaymentUnknown(
                f"There is no payment or credit note {source}.", facts={"payment": source}
            )
        standing = standing_applications(credits, of_credit=True)
    if item is not None:
        of_item = {
            found.id for rows in items_by_number(entity.pk, [item]).values() for found in rows
        }
        standing = [row for row in standing if row.item_id in of_item]
    if not standing:
        raise NothingApplied(
            f"Nothing of {source} is applied" + (f" to {item}." if item else "."),
            facts={"payment": source, "item": item},
            remedy="Look at the payment: it may have been taken back before.",
        )

    def act() -> dict[str, Any]:
        with recording(
            kind="unapply", entity_id=entity.pk, actor=actor, at=at, note=source
        ) as recorder:
            take_back_applications(
                recorder=recorder,
                entity_id=entity.pk,
                application_ids=[row.id for row in standing],
                on=on,
            )
        return {"payment": source, "taken_back": len(standing), "on": on.isoformat()}

    given = [entity.pk, source, item, on.isoformat()]
    return carry_out(act, key, "unapply", given, at, is_dry_run)


def void_by_number(
    *,
    entity_name: str | None,
    customer: str,
    number: str,
    on: date,
    actor: str,
    at: datetime,
    key: str | None = None,
    is_dry_run: bool = False,
) -> dict[str, Any]:
    """Void the document of a customer that has this number."""
    entity = parties.entity(entity_name)
    customer_id = parties.customer(entity_id=entity.pk, code=customer).pk
    found = items_by_number(entity.pk, [number]).get((customer_id, number), [])
    documents = {item.document_id for item in found}
    if len(documents) != 1:
        raise ItemUnknown(
            f"Customer {customer} has {len(documents) or 'no'} documents numbered {number}.",
            facts={"number": number, "customer": customer},
            remedy="Look at `duly items --customer ID`.",
        )

    def act() -> dict[str, Any]:
        with recording(
            kind="void", entity_id=entity.pk, actor=actor, at=at, note=number
        ) as recorder:
            void_documents(recorder=recorder, entity_id=entity.pk, document_ids=documents, on=on)
        return {"voided": number, "customer": customer, "on": on.isoformat()}

    given = [entity.pk, customer, number, on.isoformat()]
    return carry_out(act, key, "void", given, at, is_dry_run)


def carry_out(
    act: Callable[[], dict[str, Any]],
    key: str | None,
    command: str,
    given: object,
    at: datetime,
    is_dry_run: bool,
) -> dict[str, Any]:
    """Do it once for each key; or do it, tell it, and roll it back."""
    if not is_dry_run:
        return once(key=key, command=command, given=given, at=at, act=act)
    with whole():
        told = act()
        transaction.set_rollback(True)
    return told
