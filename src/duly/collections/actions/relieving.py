"""Take finance charges off: waived, reversed, or removed because an objection was right."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

from duly.access.actions import Author, ask_approval, decide_approval, require_authority
from duly.access.errors import ApprovalUnknown
from duly.access.models import Approval
from duly.access.queries import user_acting
from duly.collections.errors import ChargeGone
from duly.collections.models import Charge, ChargeRelief
from duly.collections.queries.charges import WAIVER, charge_numbered
from duly.collections.queries.removals import Removal
from duly.kernel.currencies import exponent
from duly.kernel.money import Money
from duly.ledger.actions import Recorder, recording
from duly.parties.models import Entity
from duly.receivables.actions import CHARGE_REVERSED, CHARGE_WAIVED, ReliefDraft, relieve_charges
from duly.storage import bulk
from duly.storage.writing import whole


class Relief(NamedTuple):
    """What is to come off a finance charge, and why."""

    document_id: int
    item_id: int
    kind: str
    currency: str
    minor: int
    reason: str
    dispute_id: int | None = None


@whole()
def waive_charge(
    *, entity: Entity, number: str, minor: int | None, reason: str, on: date, author: Author
) -> int:
    """Give up what is open of a charge, or a part of it; return how much. It is not charged again.

    Posts: finance charge income / receivable.
    Refuses: ChargeUnknown, ChargeGone, AuthorityExceeded, OverApplied, PeriodLocked.
    """
    money = _open_of(entity, number, minor)
    _require_authority(entity, number, money, author)
    return _waive(entity, number, money, reason, on, author)


@whole()
def ask_waiver(
    *, entity: Entity, number: str, minor: int | None, reason: str, author: Author
) -> Approval:
    """Ask that somebody with more authority waive a charge; it is not waived yet.

    Refuses: ChargeUnknown, ChargeGone.
    """
    money = _open_of(entity, number, minor)
    facts = {
        "entity": entity.pk,
        "number": number,
        "customer": charge_numbered(entity.pk, number).customer_id,
        "minor": money.minor,
        "currency": money.currency,
        "decimals": exponent(money.currency),
        "reason": reason[:300],
    }
    return ask_approval(act=WAIVER, facts=facts, author=author)


@whole()
def decide_waiver(
    *, entity: Entity, approval_id: int, is_approved: bool, on: date, author: Author
) -> Approval:
    """Approve, and the charge is waived as it was asked for; or decline.

    Refuses: ApprovalUnknown, ApprovalDecided, OwnWorkApproval, AuthorityExceeded, ChargeGone: then
    it stays undecided.
    """
    approval = decide_approval(
        approval_id=approval_id, act=WAIVER, is_approved=is_approved, author=author
    )
    facts = approval.facts
    if facts["entity"] != entity.pk:
        raise ApprovalUnknown(
            f"No waiver that waits in these books has the number {approval_id}.",
            facts={"approval": approval_id},
            remedy="Look at `duly charge list`.",
        )
    if is_approved:
        money = _open_of(entity, facts["number"], facts["minor"])
        _require_authority(entity, facts["number"], money, author)
        reason = f"{facts['reason']} (asked for by {approval.asked_by})"[:300]
        _waive(entity, facts["number"], money, reason, on, author)
    return approval


@whole()
def reverse_charge(*, entity: Entity, number: str, reason: str, on: date, author: Author) -> int:
    """Take a charge back whole, as wrong; a later run of its month charges what is right then.

    Posts: finance charge income / receivable. Refuses: ChargeUnknown, ChargeGone when a part of it
    is settled, AuthorityExceeded, OverApplied, PeriodLocked.
    """
    money = _open_of(entity, number, None)
    require_authority(user=user_acting(author.actor), act="credit", money=money)
    with _batch(entity, author, f"Reversed: {reason}") as recorder:
        charge = charge_numbered(entity.pk, number)
        if charge.open_minor != charge.amount_minor:
            raise ChargeGone(
                f"{number} can't be reversed: {charge.settled} of it is settled.",
                facts={"number": number, "settled": charge.settled},
                remedy="Take back what was paid on it, or waive the rest.",
            )
        _write_reliefs(
            recorder,
            entity.pk,
            [
                Relief(
                    charge.document_id,
                    charge.item_id,
                    "reversed",
                    charge.currency,
                    charge.open_minor,
                    reason,
                )
            ],
            on,
        )
        rows = Charge.objects.filter(document_id=charge.document_id, is_reversed=False)
        rows.update(is_reversed=True)
    return money.minor


def remove_disputed(
    *, recorder: Recorder, entity_id: int, removals: Collection[Removal], on: date
) -> None:
    """Take off the interest on what was found to be the customer's.

    Posts: finance charge income / receivable. Refuses: PeriodLocked.
    """
    reliefs = [
        Relief(
            one.document_id,
            one.item_id,
            "removed",
            one.currency,
            one.minor,
            f"Dispute {one.dispute_id} of {one.number} was right",
            one.dispute_id,
        )
        for one in removals
    ]
    _write_reliefs(recorder, entity_id, reliefs, on)


def _write_reliefs(recorder: Recorder, entity_id: int, reliefs: Sequence[Relief], on: date) -> None:
    """Write what comes off charges, and post it."""
    drafts = [
        ReliefDraft(
            one.item_id, one.minor, CHARGE_WAIVED if one.kind == "waived" else CHARGE_REVERSED
        )
        for one in reliefs
    ]
    relieve_charges(recorder=recorder, entity_id=entity_id, drafts=drafts, on=on)
    ids = bulk.reserve_ids(ChargeRelief, len(reliefs))
    recorder.write(
        ChargeRelief,
        [
            (
                id_,
                recorder.batch_id,
                entity_id,
                one.document_id,
                one.kind,
                one.currency,
                one.minor,
                on.isoformat(),
                one.reason[:300],
                one.dispute_id,
            )
            for id_, one in zip(ids, reliefs, strict=True)
        ],
    )


def _require_authority(entity: Entity, number: str, money: Money, author: Author) -> None:
    """Refuse where what was waived of a charge and what is to be are more than a role may:
    parts pass no limit that the whole would not. Refuses: AuthorityExceeded."""
    reliefs = charge_numbered(entity.pk, number).reliefs
    waived = sum(one.amount_minor for one in reliefs if one.kind == "waived")
    whole_money = Money(waived + money.minor, money.currency)
    require_authority(user=user_acting(author.actor), act="credit", money=whole_money)


def _waive(entity: Entity, number: str, money: Money, reason: str, on: date, author: Author) -> int:
    with _batch(entity, author, f"Waived: {reason}") as recorder:
        charge = charge_numbered(entity.pk, number)
        relief = Relief(
            charge.document_id, charge.item_id, "waived", charge.currency, money.minor, reason
        )
        _write_reliefs(recorder, entity.pk, [relief], on)
    return money.minor


def _batch(entity: Entity, author: Author, note: str) -> AbstractContextManager[Recorder]:
    return recording(
        kind="charge relief", entity_id=entity.pk, actor=author.actor, at=author.at, note=note
    )


def _open_of(entity: Entity, number: str, minor: int | None) -> Money:
    """What is asked for of what is open of a charge. Refuses: ChargeUnknown, ChargeGone."""
    charge = charge_numbered(entity.pk, number)
    asked = charge.open_minor if minor is None else minor
    if not 0 < asked <= charge.open_minor:
        raise ChargeGone(
            f"{Money(asked, charge.currency)} can't come off {number}:"
            f" {Money(charge.open_minor, charge.currency)} of it is open.",
            facts={"number": number, "open": Money(charge.open_minor, charge.currency)},
            remedy="Look at `duly charge show`, and name no more than is open.",
        )
    return Money(asked, charge.currency)
