"""Whether an application may be made.

Rule: never nothing or less, never more than is open, never more than the source holds (both on the
day asked for and on every later one), never before the money came in or the item was issued, only
in one currency; a discount only as the terms frozen on the item grant it (pains C3, H1, H2, H4).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import text_from_minor
from duly.receivables.errors import (
    AmountNotPositive,
    AppliedTooEarly,
    CurrencyDiffers,
    DiscountNotEarned,
    OverApplied,
)
from duly.receivables.rules.course import Course

LATE_DISCOUNT, BANK_FEE, TOLERANCE = "late_discount", "bank_fee", "tolerance"


class Wish(NamedTuple):
    """An application asked for: `discount_minor` is settled beside the cash, without cash.

    `let_go` is what policy lets pass beside it: (LATE_DISCOUNT, BANK_FEE or TOLERANCE, minor).
    """

    source_id: int
    item_id: int
    amount_minor: int
    applied_on: date
    discount_minor: int = 0
    let_go: tuple[tuple[str, int], ...] = ()

    @property
    def beside(self) -> tuple[tuple[str, int], ...]:
        """What is settled beside the cash: (reason, minor)."""
        earned = (("discount", self.discount_minor),) if self.discount_minor else ()
        return (*earned, *self.let_go)

    @property
    def settled_minor(self) -> int:
        """What goes off the item."""
        return self.amount_minor + sum(minor for _, minor in self.beside)


@dataclass(slots=True)
class ItemFacts:
    """An item as it stands while applications are judged; what is open goes down as they pass."""

    number: str
    currency: str
    issued_on: date
    open: Course
    discount_until: date | None
    discount: Course  # what the terms still grant


@dataclass(slots=True)
class SourceFacts:
    """A payment or credit note as it stands while applications are judged."""

    number: str
    currency: str
    on: date
    left: Course  # without what refunds wait for
    reserved_minor: int = 0


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
    least = min([wish.amount_minor, *(minor for _, minor in wish.beside)])
    if least <= 0:
        return AmountNotPositive(
            f"{shown(least)} is nothing to apply.",
            facts=facts,
            remedy="Apply more than zero; what was applied is taken back by un-applying it.",
        )
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
    settled = wish.settled_minor
    told = _shortage(settled, item.open, wish.applied_on, shown, f"is open on {item.number}")
    told = told or _shortage(
        wish.amount_minor, source.left, wish.applied_on, shown, f"is left of {source.number}"
    )
    if told is not None:
        if source.reserved_minor > 0 and settled <= item.open.least_from(wish.applied_on):
            why = f" {shown(source.reserved_minor)} of it wait to be refunded."
            told = (told[0] + why, told[1] | {"reserved": shown(source.reserved_minor)}, told[2])
        return OverApplied(told[0], facts=facts | told[1], remedy=told[2])
    if wish.discount_minor:
        refused = _discount_refusal(wish, item, source, shown)
        if refused is not None:
            return DiscountNotEarned(
                refused,
                facts=facts,
                remedy="Leave it open, or give it as a credit note.",
            )
        item.discount.use(wish.applied_on, wish.discount_minor)
    item.open.use(wish.applied_on, settled)
    source.left.use(wish.applied_on, wish.amount_minor)
    return None


def _shortage(
    minor: int, course: Course, on: date, shown: Callable[[int], str], what: str
) -> tuple[str, dict[str, object], str] | None:
    """(message, facts, remedy) where a day falls short of an amount, or None."""
    least = course.least_from(on)
    if minor <= least:
        return None
    later = course.first_day(minor, since=on)
    if later is None:
        left = course.left_minor
        return (
            f"{shown(minor)} is more than {what}: {shown(left)}.",
            {"left": shown(left)},
            "Apply what is left, and leave the rest on account.",
        )
    return (
        f"{shown(minor)} is more than {what} on every day since {on}: at the least {shown(least)}. "
        f"What was taken back on {later} counts from that day on.",
        {"left": shown(least), "earliest": later.isoformat()},
        f"Apply it on {later} or later.",
    )


def _discount_refusal(
    wish: Wish, item: ItemFacts, source: SourceFacts, shown: Callable[[int], str]
) -> str | None:
    """Why the discount is not earned, or None. The day the money came in decides."""
    if item.discount_until is None:
        return f"The terms of {item.number} grant no discount."
    if source.on > item.discount_until:
        return (
            f"The discount on {item.number} ended on {item.discount_until}; "
            f"the money came on {source.on}."
        )
    left = item.discount.least_from(wish.applied_on)
    if wish.discount_minor > left:
        return f"The terms of {item.number} grant {shown(left)} of discount, not more."
    return None
