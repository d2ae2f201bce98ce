"""What a payment is for that names no item: the amount alone speaks, and when the payer pays.

Rule: the one set of items that makes the amount, discounts and charges reckoned with. Of several
sets the one that this customer would pay by now, as they have always paid. Without any, one item
or what is paid by custom, less a usual percentage of one item, by far too few to be chance.
"""

from collections.abc import Callable

from duly.cash_application.rules.explanation import (
    CERTAIN,
    SUM,
    Explanation,
    Question,
    Search,
    has_twin,
    is_early,
    paid_by_now,
)  # fmt: skip
from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.meeting import meeting
from duly.cash_application.rules.proof import chance_ppm, customary, grain_of, telling_size
from duly.cash_application.rules.residuals import Kept, Terms, deducted, fit, is_usual, parts_of
from duly.cash_application.rules.subsets import sums_to

_APART_DAYS = 4
_MOST_CHANCE_PPM = 10_000  # that a percentage makes the amount by chance
_MOST_AMOUNTS = 200  # of items, whole and less percentages, that are looked at together
_MOST_OF_SEVERAL_PPM = 5_000  # the same, where nothing says how many items are paid


def summed(asked: Question) -> Explanation | None:
    """The sets of items that make the amount, with a charge where one may be."""
    found = Search(asked)
    charges = (0, *asked.terms.charges)
    for charge in charges:
        found.look(asked.payment.minor + charge, asked.own, len(charges))
    minor = asked.payment.minor
    most = minor + sum(item.discount_minor for item in asked.own) + max(charges)
    usual, count = customary(asked.own, minor, most)
    alone = chance_ppm(count, 1, minor, len(charges))
    together = chance_ppm(count, 1, _steps(asked), len(charges))
    for items in usual:
        fits = fit(items, minor, asked.terms)
        if fits and fits.kind in CERTAIN and not has_twin(items, asked.own):
            found.add(items, together if len(items) > 1 else alone)
    return found.explained(SUM, "")


def kept_back(asked: Question) -> Explanation | None:
    """A usual percentage of one item is missing of it alone, or of what is paid by custom."""
    if asked.is_unclear:
        return None
    minor, percents = asked.payment.minor, asked.terms.policy.deduction_percents
    owed = [item for item in asked.own if item.open_minor > 0]
    usual, _ = customary(asked.own, minor + 1, 2 * minor)
    candidates = [
        *((item,) for item in owed if minor < item.open_minor <= 2 * minor),
        *(items for items in usual if len(items) > 1),
    ]
    found: dict[Kept, tuple[OpenItem, ...]] = {}
    for items in candidates:
        short = sum([item.open_minor for item in items]) - minor
        if is_usual(items, short, asked.terms):
            for item in items:
                if is_usual((item,), short, asked.terms):
                    found[((item.id, short),)] = items
    tries = len(percents) * sum(len(items) for items in candidates)
    chance = chance_ppm(1, 1, _steps(asked), tries)
    if len(found) != 1:
        return None
    ((kept, items),) = found.items()
    fits = deducted(items, kept, asked.terms)
    may_be_netted = any(i.open_minor < 0 and i not in items for i in asked.own)
    is_plain = not (may_be_netted or asked.terms.charges or has_twin(items, asked.own))
    is_unique = is_plain and chance <= _MOST_CHANCE_PPM
    return Explanation(
        asked.customer, SUM, items, fits, asked.reading, "", is_unique, chance,
        is_early=any(is_early(item, asked) for item in items if item.open_minor > 0),
    )  # fmt: skip


def kept_of_several(asked: Question) -> Explanation | None:
    """Several items are paid, and a usual percentage of some of them is missing."""
    if asked.is_unclear or asked.terms.charges or not asked.is_plain:
        return None
    minor, percents = asked.payment.minor, asked.terms.policy.deduction_percents
    steps = _steps(asked)
    least = 2 * len(asked.own)  # amounts: each item has two, whole and less a percentage
    if not percents or least > _MOST_AMOUNTS or telling_size(least, steps) < 2:
        return None
    choices = [
        (i.open_minor, *{i.open_minor - part for p in percents for part in parts_of(i, p)})
        for i in asked.own
    ]
    count = sum(map(len, choices))
    size = telling_size(count, steps)
    amounts = [one for some in choices for one in some if one <= minor]
    if size < 2 or count > _MOST_AMOUNTS or not meeting(minor, amounts, size):
        return None
    only = sums_to(minor, choices, most=size).only
    if only is None:
        return None
    items = tuple(asked.own[n] for n, _ in only)
    chance = chance_ppm(count, len(only), steps)
    kept = [(asked.own[n].id, asked.own[n].open_minor - paid) for n, paid in only]
    kept = [one for one in kept if one[1]]
    if not kept or chance > _MOST_OF_SEVERAL_PPM:
        return None
    fits = deducted(items, tuple(kept), asked.terms)
    return Explanation(
        asked.customer, SUM, items, fits, asked.reading, "", not has_twin(items, asked.own),
        chance, is_early=any(is_early(item, asked) for item in items),
    )  # fmt: skip


def habitual(
    way: Callable[[Question], Explanation | None], asked: Question, found: Explanation | None
) -> Explanation | None:
    """Where several sets add up: the one that this customer, as they pay, would pay by now."""
    if asked.customer.earliest_days is None:
        return found
    by_now = _by_now(asked, 0)
    if len(by_now.own) == len(asked.own):
        return found
    told = way(by_now)
    if told is not None and len(told.items) > 1 and has_twin(told.items, asked.own):
        # Which of many equal items are paid together varies more: they must be apart by days.
        told = way(_by_now(asked, _APART_DAYS))
    if told is None or not told.is_unique:
        return found
    if found is not None and found.is_unique:
        # Nothing else would do; among what they would pay by now, chance would do it less often.
        is_same = {item.id for item in told.items} == {item.id for item in found.items}
        return found._replace(chance_ppm=told.chance_ppm, is_timely=True) if is_same else found
    return told._replace(is_timely=True)


def is_told(found: Explanation | None, terms: Terms) -> bool:
    """It is the only one, and hardly by chance: when they pay need not be asked."""
    if found is None or not found.is_unique:
        return False
    return found.chance_ppm <= terms.policy.most_chance_ppm


def _by_now(asked: Question, margin: int) -> Question:
    """Asked of the items alone that the customer would pay by now, as they pay."""
    return asked.among(paid_by_now(asked, margin))


BY_AMOUNT = (summed, kept_back, kept_of_several)


def _steps(asked: Question) -> int:
    """How many amounts up to the payment are as likely as it is."""
    minor = asked.payment.minor
    return minor // grain_of(minor, [item.open_minor for item in asked.own])
