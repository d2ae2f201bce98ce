"""Which disputes are worth whose time: what each is expected to bring, against what clearing costs.

Rule: the chance that it is owed, learned from verdicts given before, times its amount, less the
cost of the work. A reason's own history counts against a prior, the customer's history with that
reason against the reason's; so few verdicts move little, many decide (field facts, idea 14).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from duly.disputes.policy import RecoveryPolicy
from duly.disputes.rules.causes import JUDGED, Case
from duly.kernel.currencies import EXPONENTS
from duly.kernel.rounding import half_up


class Expected(NamedTuple):
    """What a dispute is expected to bring, in the entity's currency; None without a rate.

    `owed_per_mille` is the chance that it is owed, `judged` of how many verdicts it was learned.
    """

    minor: int | None
    owed_per_mille: int
    judged: int
    cost_minor: int
    days_left: int

    @property
    def rank(self) -> tuple[int, int]:
        """The most money first, of equals the nearest deadline; without a rate last."""
        return (-self.minor if self.minor is not None else 1 << 62, self.days_left)

    @property
    def is_worth_it(self) -> bool:
        """Tell whether it brings more than its work costs."""
        return self.minor is None or self.minor > 0


class History:
    """Verdicts given before, by reason and by customer and reason."""

    def __init__(self, cases: Iterable[Case], policy: RecoveryPolicy) -> None:
        self._policy = policy
        self._owed: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
        self._count: defaultdict[tuple[str, int], int] = defaultdict(int)
        for case in cases:
            if case.verdict in JUDGED:
                share = 1 - Fraction(case.credit_minor, case.amount_minor)
                for key in ((case.reason, 0), (case.reason, case.customer_id)):
                    self._owed[key] += share
                    self._count[key] += 1

    def chance(self, reason: str, customer_id: int) -> tuple[Fraction, int]:
        """The chance that a dispute of a customer is owed, and of how many verdicts."""
        weight = self._policy.prior_weight
        found = Fraction(self._policy.prior_owed_percent, 100)
        for key in ((reason, 0), (reason, customer_id)):
            owed, count = self._owed.get(key, Fraction(0)), self._count.get(key, 0)
            found = (weight * found + owed) / (weight + count)
        return found, self._count.get((reason, 0), 0)


def expected(
    case: Case,
    history: History,
    *,
    on: date,
    own: str,
    rates: dict[str, Decimal],
    policy: RecoveryPolicy,
) -> Expected:
    """What an open dispute is expected to bring.

    Given: `own` the entity's currency, `rates` what one unit of it costs in others.
    """
    chance, judged = history.chance(case.reason, case.customer_id)
    cost = half_up(policy.cost.scaleb(EXPONENTS[own]))
    amount = _in_own(case.amount_minor, case.currency, own, rates)
    minor = None
    if amount is not None:
        minor = _half_up(amount * chance) - cost
    return Expected(
        minor,
        _half_up(1000 * chance),
        judged,
        cost,
        (case.deadline_on - on).days,
    )


def _in_own(minor: int, currency: str, own: str, rates: dict[str, Decimal]) -> Fraction | None:
    if currency == own:
        return Fraction(minor)
    if currency not in rates:
        return None
    decimals = Fraction(10) ** (EXPONENTS[own] - EXPONENTS[currency])
    return minor * decimals * (1 / Fraction(rates[currency]))


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def recovered(denied_minor: int, open_minor: int, money_minor: int) -> int:
    """Of an item, what came in of the amounts that were found to be owed.

    Rule: money since the verdict, and never more than is no longer open of them: what is still
    open of the item counts as theirs first, credit notes and write-offs recover nothing.

    >>> recovered(12_000, 0, 12_000), recovered(12_000, 5_000, 20_000), recovered(12_000, 0, 0)
    (12000, 7000, 0)
    """
    return max(min(money_minor, denied_minor - open_minor, denied_minor), 0)
