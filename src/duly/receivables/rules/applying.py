"""Whether an application may be made.

Rule: never more than is open, never more than the source holds, never before the money came in
or the item was issued, only in one currency; a discount only as the terms frozen on the item
grant it (pains C3, H1, H2, H4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import text_from_minor
from duly.receivables.errors import (
    AppliedTooEarly,
    CurrencyDiffers,
    DiscountNotEarned,
    OverApplied,
)


class Wish(NamedTuple):
    """An application asked for: `discount_minor` is settled beside the cash, without cash."""

    source_id: int
    item_id: int
    amount_minor: int
    applied_on: date
    discount_minor: int = 0


@dataclass(slots=True)
class ItemFacts:
    """An item as it stands while applications are judged; `open_minor` goes down as they pass."""

    number: str
    currency: str
    issued_on: date
    open_minor: int
    amount_minor: int
    discount_until: date | None
    discount_left_minor: int


@dataclass(slots=True)
class SourceFacts:
    """A payment or credit note as it stands while applications are judged."""

    number: str
    currency: str
    on: date
    left_minor: int


def judge(
    wishes: Iterable[Wish], items: dict[int, ItemFacts], sources: dict[int, SourceFacts]
) -> list[DulyError | None]:
    """For each application asked for, in order, the refusal that stops it, or None.

    What passes is taken off the items and sources, so that a batch can't apply more than there is
    by asking twice.
    """
    return [_judge_one(wish, items[wish.item_id], sources[wish.source_id]) for wish in wishes]


def _judge_one(wish: Wish, item: ItemFacts, source: SourceFacts) -> DulyError | None:
    def shown(minor: int) -> str:
        return f"{text_from_minor(minor, exponent(item.currency))} {item.currency}"

    facts: dict[str, object] = {"item": item.number, "source": source.number}
    if item.currency != source.currency:
        return CurrencyDiffers(
            f"{source.number} is in {source.currency}, {item.number} in {item.currency}.",
            facts=facts,
            remedy=f"Apply it to an item in {source.currency}.",
        )
    earliest = max(item.issued_on, source.on)
    if wish.applied_on < earliest:
        return AppliedTooEarly(
            f"{source.number} can't be applied to {item.number} on {wish.applied_on}: "
            f"both are there only since {earliest}.",
            facts={**facts, "earliest": earliest.isoformat()},
            remedy=f"Apply it on {earliest} or later.",
        )
    settled = wish.amount_minor + wish.discount_minor
    if settled > item.open_minor:
        return OverApplied(
            f"{shown(settled)} is more than is open on {item.number}: {shown(item.open_minor)}.",
            facts={**facts, "open": shown(item.open_minor)},
            remedy="Apply what is open, and leave the rest on account.",
        )
    if wish.amount_minor > source.left_minor:
        return OverApplied(
            f"{shown(wish.amount_minor)} is more than is left of {source.number}: "
            f"{shown(source.left_minor)}.",
            facts={**facts, "left": shown(source.left_minor)},
            remedy="Apply what is left.",
        )
    if wish.discount_minor:
        told = _discount_refusal(wish, item, source, shown(item.discount_left_minor))
        if told is not None:
            return DiscountNotEarned(
                told,
                facts=facts,
                remedy="Leave it open, or give it as a credit note.",
            )
        item.discount_left_minor -= wish.discount_minor
    item.open_minor -= settled
    source.left_minor -= wish.amount_minor
    return None


def _discount_refusal(wish: Wish, item: ItemFacts, source: SourceFacts, left: str) -> str | None:
    """Why the discount is not earned, or None. The day the money came in decides."""
    if item.discount_until is None:
        return f"The terms of {item.number} grant no discount."
    if source.on > item.discount_until:
        return (
            f"The discount on {item.number} ended on {item.discount_until}; "
            f"the money came on {source.on}."
        )
    if wish.discount_minor > item.discount_left_minor:
        return f"The terms of {item.number} grant {left} of discount, not more."
    return None
