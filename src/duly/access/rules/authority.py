"""Up to what amount a role may do an act.

Rule: a role that no amount is set for may do the act up to any amount. One that amounts are set
for, yet none in the currency at hand, may do nothing in that currency: nobody said how much.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from duly.access.rules.roles import ROLES, may

BY_AMOUNT = ("approve_credit", "approve_plan", "approve_refund", "credit", "release_order")


class Limit(NamedTuple):
    """Up to how much, in minor units of a currency."""

    role: str
    currency: str
    up_to_minor: int


def authority_in(role: str, act: str, currency: str, limits: Collection[Limit]) -> int | None:
    """Minor units up to which a role may do an act that `limits` are of; None: any amount.

    >>> limits = [Limit("manager", "EUR", 500_00)]
    >>> [authority_in("manager", "credit", currency, limits) for currency in ("EUR", "USD")]
    [50000, 0]
    >>> authority_in("director", "credit", "EUR", limits) is None
    True
    >>> authority_in("clerk", "credit", "EUR", limits)
    0
    """
    if not may(role, act):
        return 0
    own: Mapping[str, int] = {one.currency: one.up_to_minor for one in limits if one.role == role}
    return own.get(currency, 0) if own else None


def reaches(authority: int | None, minor: int) -> bool:
    """Tell whether an authority is enough for an amount."""
    return authority is None or minor <= authority


def roles_that_may(act: str, currency: str, minor: int, limits: Collection[Limit]) -> list[str]:
    """The roles whose authority is enough, in the order of `ROLES`."""
    return [
        role
        for role, _ in ROLES
        if may(role, act) and reaches(authority_in(role, act, currency, limits), minor)
    ]
