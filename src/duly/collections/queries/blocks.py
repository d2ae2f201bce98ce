"""Blocks that hold on a day: why somebody is not asked, or what of them is not asked for."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from duly.collections.models import Block
from duly.storage.among import among


def blocks_on(
    entity_id: int, on: date, customer_ids: Collection[int] | None = None
) -> QuerySet[Block]:
    """Those in force on a day, of all customers or of some; of whole customers and of items."""
    rows = Block.objects.filter(entity_id=entity_id, from_on__lte=on, ended_at=None)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return rows.exclude(until_on__lt=on)


def whole_stays_on(
    entity_id: int, on: date, customer_ids: Collection[int] | None = None
) -> QuerySet[Block]:
    """The legal and insolvency stays of whole customers in force on a day."""
    return blocks_on(entity_id, on, customer_ids).filter(kind="legal", item_id=None)
