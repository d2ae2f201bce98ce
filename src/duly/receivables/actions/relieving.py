"""Take finance charges off: given up, or taken back as wrong."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.ledger.actions import Recorder
from duly.receivables.actions.settling import Settlement, write_settlements
from duly.receivables.errors import OverApplied
from duly.receivables.queries.standing import courses_of_items, items_of


class ReliefDraft(NamedTuple):
    """So much of the item of a charge goes; `reason` is CHARGE_WAIVED or CHARGE_REVERSED."""

    item_id: int
    minor: int
    reason: str


def relieve_charges(
    *, recorder: Recorder, entity_id: int, drafts: Sequence[ReliefDraft], on: date
) -> range:
    """Take amounts off the items of finance charges, on a day; return the applications' ids.

    Posts: finance charge income / receivable. Refuses: ItemUnknown, OverApplied, PeriodLocked.
    """
    items = items_of(entity_id, {draft.item_id for draft in drafts})
    courses = courses_of_items(items, after=on)
    settlements = []
    for item_id, minor, reason in drafts:
        item, course = items[item_id], courses[item_id]
        if minor <= 0 or on < item.issued_on or course.first_day(minor, since=on) != on:
            raise OverApplied(
                "More would be taken off a charge than is open of it on that day.",
                facts={"item": item_id, "asked_minor": minor, "open_minor": item.open_minor},
                remedy="Look at what is open of it, and take back what was paid first.",
            )
        course.use(on, minor)
        settlements.append(
            Settlement.of_item(
                reason,
                item_id,
                item.customer_id,
                item.currency,
                minor,
                on.isoformat(),
                item.issued_on.isoformat(),
                item.due_on.isoformat(),
            )
        )
    return write_settlements(recorder, entity_id, settlements)
