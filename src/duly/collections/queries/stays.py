"""Customers under a legal or insolvency stay: nothing may be asked of them, by anybody."""

from collections.abc import Collection
from datetime import date

from duly.collections.models import Block, ExcuseTold
from duly.collections.queries.blocks import whole_stays_on
from duly.collections.queries.excuses import excuses_of
from duly.storage.among import among


def stays_on(entity_id: int, on: date, customer_ids: Collection[int]) -> dict[int, Block]:
    """{customer: the stay that it is under on a day}, of some customers. One query."""
    rows = whole_stays_on(entity_id, on, customer_ids)
    return {row.customer_id: row for row in rows.order_by("pk")}


def told_of_stays(entity_id: int, stays: Collection[Block]) -> set[int]:
    """Customers of whose stay an excuse told: its task asks for the proof of claim already."""
    if not stays:
        return set()
    codes = [code for code, one in excuses_of(entity_id).items() if one.stop]
    since = {row.customer_id: row.from_on for row in stays}
    rows = ExcuseTold.objects.filter(
        entity_id=entity_id, customer_id__in=among(since), code__in=codes
    )
    return {pk for pk, on in rows.values_list("customer_id", "told_on") if on >= since[pk]}
