"""Apply, take back and void by the numbers that people use.

The key of a command is looked up before its numbers are: what was done already is told again, and
not looked for where it no longer is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from duly.access.actions import Author, once
from duly.cash_application.actions import undo_items, undo_matches
from duly.credit.actions.settled_orders import void_documents
from duly.interfaces.exchange.holding import retest_of
from duly.kernel.currencies import exponent
from duly.kernel.money import minor_from_text, text_from_minor
from duly.ledger.actions import Recorder, recording
from duly.parties import queries as parties
from duly.parties.models import Entity
from duly.receivables.actions import (
    apply_payments,
    attribute_payments,
    take_back_applications,
)
from duly.receivables.errors import (
    AlreadyVoid,
    InstalmentUnclear,
    ItemUnknown,
    NothingApplied,
    NumberUnclear,
    PaymentUnknown,
)
from duly.receivables.queries import (
    ItemFacts,
    Standing,
    credits_of_group,
    discounts_left,
    is_number_void,
    items_by_number,
    payments_by_number,
    standing_applications,
)
from duly.receivables.rules.applying import Wish
from duly.storage.writing import whole


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an act on which books, when, and under which key; `on` None is today there."""

    actor: str
    at: datetime
    entity_name: str | None = None
    on: date | None = None
    key: str | None = None
    is_dry_run: bool = False

    def day(self, entity: Entity) -> date:
        """The business date of the act."""
        return self.on or self.at.astimezone(ZoneInfo(entity.timezone)).date()


def apply_by_number(
    asked: Asked,
    *,
    source: str,
    wanted: Sequence[tuple[str, str]],
    customer: str | None = None,
    kind: str | None = None,
    with_discount: bool = False,
) -> dict[str, Any]:
    """Apply a payment (or a credit note) to items: `wanted` are (number, amount as text).

    `customer` says whose items, `kind` which of a number that is an invoice's and a debit note's;
    `with_discount` settles what is then still open of each as the discount that its terms grant.
    """
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act(recorder: Recorder) -> dict[str, Any]:
        there = items_by_number(entity.pk, {number for number, _ in wanted})
        found = _source(entity.pk, source, customer)
        whose = found.customer_id or _only_owner(there, wanted)
        if whose is None:
            raise PaymentUnknown(
                f"Nobody knows yet who sent payment {source}.",
                code="PAYER_UNKNOWN",
                facts={"payment": source},
                remedy="Say whose items to settle with --customer.",
            )
        wishes, lines, rests, currency = [], [], [], ""
        for number, amount in wanted:
            item = _one_item(there.get((whose, number), []), number, kind)
            currency = item.currency
            decimals = exponent(currency)
            minor = minor_from_text(amount, decimals)
            rest = max(item.open_minor - minor, 0)
            wishes.append(Wish(found.ids[0], item.id, minor, on, rest if with_discount else 0))
            line = {"item": number, "amount": text_from_minor(minor, decimals)}
            if with_discount and rest:
                line["discount"] = text_from_minor(rest, decimals)
            lines.append(line)
            rests.append((item.id, rest))
        if not with_discount and not found.is_credit:
            for index in _earned(entity.pk, found.received_on, rests, on):
                rest = rests[index][1]
                lines[index]["discount_available"] = text_from_minor(rest, exponent(currency))
        if found.has_no_payer and on.isoformat() >= found.received_on:
            attribute_payments(
                recorder=recorder, entity_id=entity.pk, payers={found.ids[0]: whose}, on=on
            )
        apply_payments(
            recorder=recorder, entity_id=entity.pk, wishes=wishes, with_credit=found.is_credit
        )
        return {"payment": source, "currency": currency, "on": on.isoformat(), "applied": lines}

    given: list[object] = [list(wanted), customer, kind]
    given += ["discount"] if with_discount else []
    return _record(asked, entity, "apply", source, given, act)


def payment_and_item(entity: Entity, payment: str, item: str) -> tuple[int, int, ItemFacts]:
    """(payment, who paid, item) by their numbers. Refuses: PaymentUnknown, ItemUnknown."""
    there = items_by_number(entity.pk, {item})
    found = _source(entity.pk, payment, None)
    whose = found.customer_id or _only_owner(there, [(item, "")])
    if found.is_credit or whose is None:
        raise PaymentUnknown(
            f"There is no payment {payment}, or nobody knows yet who sent it.",
            code="PAYER_UNKNOWN",
            facts={"payment": payment},
            remedy="Match it first to whoever sent it.",
        )
    return found.ids[0], whose, _one_item(there.get((whose, item), []), item, None)


class _Source(NamedTuple):
    """A payment, or the items of a credit note, and whose items it settles."""

    ids: list[int]
    is_credit: bool
    customer_id: int | None
    received_on: str = ""  # of a payment
    has_no_payer: bool = False  # nobody has said yet whose money it is


def _earned(
    entity_id: int, received_on: str, rests: Sequence[tuple[int, int]], on: date
) -> list[int]:
    """Which of some (item, what is still open) the terms grant as discount to who paid then."""
    granted = discounts_left(entity_id, {item_id for item_id, rest in rests if rest}, on=on)
    return [
        index
        for index, (item_id, rest) in enumerate(rests)
        if rest
        and item_id in granted
        and received_on <= granted[item_id][0].isoformat()
        and rest <= granted[item_id][1]
    ]


def _source(entity_id: int, number: str, customer: str | None) -> _Source:
    """The payment of this number, or the one credit note: of the customer, or of its group."""
    wanted_id = parties.customer(entity_id=entity_id, code=customer).pk if customer else None
    payment = payments_by_number(entity_id, [number]).get(number)
    if payment is not None:
        whose_id = payment.customer_id if wanted_id is None else wanted_id
        has_no_payer = payment.customer_id is None
        return _Source([payment.id], False, whose_id, payment.received_on, has_no_payer)
    there = items_by_number(entity_id, [number]).values()
    credits = [item for found in there for item in found if item.amount_minor < 0]
    if wanted_id is not None:
        tops = parties.tops_of({wanted_id, *(item.customer_id for item in credits)})
        credits = credits_of_group(credits, wanted_id, tops)
    if not credits:
        raise PaymentUnknown(
            f"There is no payment and no credit note {number}.",
            facts={"payment": number, "customer": customer},
            remedy="Look at the number, and at whose credit note it is: it settles items of its "
            "customer, or of another one of the same group with --customer.",
        )
    whose = {item.customer_id for item in credits}
    if len(whose) > 1:
        raise NumberUnclear(
            f"{len(whose)} customers have a credit note {number}.",
            facts={"number": number, "customers": _codes(whose)},
            remedy="Say whose with --customer.",
        )
    return _Source([item.id for item in credits], True, wanted_id or credits[0].customer_id)


def _only_owner(
    there: Mapping[tuple[int, str], Sequence[ItemFacts]], wanted: Sequence[tuple[str, str]]
) -> int | None:
    """The one customer who has all of these items, where nobody else has any of these numbers."""
    owners = {customer_id for customer_id, _ in there}
    if len(owners) != 1 or {number for _, number in there} != {number for number, _ in wanted}:
        return None
    return owners.pop()


def _codes(customer_ids: set[int]) -> list[str]:
    return sorted(code for code, _ in parties.codes_and_names(customer_ids).values())


def _one_item(found: Sequence[ItemFacts], number: str, kind: str | None) -> ItemFacts:
    """The one item to settle: of instalments the only open one, or a refusal."""
    owed = [item for item in found if item.amount_minor >= 0 and kind in (None, item.kind)]
    if not owed:
        raise ItemUnknown(
            f"The customer has no invoice or debit note {number}.",
            facts={"item": number},
            remedy="Look at `duly items --customer ID`.",
        )
    _refuse_several(owed, number)
    still_open = [item for item in owed if item.open_minor] or owed[:1]
    if len(still_open) > 1:
        raise InstalmentUnclear(
            f"{number} has {len(still_open)} open instalments.",
            facts={"item": number, "due_on": [item.due_on.isoformat() for item in still_open]},
            remedy="Import an applications file: it settles the earliest instalment first.",
        )
    return still_open[0]


def _refuse_several(found: Sequence[ItemFacts], number: str) -> None:
    """Refuse items of one number that are of several customers, or of several kinds."""
    whose = {item.customer_id for item in found}
    kinds = sorted({item.kind for item in found})
    if len(whose) > 1:
        raise NumberUnclear(
            f"{len(whose)} customers have a document {number}.",
            facts={"number": number, "customers": _codes(whose)},
            remedy="Say whose with --customer.",
        )
    if len(kinds) > 1:
        told = " and ".join(f"a {kind.replace('_', ' ')}" for kind in kinds)
        raise NumberUnclear(
            f"The customer has {told} {number}.",
            facts={"number": number, "kinds": kinds},
            remedy="Say which with --kind.",
        )


def unapply_by_number(
    asked: Asked,
    *,
    source: str,
    item: str | None = None,
    customer: str | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Take back what was applied of a payment (or credit note), all of it or on one item.

    `customer` says whose credit note and whose item, `kind` which item of its number.
    """
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act(recorder: Recorder) -> dict[str, Any]:
        found = _source(entity.pk, source, customer)
        standing = standing_applications(found.ids, of_credit=found.is_credit)
        if item is not None:
            settled = {row.item_id for row in standing}
            meant = [
                one
                for (of_customer, _), rows in items_by_number(entity.pk, [item]).items()
                for one in rows
                if one.id in settled
                and kind in (None, one.kind)
                and (customer is None or found.is_credit or of_customer == found.customer_id)
            ]
            if customer and found.is_credit:  # whose item it names, or whose credit note
                meant = [one for one in meant if one.customer_id == found.customer_id] or meant
            _refuse_several(meant, item)
            ids = {one.id for one in meant}
            standing = [row for row in standing if row.item_id in ids]
        if not standing:
            raise NothingApplied(
                f"Nothing of {source} is applied" + (f" to {item}." if item else "."),
                facts={"payment": source, "item": item},
                remedy="Look at the payment: it may have been taken back before.",
            )
        count = _take_back(recorder, found, standing, on, is_whole=item is None)
        return {"payment": source, "taken_back": count, "on": on.isoformat()}

    return _record(asked, entity, "unapply", source, [item, customer, kind], act)


def _take_back(
    recorder: Recorder,
    found: _Source,
    standing: Sequence[Standing],
    on: date,
    *,
    is_whole: bool,
) -> int:
    """Take applications of a payment or credit note back, with all that hangs on them."""
    told: dict[str, Any] = {"recorder": recorder, "entity_id": recorder.entity_id, "on": on}
    if found.is_credit:
        ids = [row.id for row in standing]
        return take_back_applications(application_ids=ids, **told)
    if is_whole:
        return undo_matches(payment_ids=found.ids, **told)
    items = {row.item_id for row in standing}
    return undo_items(payment_id=found.ids[0], item_ids=items, **told)


def void_by_number(
    asked: Asked, *, customer: str, number: str, kind: str | None = None
) -> dict[str, Any]:
    """Void the document of a customer that has this number; `kind` says which where several do."""
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)

    def act(recorder: Recorder) -> dict[str, Any]:
        customer_id = parties.customer(entity_id=entity.pk, code=customer).pk
        there = items_by_number(entity.pk, [number]).get((customer_id, number), [])
        meant = [item for item in there if kind in (None, item.kind)]
        if not meant and is_number_void(customer_id, number, kind):
            raise AlreadyVoid(
                f"{number} of {customer} is void already.",
                facts={"number": number, "customer": customer, "kind": kind},
                remedy="There is nothing left to do.",
            )
        if not meant:
            raise ItemUnknown(
                f"Customer {customer} has no document numbered {number}.",
                facts={"number": number, "customer": customer, "kind": kind},
                remedy="Look at `duly items --customer ID`.",
            )
        _refuse_several(meant, number)
        void_documents(
            recorder=recorder,
            entity_id=entity.pk,
            document_ids={item.document_id for item in meant},
            on=on,
        )
        return {"voided": number, "customer": customer, "on": on.isoformat()}

    return _record(asked, entity, "void", number, [customer, kind], act)


def _record(
    asked: Asked,
    entity: Entity,
    command: str,
    number: str,
    given: list[object],
    act: Callable[[Recorder], dict[str, Any]],
) -> dict[str, Any]:
    """Carry an act out as one batch in the books of an entity, once for its key."""

    def recorded() -> dict[str, Any]:
        with recording(
            kind=command, entity_id=entity.pk, actor=asked.actor, at=asked.at, note=number
        ) as recorder:
            told = act(recorder)
        retest_of(entity, asked.day(entity), Author(asked.actor, asked.at))
        return told

    on = asked.on.isoformat() if asked.on else None
    whole_input = [entity.pk, number, on, *given]
    return carry_out(recorded, asked.key, command, whole_input, asked.at, asked.is_dry_run)


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
