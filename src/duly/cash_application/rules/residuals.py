"""What explains the difference between what some items are open and what was paid for them.

Rule, in this order: none; discounts still earned; charges that banks keep, with or without those
discounts; all discounts, though some are late; a small difference that policy lets pass; a short
pay of a single item. What is not earned stays open or is carved out, as policy says.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.cash_application.policy import CARVE, MatchingPolicy
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.meeting import meeting
from duly.cash_application.rules.proof import RIVAL_PPM, chance_ppm, grain_of
from duly.cash_application.rules.subsets import sums_to

SETTLED, DISCOUNT, BANK_FEE, SHORT_PAY, TOLERANCE = (
    "settled", "discount", "bank_fee", "short_pay", "tolerance",
)  # fmt: skip
_MOST_CHANCE_PPM = 50_000  # that a percentage of some item makes a difference by chance
_SELDOM = 100  # times as seldom as from one item a percentage is kept from several
_RARE_PPM = 20_000  # as seldom as that other deductions may be left out of account
EXACT, UNEARNED, DEDUCTED = "exact", "unearned", "deducted"
Kept = tuple[tuple[int, int], ...]  # (item, what was kept back of it)


class Line(NamedTuple):
    """What is done to an item: `minor` of it is settled, by cash or for another reason."""

    item_id: int
    minor: int
    reason: str = SETTLED
    why: str = ""  # of a short pay: the payer's own reason, where an advice tells it


class Fit(NamedTuple):
    """How items and an amount go together: by what kind of difference, and the lines it makes."""

    kind: str
    lines: tuple[Line, ...]
    difference: int = 0


class Terms(NamedTuple):
    """What a payer may take off: when they paid, from where, and the policy."""

    on: date
    policy: MatchingPolicy
    pays_from_abroad: bool = False

    @property
    def charges(self) -> tuple[int, ...]:
        """Charges to reckon with though no item is named: those of payers from abroad alone."""
        return self.policy.charges_minor if self.pays_from_abroad else ()


def is_earned(item: OpenItem, terms: Terms) -> bool:
    """Tell whether the discount of an item may still be taken."""
    grace = timedelta(days=terms.policy.discount_grace_days)
    return (
        item.discount_minor > 0
        and item.discount_until is not None
        and terms.on <= item.discount_until + grace
    )


def amounts_of(item: OpenItem, terms: Terms) -> tuple[int, ...]:
    """What may be paid on an item: all of it, or less an earned discount."""
    if is_earned(item, terms):
        return (item.open_minor, item.open_minor - item.discount_minor)
    return (item.open_minor,)


def fit(items: Sequence[OpenItem], minor: int, terms: Terms) -> Fit | None:
    """How a payment settles all of these items; nothing where no rule explains the difference."""
    short = sum(item.open_minor for item in items) - minor
    if short == 0:
        return Fit(EXACT, _lines(items, terms, {}))
    if short < 0 or not items:
        return None
    earned = [item for item in items if is_earned(item, terms)]
    late = [item for item in items if item.discount_minor > 0 and item not in earned]
    in_time = [i for i in earned if i.discount_until and terms.on <= i.discount_until]
    if sum(item.discount_minor for item in in_time) == short:
        less = {item.id: {DISCOUNT: item.discount_minor} for item in in_time}
        return Fit(DISCOUNT, _lines(items, terms, less), short)
    taken = _discounts(earned, short)
    if taken and _is_ambiguous(taken, [*earned, *late], short):
        return None
    if taken:
        return Fit(DISCOUNT, _lines(items, terms, {i.id: {DISCOUNT: m} for i, m in taken}), short)
    return (
        _charged(items, earned, short, terms)
        or _unearned(items, earned, late, short, terms)
        or _deducted(items, earned, short, terms)
        or _tolerated(items, short, minor, terms)
        or _short_pay(items, short, minor, terms)
    )


def _discounts(
    earned: Sequence[OpenItem], short: int, tries: int = 1
) -> list[tuple[OpenItem, int]]:
    """The discounts that make up a difference, where just one set of them does, hardly by chance.

    Input: `tries`, how many differences would have been taken for it.
    """
    if sum(item.discount_minor for item in earned) == short:
        return [(item, item.discount_minor) for item in earned]
    only = sums_to(short, [(item.discount_minor,) for item in earned]).only if earned else None
    taken = [(earned[n], minor) for n, minor in only or ()]
    few = min(len(taken), len(earned) - len(taken))
    steps = short // grain_of(short, [item.discount_minor for item in earned])
    is_chance = chance_ppm(len(earned), few, steps, tries) > _MOST_CHANCE_PPM
    return [] if is_chance else taken


def _is_ambiguous(
    taken: Sequence[tuple[OpenItem, int]], discounts: Sequence[OpenItem], short: int
) -> bool:
    """Other discounts, late ones too, may be what was taken."""
    if len(taken) == len(discounts):
        return False
    return sums_to(short, [(item.discount_minor,) for item in discounts]).only is None


def _charged(
    items: Sequence[OpenItem], earned: Sequence[OpenItem], short: int, terms: Terms
) -> Fit | None:
    """A known charge was kept on the way; it is booked on the largest item."""
    largest = max(items, key=lambda item: item.open_minor)
    if len(items) == 1 and not terms.pays_from_abroad:
        return None
    for with_discounts in (False, True) if earned else (False,):
        off = sum(item.discount_minor for item in earned) if with_discounts else 0
        if short - off in terms.policy.charges_minor and largest.open_minor > short:
            less = {item.id: {DISCOUNT: item.discount_minor} for item in earned if with_discounts}
            less.setdefault(largest.id, {})[BANK_FEE] = short - off
            return Fit(BANK_FEE, _lines(items, terms, less), short)
    return None


def _unearned(
    items: Sequence[OpenItem],
    earned: Sequence[OpenItem],
    late: Sequence[OpenItem],
    short: int,
    terms: Terms,
) -> Fit | None:
    """Discounts were taken though it is too late for some; a charge may come on top."""
    discounts = [*earned, *late]
    for charge in (0, *terms.policy.charges_minor) if late else ():
        tries = 1 + len(terms.policy.charges_minor)
        taken = _discounts(discounts, short - charge, tries) if short > charge else []
        if taken:
            less = {i.id: {DISCOUNT if i in earned else SHORT_PAY: m} for i, m in taken}
            if charge:
                largest = max(items, key=lambda item: item.open_minor)
                less.setdefault(largest.id, {})[BANK_FEE] = charge
            return Fit(UNEARNED, _lines(items, terms, less), short)
    return None


def _deducted(
    items: Sequence[OpenItem], earned: Sequence[OpenItem], short: int, terms: Terms
) -> Fit | None:
    """A usual percentage was kept back from some of several items, told by the amount alone."""
    owed = [item for item in items if item.open_minor > 0]
    if len(owed) < 2:
        return None
    off = sum(item.discount_minor for item in earned)
    goals = {short - rest: rest for rest in (*terms.charges, off, 0) if short > rest}
    ways = len(terms.policy.deduction_percents) * (2 + len(terms.charges))
    steps = short // grain_of(short, [item.open_minor for item in owed])
    size = _telling(len(owed), ways, steps, terms.policy.other_deductions_ppm)
    found: set[tuple[Kept, int]] = set()
    amounts = sorted(item.open_minor for item in owed)
    for percent in terms.policy.deduction_percents if size else ():
        if size == 1 and not any(_is_part(part, percent, amounts) for part in goals):
            continue
        choices = [parts_of(item, percent) for item in owed]
        parts = [one for some in choices for one in some]
        for part, rest in goals.items():
            if not meeting(part, parts, size):
                continue
            sums = sums_to(part, choices, most=size)
            if len(sums.sets) > 1 or not sums.is_complete:
                return None
            found |= {(tuple((owed[n].id, kept) for n, kept in one), rest) for one in sums.sets}
    if len(found) != 1:
        return None
    kept, rest = found.pop()
    less = {one.id: {DISCOUNT: one.discount_minor} for one in earned if rest and rest == off}
    if rest and rest != off:
        largest = max(items, key=lambda item: item.open_minor)
        less.setdefault(largest.id, {})[BANK_FEE] = rest
    for item_id, part in kept:
        less.setdefault(item_id, {})[SHORT_PAY] = part
    return Fit(DEDUCTED, _lines(items, terms, less), short)


def _telling(count: int, ways: int, steps: int, others_ppm: int) -> int:
    """From how many of some items a percentage may have been kept, and still be told by its sum.

    The rarer other deductions are in these books, the more may be chance.
    """
    most_ppm = min(RIVAL_PPM, _MOST_CHANCE_PPM * 400_000 // max(others_ppm, 1))
    size = 0
    while size < count:
        together = _SELDOM ** min(size, 1) if others_ppm > _RARE_PPM else 1
        if chance_ppm(count, size + 1, steps, ways * together) > most_ppm:
            break
        size += 1
    return size


def parts_of(item: OpenItem, percent: int) -> tuple[int, ...]:
    """A percentage of what is open, rounded either way."""
    down, up = item.open_minor * percent // 100, -(-item.open_minor * percent // 100)
    return tuple({part for part in (down, up) if part > 0})


def is_usual(items: Sequence[OpenItem], short: int, terms: Terms) -> bool:
    """Tell whether a difference is a usual percentage of one of some items."""
    if short <= 0:
        return False
    times = 100 * short  # which is the percentage of an amount, rounded either way
    return any(
        abs(item.open_minor * percent - times) < 100
        for percent in terms.policy.deduction_percents
        for item in items
        if item.open_minor > 0
    )


def _is_part(part: int, percent: int, amounts: Sequence[int]) -> bool:
    """A part is a percentage of one of some amounts in order."""
    low, high = wholes_of(part, percent)
    place = bisect_left(amounts, low)
    return place < len(amounts) and amounts[place] <= high


def wholes_of(part: int, percent: int) -> tuple[int, int]:
    """Of what amounts, from and to, a part is a percentage, rounded either way.

    >>> wholes_of(1_401, 2), wholes_of(1, 2)
    ((70001, 70099), (1, 99))
    """
    return max(1, 100 * (part - 1) // percent + 1), -(-100 * (part + 1) // percent) - 1


def deducted(items: Sequence[OpenItem], kept: Kept, terms: Terms) -> Fit:
    """What was kept back from some of the items, as it was told."""
    less = {item_id: {SHORT_PAY: part} for item_id, part in kept}
    return Fit(DEDUCTED, _lines(items, terms, less), sum(part for _, part in kept))


def _tolerated(items: Sequence[OpenItem], short: int, minor: int, terms: Terms) -> Fit | None:
    policy = terms.policy
    if short > policy.tolerance_minor or short * 100 > minor * policy.tolerance_percent:
        return None
    largest = max(items, key=lambda item: item.open_minor)
    return Fit(TOLERANCE, _lines(items, terms, {largest.id: {TOLERANCE: short}}), short)


def _short_pay(items: Sequence[OpenItem], short: int, minor: int, terms: Terms) -> Fit | None:
    owed = [item for item in items if item.open_minor > 0]
    if len(owed) != 1 or minor <= 0:
        return None
    return Fit(SHORT_PAY, _lines(items, terms, {owed[0].id: {SHORT_PAY: short}}), short)


def _lines(
    items: Sequence[OpenItem], terms: Terms, less: dict[int, dict[str, int]]
) -> tuple[Line, ...]:
    """Cash for each item, less what is let go; short pays make a line only where carved out."""
    lines = []
    for item in items:
        reasons = less.get(item.id, {})
        lines.append(Line(item.id, item.open_minor - sum(reasons.values())))
        lines += [
            Line(item.id, minor, reason)
            for reason, minor in reasons.items()
            if reason != SHORT_PAY or terms.policy.short_pays == CARVE
        ]
    return tuple(lines)
