"""Money by days: what came in, and what falls due."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Sum

from duly.receivables.models import OpenDay, Payment


def received_between(*, entity_id: int, currency: str, first: date, last: date) -> int:
    """Minor units of money that came in on the days of a window."""
    rows = Payment.objects.filter(
        entity_id=entity_id, currency=currency, received_on__range=(first, last), is_void=False
    )
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def falls_due(*, entity_id: int, currency: str, windows: Sequence[tuple[date, date]]) -> list[int]:
    """Minor units of open invoices that fall due in each window."""
    if not windows:
        return []
    rows = OpenDay.objects.filter(
        entity_id=entity_id,
        currency=currency,
        side="due",
        on__range=(windows[0][0], windows[-1][1]),
    ).values_list("on", "amount_minor")
    found = list(rows)
    return [sum(minor for on, minor in found if first <= on <= last) for first, last in windows]
