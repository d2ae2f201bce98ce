"""Open disputes: what customers object to, and what they deducted from a payment."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, announce, record_changes
from duly.access.queries import changes_by_batch
from duly.disputes.events import DeductionsDropped, DisputesOpened
from duly.disputes.models import OBJECTION, SHORT_PAY, Dispute
from duly.disputes.policy import DisputePolicy
from duly.disputes.queries import disputed_by_item
from duly.disputes.queries.reasons import mappings_of, policy_on
from duly.disputes.rules.disputing import deadline, refuse_too_much
from duly.disputes.rules.reasons import read_reason, their_code
from duly.kernel.money import Money
from duly.ledger.actions import Recorder
from duly.receivables.queries import ItemFacts
from duly.receivables.queries.standing import item_facts, payments_of
from duly.storage import bulk
from duly.storage.among import among
from duly.storage.writing import whole


class DisputeDraft(NamedTuple):
    """An objection to some of an item."""

    item: ItemFacts
    amount_minor: int
    reason: str
    owner: str = ""  # the duty's owner when empty
    note: str = ""
    deadline_on: date | None = None  # by the duty when None
    origin: str = OBJECTION
    payment_id: int | None = None
    their_reason: str = ""


class DeductionDraft(NamedTuple):
    """What a payment left short of an item; `reason` is the customer's code or one of ours."""

    item_id: int
    amount_minor: int
    payment_id: int
    reason: str = ""
    owner: str = ""  # the duty's owner when empty
    note: str = ""
    deadline_on: date | None = None  # by the duty when None


class OpenedDeductions(NamedTuple):
    """The numbers of deductions, one for each draft, and the codes that nobody mapped yet."""

    ids: list[int]
    unknown: list[str]


@whole()
def open_disputes(
    *,
    entity_id: int,
    drafts: Sequence[DisputeDraft],
    on: date,
    actor: str,
    at: datetime,
    policy: DisputePolicy | None = None,
) -> list[int]:
    """Record objections; return their numbers. Who clears them by when is as of the day.

    Refuses: DisputeReasonUnknown; DisputedTooMuch beyond what is open and undisputed.
    Announces: DisputesOpened.
    """
    if not drafts:
        return []
    policy = policy or policy_on(entity_id, on)
    _refuse_too_much(entity_id, drafts, on, policy)
    ids = bulk.reserve_ids(Dispute, len(drafts))
    rows = [
        _row(id_, entity_id, draft, on, Author(actor, at), policy)
        for id_, draft in zip(ids, drafts, strict=True)
    ]
    bulk.insert_rows(Dispute, rows)
    announce(event=DisputesOpened(entity_id, tuple(ids)), at=at)
    return list(ids)


def _refuse_too_much(
    entity_id: int, drafts: Sequence[DisputeDraft], on: date, policy: DisputePolicy
) -> None:
    whose = {draft.item.customer_id for draft in drafts}
    taken = disputed_by_item(entity_id=entity_id, on=on, customer_ids=whose, policy=policy)
    for draft in drafts:
        item = draft.item
        refuse_too_much(
            asked=Money(draft.amount_minor, item.currency),
            open_now=Money(item.open_minor, item.currency),
            disputed=Money(min(taken.get(item.id, 0), item.open_minor), item.currency),
            number=item.number,
        )
        taken[item.id] = taken.get(item.id, 0) + draft.amount_minor


def _row(
    id_: int, entity_id: int, draft: DisputeDraft, on: date, author: Author, policy: DisputePolicy
) -> bulk.Row:
    item = draft.item
    owner, deadline_on = deadline(draft.reason, on, policy)
    return (
        id_,
        entity_id,
        item.customer_id,
        item.id,
        item.number,
        item.currency,
        draft.amount_minor,
        draft.reason,
        draft.owner or owner,
        on.isoformat(),
        (draft.deadline_on or deadline_on).isoformat(),
        draft.note,
        "",
        None,
        0,
        author.actor,
        author.at.isoformat(),
        draft.origin,
        draft.payment_id,
        their_code(draft.their_reason),
        None,
    )


def open_deductions(
    *, recorder: Recorder, drafts: Sequence[DeductionDraft], on: date
) -> OpenedDeductions:
    """Carve what payments left short out of their items, once they are applied.

    Nothing is posted: the item stays open by it, the deduction is not asked for, the rest is. A
    reason that nobody mapped is "other", and told as unknown.
    Refuses: DisputedTooMuch, ItemUnknown, PaymentUnknown. Announces: DisputesOpened.
    """
    entity_id = recorder.entity_id
    payments_of(entity_id, {draft.payment_id for draft in drafts})
    items = item_facts(entity_id, {draft.item_id for draft in drafts})
    policy = policy_on(entity_id, on)
    mappings = mappings_of(entity_id, {item.customer_id for item in items.values()})
    found, unknown = [], []
    for draft in drafts:
        item = items[draft.item_id]
        read = read_reason(draft.reason, item.customer_id, mappings, policy)
        if not read.is_known:
            unknown.append(read.their_reason)
        found.append(
            DisputeDraft(
                item,
                draft.amount_minor,
                read.reason,
                draft.owner,
                draft.note,
                draft.deadline_on,
                SHORT_PAY,
                draft.payment_id,
                read.their_reason,
            )
        )
    ids = open_disputes(
        entity_id=entity_id,
        drafts=found,
        on=on,
        actor=recorder.actor,
        at=recorder.at,
        policy=policy,
    )
    return OpenedDeductions(ids, sorted(set(unknown)))


def drop_deductions(
    *,
    recorder: Recorder,
    payment_ids: Collection[int],
    on: date,
    item_ids: Collection[int] | None = None,
) -> list[int]:
    """End the open deductions of payments whose applications are taken back; return their numbers.

    Given: `item_ids` where they are taken back on some items alone. Those that have a verdict keep
    it. Announces: DeductionsDropped.
    """
    rows = Dispute.objects.select_for_update().filter(
        entity_id=recorder.entity_id,
        payment_id__in=among(payment_ids),
        origin=SHORT_PAY,
        verdict="",
    )
    if item_ids is not None:
        rows = rows.filter(item_id__in=among(item_ids))
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return []
    Dispute.objects.filter(pk__in=among(ids)).update(verdict="dropped", closed_on=on)
    record_changes(
        noun="dispute",
        changes=[(id_, {"verdict": ""}, {"verdict": "dropped"}) for id_ in ids],
        author=recorder.author,
    )
    announce(event=DeductionsDropped(recorder.entity_id, tuple(ids)), at=recorder.at)
    return ids


def restore_deductions(*, entity_id: int, batch_id: int, author: Author) -> list[int]:
    """Open the deductions again that a batch dropped, where nothing became of them since.

    Returns their numbers. Announces: DisputesOpened.
    """
    dropped = [
        id_
        for id_, was, became in changes_by_batch("dispute", batch_id)
        if (was.get("verdict"), became.get("verdict")) == ("", "dropped")
    ]
    rows = Dispute.objects.select_for_update().filter(
        entity_id=entity_id, pk__in=among(dropped), verdict="dropped"
    )
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        Dispute.objects.filter(pk__in=among(ids)).update(verdict="", closed_on=None)
        record_changes(
            noun="dispute",
            changes=[(id_, {"verdict": "dropped"}, {"verdict": ""}) for id_ in ids],
            author=author,
        )
        announce(event=DisputesOpened(entity_id, tuple(ids)), at=author.at)
    return ids
