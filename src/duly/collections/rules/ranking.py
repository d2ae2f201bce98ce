"""What a day's work on a customer is expected to bring, with reasons that add up to it.

Rule: every overdue amount times the share that debts of its age still bring; less what is disputed,
on an instalment plan, promised, probably paid by money that is not applied yet, or covered by
credits and the rest of that money. The parts are told as reasons in money, and their sum is the
value: nothing else ranks a customer.
See: docs/sources.md, S-01.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.collections.policy import WorthPolicy
from duly.kernel.currencies import EXPONENTS
from duly.kernel.rounding import half_up


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


def worth(days: int, minor: int, policy: WorthPolicy) -> int:
    """What an amount so many days late is expected to bring.

    >>> worth(30, 10000, WorthPolicy()), worth(1000, 10000, WorthPolicy())
    (8960, 710)
    """
    share = next((share for until, share in policy.by_days if days <= until), policy.beyond)
    return half_up(Decimal(minor * share).scaleb(-3))


def value_of(
    items: Sequence[Late], credits_minor: int, policy: WorthPolicy
) -> tuple[int, list[Because]]:
    """The expected value of one customer in one currency, and its reasons.

    Given: `credits_minor` zero or negative.
    Never: below zero; a remainder that would be is told as a reason of its own.

    >>> value_of([Late(10, 10000, 0, 4000)], -1000, WorthPolicy())[0]
    4376
    """
    overdue = sum(item.open_minor for item in items)
    oldest = max(item.days for item in items)
    disputed = sum(min(item.disputed_minor, item.open_minor) for item in items)
    planned = promised = probable = left = 0
    lost = 0
    for item in items:
        free = item.open_minor - min(item.disputed_minor, item.open_minor)
        kept = min(item.planned_minor, free)
        free -= kept
        planned += kept
        waits = min(item.promised_minor, free)
        paid = min(item.probable_minor, free - waits)
        promised += waits
        probable += paid
        left += free - waits - paid
        lost += free - waits - paid - worth(item.days, free - waits - paid, policy)
    credits = max(credits_minor, -(left - lost))
    because = [Because("overdue", f"{len(items)} overdue, the oldest {oldest} days", overdue)]
    if disputed:
        because.append(Because("disputed", "disputed", -disputed))
    if planned:
        because.append(Because("planned", "on an instalment plan", -planned))
    if promised:
        because.append(Because("promised", "promised, not due yet", -promised))
    if probable:
        because.append(Because("probable", "probably paid, not matched yet", -probable))
    if lost:
        because.append(Because("age", "debts of this age bring less", -lost))
    if credits:
        because.append(Because("credits", "credits and money not applied", credits))
    return sum(reason.minor for reason in because), because


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
