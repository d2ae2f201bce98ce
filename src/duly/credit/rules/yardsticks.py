"""What a ratio reads as: by a yardstick of its trade, of our own customers, or by rule of thumb.

A yardstick is three figures of many firms: a quarter of them lies below `low`, half below `median`,
three quarters below `high`. Duly comes with none of any trade; whoever has one gives it, with its
source. The rules of thumb are those of docs/credit.md.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.ratios import AMOUNT, FORMULAS, Ratio

GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", ""
FEWEST = 5  # firms of which a median says something
LESS_IS_BETTER = frozenset(
    {
        "debt_to_equity",
        "liabilities_to_tangible_net_worth",
        "debt_ratio",
        "dso",
        "dio",
        "dpo",
        "cash_cycle",
    }
)
_STEADY = Decimal("0.02")  # of the year before: less is no trend


class Yardstick(NamedTuple):
    """How many firms stand in one ratio, and who says so."""

    ratio: str
    low: Decimal
    median: Decimal
    high: Decimal
    source: str
    segment: str = ""


class Reading(NamedTuple):
    """What a value reads as, and by what."""

    tone: str
    text: str
    source: str = ""


class Trend(NamedTuple):
    """Where a ratio goes: "up", "down" or "steady", and whether that is for the better."""

    way: str
    is_better: bool | None


def reading(ratio: Ratio, earlier: Ratio | None, yardstick: Yardstick | None) -> Reading:
    """What a ratio reads as: by the yardstick where there is one."""
    if ratio.value is None:
        code = ratio.problem.code if ratio.problem else ""
        if code == "NEGATIVE_EQUITY":
            return Reading(BAD, "Nothing of their own: the worst")
        return Reading(PLAIN, ratio.problem.message if ratio.problem else "")
    if yardstick is not None:
        return _by(yardstick, ratio.formula.id, ratio.value)
    return _by_thumb(ratio.formula.id, ratio.value, trend(ratio, earlier))


def _by(yardstick: Yardstick, name: str, value: Decimal) -> Reading:
    is_less = name in LESS_IS_BETTER
    worst, best = (
        (value > yardstick.high, value < yardstick.low)
        if is_less
        else (value < yardstick.low, value > yardstick.high)
    )
    if worst:
        return Reading(BAD, "In the worst quarter", yardstick.source)
    if best:
        return Reading(GOOD, "In the best quarter", yardstick.source)
    is_better = value <= yardstick.median if is_less else value >= yardstick.median
    text = "Better than most" if is_better else "Worse than most"
    return Reading(GOOD if is_better else WARN, text, yardstick.source)


def _by_thumb(name: str, value: Decimal, went: Trend | None) -> Reading:
    if name == "current_ratio":
        return Reading(GOOD, "Above 1") if value >= 1 else Reading(BAD, "Under 1: weak")
    if name == "quick_ratio":
        return Reading(PLAIN, "About 1 is comfortable")
    if name == "debt_to_equity":
        return Reading(WARN, "Over 3: stretched") if value > 3 else Reading(GOOD, "Under 3")
    if name == "interest_cover":
        if value < Decimal("1.5"):
            return Reading(BAD, "Under 1.5: danger")
        return Reading(GOOD, "Over 3") if value >= 3 else Reading(WARN, "1.5 to 3")
    if name == "dpo" and went is not None and went.way == "up":
        return Reading(WARN, "Rising: pays others later")
    if name == "tangible_net_worth":
        told = "Base of one limit" if value > 0 else "Nothing to stand on"
        return Reading(PLAIN if value > 0 else BAD, told)
    return Reading(PLAIN, "")


def trend(ratio: Ratio, earlier: Ratio | None) -> Trend | None:
    """Where a ratio went since the year before; None where it is not known."""
    if earlier is None or ratio.value is None or earlier.value is None:
        return None
    change = ratio.value - earlier.value
    if abs(change) <= _STEADY * abs(earlier.value):
        return Trend("steady", None)
    return Trend(
        "up" if change > 0 else "down", (change > 0) != (ratio.formula.id in LESS_IS_BETTER)
    )


def yardsticks_of(firms: Sequence[Mapping[str, Ratio]], source: str) -> dict[str, Yardstick]:
    """The yardsticks that some firms make themselves; none of fewer than five with a value.

    Quartiles are by the nearest rank, so that each is the ratio of a firm.
    """
    found = {}
    for formula in FORMULAS:
        if formula.kind == AMOUNT:  # firms of several sizes, in several currencies
            continue
        values = sorted(
            firm[formula.id].value  # type: ignore[type-var]
            for firm in firms
            if firm[formula.id].value is not None
        )
        if len(values) >= FEWEST:
            low, median, high = (
                values[-(-len(values) * quarter // 4) - 1] for quarter in (1, 2, 3)
            )
            told = f"{source} ({len(values)} firms)"
            found[formula.id] = Yardstick(formula.id, low, median, high, told)  # type: ignore[arg-type]
    return found
