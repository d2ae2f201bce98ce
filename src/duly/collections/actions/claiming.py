"""What is to be done of a customer under a stay: its claim goes to the proceedings."""

from collections.abc import Collection
from datetime import date

from duly.collections.actions.queueing import TaskDraft
from duly.collections.models import Block
from duly.collections.queries.stays import told_of_stays
from duly.kernel.ids import digest

CLAIM = "proof_of_claim"  # a kind of task


def claim_tasks(entity_id: int, stays: Collection[Block], on: date) -> list[TaskDraft]:
    """One task for each stay, however much is missed under it; none where an excuse raised one."""
    told = told_of_stays(entity_id, stays)
    return [
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
