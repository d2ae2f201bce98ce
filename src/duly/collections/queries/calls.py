"""Calls that were made, and those that are to be."""

from collections import defaultdict
from datetime import date

from duly.collections.models import Call, Task
from duly.collections.policy import ESCALATE

# Tasks that are done on the telephone.
CALL_KINDS = (
    "call",
    "call_again",
    "chargeback",
    "excuse",
    "payment_returned",
    "promise_broken",
    ESCALATE,
)


def calls_of(customer_id: int, limit: int) -> list[Call]:
    """The last calls to a customer that stand, the newest first."""
    rows = Call.objects.filter(customer_id=customer_id, taken_back_at=None)
    return list(rows.order_by("-called_on", "-pk")[:limit])


def calls_due(entity_id: int, on: date) -> dict[int, list[Task]]:
    """{customer: why it is to be called by a day, the earliest first}."""
    rows = Task.objects.filter(
        entity_id=entity_id, kind__in=CALL_KINDS, due_on__lte=on, done_at__isnull=True
    )
    found: dict[int, list[Task]] = defaultdict(list)
    for row in rows.order_by("due_on", "pk"):
        found[row.customer_id].append(row)
    return found
