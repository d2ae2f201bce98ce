"""Knobs of credit: who may decide what, how limits are made, when they are looked at again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

_AUTHORITY = {
    "analyst": Decimal(10_000),
    "manager": Decimal(50_000),
    "director": Decimal(250_000),
    "admin": Decimal(250_000),
}
# Of the limit that methods come to; C may be had in full against security.
_BAND_PERCENTS = {
    "A": Decimal(100),
    "B": Decimal(80),
    "C": Decimal(50),
    "D": Decimal(0),
    "E": Decimal(0),
}
_TERMS_BANDS = {"A": "open", "B": "open", "C": "secured", "D": "deposit", "E": "prepay"}
# For how long at most; no source gives days, these are ours.
_TERMS_DAYS = {"A": 60, "B": 45, "C": 30, "D": 14, "E": 0}
_REVIEW_MONTHS = {"A": 12, "B": 12, "C": 6, "D": 3, "E": 3}
# Assumptions of ours, told as such until they are calibrated on own outcomes.
_DEFAULT_RATES = {
    "A": Decimal("0.005"),
    "B": Decimal("0.015"),
    "C": Decimal("0.04"),
    "D": Decimal("0.10"),
    "E": Decimal("0.25"),
}


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """When an order is held, and for how long a person may let it go (facts, credit.md section 8).

    The floor is in whole units of the entity's currency.
    """

    late_days: int = 15  # more days late than this
    late_floor: Decimal = Decimal(50)  # and more than this, not disputed and not covered
    broken_promise_days: int = 180  # a promise judged so long ago is history
    needs_limit: bool = True  # a customer that nobody gave a limit is held
    # A prepaid order gives no credit before goods leave; from here on the money must be there,
    # or it is tested like any other.
    money_needed_at: frozenset[str] = frozenset({"ship"})
    # How far before the last booked day, and after today, another system may date a question.
    days_back: int = 7
    days_ahead: int = 7
    grace_days: int = 3  # for which a release lasts
    tell_sales: bool = True  # by mail, once of a hold that it began and that it ended
    tell_customer: bool = False
    never_released: frozenset[str] = frozenset({"blocked", "sanctions"})  # lift the stop instead


ORDERS = OrderPolicy()


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """How requests are decided. Amounts are whole units of the entity's currency.

    `authority` counts where an administrator set none (`duly authority`). `auto_up_to` is off
    while it is None: then a person decides everything.
    """

    authority: Mapping[str, Decimal] = field(default_factory=lambda: dict(_AUTHORITY))
    committee_roles: tuple[str, ...] = ("director", "admin")
    committee_size: int = 2
    split_days: int = 30
    statements_above: Decimal = Decimal(25_000)
    answer_days: int = 30
    auto_up_to: Decimal | None = None
    band_percents: Mapping[str, Decimal] = field(default_factory=lambda: dict(_BAND_PERCENTS))
    terms_bands: Mapping[str, str] = field(default_factory=lambda: dict(_TERMS_BANDS))
    terms_days: Mapping[str, int] = field(default_factory=lambda: dict(_TERMS_DAYS))
    review_months: Mapping[str, int] = field(default_factory=lambda: dict(_REVIEW_MONTHS))
    default_rates: Mapping[str, Decimal] = field(default_factory=lambda: dict(_DEFAULT_RATES))
    loss_share: Decimal = Decimal("0.6")
    margin: Decimal = Decimal("0.2")
    combine: str = "capacity_need"
    step: Decimal = Decimal(500)
    slippage_days: int = 10
    share_of_payables: Decimal | None = None
    starter_amount: Decimal = Decimal(10_000)
    starter_cycles: int = 3
    starter_bands: tuple[str, ...] = ("D",)  # that get a starter limit and no more
    shrink_after: int = 2  # late ones in a row
    dormant_months: int = 12
    orders: OrderPolicy = ORDERS


DECISIONS = DecisionPolicy()
