"""What a day's work on a customer moves, with reasons that add up to it.

Rule: of every overdue amount what is disputed, on an instalment plan, promised, probably paid by
money that is not applied yet, or covered by credits and the rest of that money, is not worked for.
Of the rest counts what would not come by itself, times the chance that a call today moves it, less
what the call costs: never an amount for its size or lateness alone, and next to nothing of who pays
anyway. The parts are told as reasons in money, and their sum is the value: nothing else ranks.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.collections.rules.moving import Chances, stage_of
from duly.kernel.currencies import EXPONENTS
from duly.kernel.rounding import half_up, up


class Because(NamedTuple):
    """One reason of a value: what it adds or takes away, in minor units."""

    code: str
    text: str
    minor: int


class Late(NamedTuple):
    """An overdue item as ranking sees it; the parts are of its open amount."""

    days: int
    open_minor: int
    disputed_minor: int
    promised_minor: int
    probable_minor: int = 0  # probably paid by money that is not applied yet
    planned_minor: int = 0  # on an instalment plan that is kept


def stopped_of(items: Sequence[Late], why: str) -> list[Because]:
    """The reasons of who is not to be called at all: worth nothing, whatever is late.

    >>> [one.minor for one in stopped_of([Late(10, 10000, 0, 0)], "a legal stay")]
    [10000, -10000]
    """
    first = _overdue(items)
    return [first, Because("stopped", f"not to be asked: {why}", -first.minor)]


def _overdue(items: Sequence[Late]) -> Because:
    overdue, oldest = sum(item.open_minor for item in items), max(item.days for item in items)
    return Because("overdue", f"{len(items)} overdue, the oldest {oldest} days", overdue)


def value_of(
    items: Sequence[Late], credits_minor: int, chances: Chances
) -> tuple[int, list[Because]]:
    """What a call to one customer is expected to move in one currency, and the reasons.

    Given: `credits_minor` zero or negative; they cover what is oldest.
    Rounded up: whoever owes anything that is worked for keeps a place, if only at the end.
    Never: below zero.

    >>> chances = Chances((800,) * 5, (250_000,) * 5)
    >>> value_of([Late(10, 10000, 0, 4000)], -1000, chances)[0]
    250
    """
    first = _overdue(items)
    disputed = sum(min(item.disputed_minor, item.open_minor) for item in items)
    planned = promised = probable = stays = moved = 0
    left_of_credits = -credits_minor
    for item in sorted(items, key=lambda one: -one.days):
        free = item.open_minor - min(item.disputed_minor, item.open_minor)
        kept = min(item.planned_minor, free)
        free -= kept
        planned += kept
        waits = min(item.promised_minor, free)
        paid = min(item.probable_minor, free - waits)
        promised += waits
        probable += paid
        free -= waits + paid
        covered = min(free, left_of_credits)
        left_of_credits -= covered
        stage = stage_of(item.days)
        rest = up(Decimal((free - covered) * (1000 - chances.by_itself[stage])).scaleb(-3))
        stays += rest
        moved += up(Decimal(rest * chances.moved_ppm[stage]).scaleb(-6))
    covered = -credits_minor - left_of_credits
    free = first.minor - disputed - planned - promised - probable - covered
    parts = [
        first,
        Because("disputed", "disputed", -disputed),
        Because("planned", "on an instalment plan", -planned),
        Because("promised", "promised, not due yet", -promised),
        Because("probable", "probably paid, not matched yet", -probable),
        Because("credits", "credits and money not applied", -covered),
        Because("by_itself", _by_itself(chances), stays - free),
        Because("not_moved", "a call today does not move", moved - stays),
    ]
    return moved, [one for one in parts if one.minor or one.code == "overdue"]


def _by_itself(chances: Chances) -> str:
    own = chances.items
    items = "an item" if own == 1 else f"{own} items"
    told = f"by {items} of theirs" if own else "as of others like them"
    return f"comes by itself within 30 days, {told}"


def less_cost(because: Sequence[Because], cost_minor: int) -> list[Because]:
    """Reasons with what a call costs, in the currency of the cost; never all that it moves, so that
    whoever owes anything that is worked for keeps a place, if only at the end.

    >>> less_cost([Because("overdue", "", 100)], 300)[-1].minor
    -99
    """
    value = sum(one.minor for one in because)
    cost = min(cost_minor, value - 1)
    if cost <= 0:
        return list(because)
    return [*because, Because("cost", "what a call costs", -cost)]


def in_entity_currency(
    because: Sequence[Because], currency: str, entity_currency: str, rate: Decimal
) -> list[Because]:
    """Reasons in the entity's currency, each rounded by itself: they still add up to the value.

    Given: `rate` what one unit of the entity's currency costs.

    >>> in_entity_currency([Because("overdue", "", 13000)], "USD", "EUR", Decimal("1.3"))
    [Because(code='overdue', text='', minor=10000)]
    """
    shift = EXPONENTS[entity_currency] - EXPONENTS[currency]
    price = rate.scaleb(-shift)
    return [reason._replace(minor=_at(reason.minor, price)) for reason in because]


def _at(whole: int, price: Decimal) -> int:
    return half_up(Decimal(whole) / price)
