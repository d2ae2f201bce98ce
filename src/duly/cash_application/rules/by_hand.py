"""From what a person chose on a page to the lines of a match, and what is carved out of items.

Rule: of each item some is paid; of what is short nothing is said (it stays open), or it is a
discount that the terms grant, bank charges, a small difference, or a deduction that is disputed.
Money may not be spent twice, and credit notes not beyond the items they are netted with.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from duly.cash_application.errors import ChangedMeanwhile, MatchUnclear
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.residuals import (
    BANK_FEE,
    DISCOUNT,
    SETTLED,
    TOLERANCE,
    Line,
    Terms,
    is_earned,
)
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor

DEDUCTION = "deduction"
KINDS = (DISCOUNT, BANK_FEE, TOLERANCE, DEDUCTION)


class Choice(NamedTuple):
    """What of an item is paid, and what the rest is: {kind: minor units}; the others stay open."""

    item_id: int
    paid_minor: int
    rest: Mapping[str, int] = {}


class Chosen(NamedTuple):
    """The lines of a match, and what is to be disputed: (item, minor units)."""

    lines: tuple[Line, ...]
    deductions: tuple[tuple[int, int], ...]

    @property
    def cash_minor(self) -> int:
        """What of the money goes to items."""
        return sum(line.minor for line in self.lines if line.reason == SETTLED)


def read_choices(
    choices: Sequence[Choice], items: Mapping[int, OpenItem], left_minor: int, terms: Terms
) -> Chosen:
    """The lines that a person's choices make. Refuses: MatchUnclear.

    Input: `items` as they are open now, and what is left of the payment.
    """
    lines: list[Line] = []
    deductions: list[tuple[int, int]] = []
    for one in choices:
        item = items[one.item_id]
        _refuse_item(one, item, terms)
        lines.append(Line(item.id, one.paid_minor))
        lines += [
            Line(item.id, minor, kind)
            for kind, minor in one.rest.items()
            if minor and kind != DEDUCTION
        ]
        if one.rest.get(DEDUCTION):
            deductions.append((item.id, one.rest[DEDUCTION]))
    chosen = Chosen(tuple(lines), tuple(deductions))
    currency = next(iter(items.values())).currency if items else ""
    if chosen.cash_minor > left_minor:
        over = _shown(chosen.cash_minor - left_minor, currency)
        raise _unclear(
            f"That is {over} more than the payment has left.", "Lower an amount, or drop an item."
        )
    if chosen.cash_minor < 0:
        raise _unclear(
            "The credit notes chosen come to more than the items beside them.",
            "Choose items that they are netted with.",
        )
    return chosen


def refuse_changed(
    seen: Collection[tuple[int, int]], now: Mapping[int, int], *, is_same_payment: bool
) -> None:
    """Refuse what was decided of items that are open to other amounts now, or of other money.

    Input: {item: minor units open}, as seen and as it is. Refuses: ChangedMeanwhile.
    """
    changed = [item_id for item_id, minor in seen if now.get(item_id) != minor]
    if changed or not is_same_payment:
        raise ChangedMeanwhile(
            "The payment, or an item of the payer, changed while you looked.",
            facts={"items": changed},
            remedy="Nothing was applied. Look at it as it is now, and decide again.",
        )


def _refuse_item(one: Choice, item: OpenItem, terms: Terms) -> None:
    """Refuses: MatchUnclear."""
    paid, rest = one.paid_minor, sum(one.rest.values())
    if item.open_minor < 0:
        if not item.open_minor <= paid < 0 or rest:
            raise _unclear(
                f"Of credit note {item.number} {_shown(item.open_minor, item.currency)} is open.",
                "Net some of that, or nothing.",
            )
        return
    if paid <= 0 or paid + rest > item.open_minor:
        raise _unclear(
            f"Of {item.number} {_shown(item.open_minor, item.currency)} is open: "
            f"{_shown(paid + rest, item.currency)} doesn't fit.",
            "Enter more than zero, and at most what is open.",
        )
    taken = one.rest.get(DISCOUNT, 0)
    if taken and not (is_earned(item, terms) and taken <= item.discount_minor):
        granted = _shown(item.discount_minor, item.currency)
        told = f"until {item.discount_until}" if item.discount_until else "at no time"
        raise _unclear(
            f"The terms of {item.number} grant {granted} of discount, {told}, and "
            f"{terms.policy.discount_grace_days} days of grace: not {_shown(taken, item.currency)}"
            f" for money of {terms.on}.",
            "Leave it open, or carve it out as a deduction.",
        )


def _shown(minor: int, currency: str) -> str:
    return f"{text_from_minor(minor, exponent(currency))} {currency}"


def _unclear(what: str, remedy: str) -> MatchUnclear:
    return MatchUnclear(what, remedy=remedy)
