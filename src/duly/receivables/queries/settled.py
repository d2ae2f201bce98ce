"""What became of some items up to a day: what is open of them, and what came in as money."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from duly.receivables.models import Application, Item
from duly.storage.among import among


class Settled(NamedTuple):
    """An item on a day: what is open, and (day, minor units) of money applied, taken back too."""

    open_minor: int
    money: list[tuple[date, int]]


def settled_by(item_ids: Collection[int], on: date) -> dict[int, Settled]:
    """{item: what became of it up to a day}."""
    items = Item.objects.filter(pk__in=among(item_ids)).values_list("pk", "amount_minor")
    open_: dict[int | None, int] = dict(items)
    money: dict[int | None, list[tuple[date, int]]] = {pk: [] for pk in open_}
    rows = Application.objects.filter(item_id__in=among(item_ids), applied_on__lte=on)
    for item_id, payment_id, applied_on, minor in rows.order_by("pk").values_list(
        "item_id", "payment_id", "applied_on", "amount_minor"
    ):
        open_[item_id] -= minor
        if payment_id is not None:
            money[item_id].append((applied_on, minor))
    return {pk: Settled(open_[pk], money[pk]) for pk in open_ if pk is not None}
