"""Say that money is no customer's, or that it is after all."""

from collections.abc import Collection
from datetime import datetime

from duly.cash_application.actions.suggestions import drop_suggestions
from duly.cash_application.models import SetAside
from duly.receivables.queries import payments_standing
from duly.storage.among import among
from duly.storage.writing import whole


@whole()
def set_aside_payments(
    *, entity_id: int, payment_ids: Collection[int], reason: str, actor: str, at: datetime
) -> int:
    """Set payments aside as no receivables; return how many were not before.

    They stay money not applied, are proposed for nothing and told as set aside. Refuses:
    PaymentUnknown.
    """
    there = payments_standing(entity_id, payment_ids)
    before = SetAside.objects.filter(payment_id__in=among(there), ended_at=None)
    new = sorted(there - set(before.values_list("payment_id", flat=True)))
    SetAside.objects.bulk_create(
        SetAside(
            entity_id=entity_id, payment_id=pk, reason=reason[:300], actor=actor, recorded_at=at
        )
        for pk in new
    )
    drop_suggestions(new)
    return len(new)


@whole()
def take_up_payments(
    *, entity_id: int, payment_ids: Collection[int], actor: str, at: datetime
) -> int:
    """Take payments up again that were set aside; return how many."""
    rows = SetAside.objects.filter(
        entity_id=entity_id, payment_id__in=among(payment_ids), ended_at=None
    )
    return rows.update(ended_by=actor, ended_at=at)
