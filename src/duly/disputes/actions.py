"""Verbs of disputes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import Author, announce, record_changes
from duly.disputes.errors import DisputeClosed, DisputeUnknown
from duly.disputes.events import DisputeEnded, DisputesOpened
from duly.disputes.models import Dispute
from duly.disputes.policy import DISPUTES, DisputePolicy
from duly.disputes.queries import disputed_by_item
from duly.disputes.rules.disputing import deadline, refuse_too_much
from duly.kernel.money import Money
from duly.receivables.queries import ItemFacts
from duly.storage import bulk
from duly.storage.writing import whole


class DisputeDraft(NamedTuple):
    """An objection to some of an item."""

    item: ItemFacts
    amount_minor: int
    reason: str
    owner: str = ""  # the duty's owner when empty
    note: str = ""
    deadline_on: date | None = None  # by the duty when None


@whole()
def open_disputes(
    *,
    entity_id: int,
    drafts: Sequence[DisputeDraft],
    on: date,
    actor: str,
    at: datetime,
    policy: DisputePolicy = DISPUTES,
) -> list[int]:
    """Record objections; return their numbers.

    Refuses: DisputeReasonUnknown; DisputedTooMuch beyond what is open and undisputed.
    Announces: DisputesOpened.
    """
    taken = disputed_by_item(
        entity_id=entity_id, on=on, customer_ids={d.item.customer_id for d in drafts}, policy=policy
    )
    ids = bulk.reserve_ids(Dispute, len(drafts))
    rows = []
    for id_, draft in zip(ids, drafts, strict=True):
        item = draft.item
        refuse_too_much(
            asked=Money(draft.amount_minor, item.currency),
            open_now=Money(item.open_minor, item.currency),
            disputed=Money(min(taken.get(item.id, 0), item.open_minor), item.currency),
            number=item.number,
        )
        taken[item.id] = taken.get(item.id, 0) + draft.amount_minor
        owner, deadline_on = deadline(draft.reason, on, policy)
        rows.append(
            (
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
                actor,
                at.isoformat(),
            )
        )
    bulk.insert_rows(Dispute, rows)
    announce(event=DisputesOpened(entity_id, tuple(ids)), at=at)
    return list(ids)


@whole()
def close_dispute(
    *, dispute_id: int, verdict: str, credit_minor: int, on: date, actor: str, at: datetime
) -> Dispute:
    """Give a dispute its verdict; `credit_minor` is what a credit note is to take away.

    Refuses: DisputeUnknown, DisputeClosed. Announces: DisputeEnded.
    """
    row = Dispute.objects.select_for_update().filter(pk=dispute_id).first()
    if row is None:
        raise DisputeUnknown(
            f"There is no dispute {dispute_id}.",
            facts={"dispute": dispute_id},
            remedy="Look at `duly dispute list`.",
        )
    if row.verdict:
        raise DisputeClosed(
            f"Dispute {dispute_id} was closed as {row.verdict} on {row.closed_on}.",
            facts={"dispute": dispute_id, "verdict": row.verdict, "closed_on": row.closed_on},
            remedy="Open a new one if the customer objects again.",
        )
    row.verdict, row.closed_on = verdict, on
    row.credit_minor = min(credit_minor, row.amount_minor)
    row.save(update_fields=["verdict", "closed_on", "credit_minor"])
    record_changes(
        noun="dispute",
        changes=[(row.pk, {"verdict": ""}, {"verdict": verdict, "credit_minor": credit_minor})],
        author=Author(actor, at),
    )
    announce(event=DisputeEnded(row.entity_id, row.pk, verdict), at=at)
    return row
