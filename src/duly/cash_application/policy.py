"""Knobs of cash application: what may be done unattended, and what differences are let pass."""

from dataclasses import dataclass
from decimal import Decimal

LEAVE, CARVE = "leave", "carve"


@dataclass(frozen=True, slots=True)
class MatchingPolicy:
    """When a payment is applied by itself.

    `auto_from`: the confidence from which on. `tolerance_minor` and `tolerance_percent`: a short
    difference within both is let pass, up to `tolerance_year_minor` of a customer in a year.
    `discount_grace_days` after the last day of a discount. `charges_minor`: what banks on the way
    are known to keep, taken where the payer pays from abroad; `charges_most_minor` of a payment is
    taken as charges on the word of one person. `short_pays`: LEAVE the rest of a
    short pay open, or CARVE it out as a deduction. `duplicate_days` within which an equal payment
    is one made twice until a person says otherwise. `most_chance_ppm`: how probable it may be, per
    million, that an unnamed set of items adds up by chance. `deduction_percents`: what customers
    are wont to keep back of an item; `other_deductions_ppm`: how many deductions per million are
    no such percentage.
    """

    auto_from: Decimal = Decimal("0.99")
    tolerance_minor: int = 100
    tolerance_percent: Decimal = Decimal("0.5")
    tolerance_year_minor: int = 5_000
    discount_grace_days: int = 2
    charges_minor: tuple[int, ...] = ()
    charges_most_minor: int = 5_000
    short_pays: str = LEAVE
    duplicate_days: int = 10
    most_chance_ppm: int = 10_000
    deduction_percents: tuple[int, ...] = (1, 2, 3, 5, 10, 15, 20, 25, 50)
    other_deductions_ppm: int = 400_000


STANDARD = MatchingPolicy()


@dataclass(frozen=True, slots=True)
class JoiningPolicy:
    """When an advice and a payment may belong together: days around the one that is told.

    `early_days` and `late_days` before and after the day on which the payer says they paid;
    where no day is told, `waited_days` that the money may have been there already, and
    `ahead_days` that the advice may come before it.
    """

    early_days: int = 3
    late_days: int = 7
    waited_days: int = 45
    ahead_days: int = 14


JOINING = JoiningPolicy()
