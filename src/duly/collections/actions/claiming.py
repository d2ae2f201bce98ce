"""What is to be done of a customer under a stay: its claim goes to the proceedings."""

from collections.abc import Collection
from datetime import date, datetime

from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.models import Block
from duly.collections.queries.stays import told_of_stays
from duly.kernel.ids import digest
from duly.storage.writing import whole

CLAIM = "proof_of_claim"  # a kind of task


@whole()
def raise_claims(
    *, entity_id: int, stays: Collection[Block], on: date, actor: str, at: datetime
) -> None:
    """Raise one task a stay, however much is missed under it; none where an excuse did."""
    told = told_of_stays(entity_id, stays)
    drafts = [
        TaskDraft(
            row.customer_id,
            digest(CLAIM, str(row.pk)),
            CLAIM,
            f"Under a stay ({row.reason}): ask for nothing, file the proof of claim.",
            on,
        )
        for row in stays
        if row.customer_id not in told
    ]
    raise_tasks(entity_id=entity_id, drafts=drafts, actor=actor, at=at)
