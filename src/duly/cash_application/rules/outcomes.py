"""What becomes of a payment, and the rates of a list of them (M-19)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duly.cash_application.rules.matching import AUTO, Proposal

APPLIED, PROPOSED, ON_ACCOUNT, UNIDENTIFIED = "applied", "proposed", "on_account", "unidentified"


class Rates(NamedTuple):
    """Shares of the payments listed, 0 to 1; None where there is none to count.

    `payments`, `lines` and `value`: of payments, of lines proposed and of money, what was applied;
    `auto`, `suggested` and `untouched` are shares by count that add up to 1.
    """

    payments: Decimal | None = None
    lines: Decimal | None = None
    value: Decimal | None = None
    auto: Decimal | None = None
    suggested: Decimal | None = None
    untouched: Decimal | None = None


def outcome_of(proposal: Proposal) -> str:
    """APPLIED unattended, PROPOSED to a person, ON_ACCOUNT of a payer who is known, or neither."""
    if proposal.lines:
        return APPLIED if proposal.decision == AUTO else PROPOSED
    return ON_ACCOUNT if proposal.customer else UNIDENTIFIED


def rates_of(proposals: Sequence[Proposal], value: Sequence[int]) -> Rates:
    """Rates of a list; `value` is each payment's money in the units of one currency."""
    if not proposals:
        return Rates()
    outcomes = [outcome_of(one) for one in proposals]
    lines = [len(one.lines) for one in proposals]
    applied = [told == APPLIED for told in outcomes]
    count, proposed = len(proposals), sum(told == PROPOSED for told in outcomes)
    done = sum(applied)
    return Rates(
        share(done, count),
        share(sum(n for n, is_in in zip(lines, applied, strict=True) if is_in), sum(lines)),
        share(sum(n for n, is_in in zip(value, applied, strict=True) if is_in), sum(value)),
        share(done, count),
        share(proposed, count),
        share(count - done - proposed, count),
    )


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole with six decimals, or None of nothing.

    M-19: 1,720 of 2,000 lines, and 8.6 of 9.2 millions.

    >>> share(1720, 2000), share(8_600_000, 9_200_000), share(0, 0)
    (Decimal('0.860000'), Decimal('0.934783'), None)
    """
    return round(Decimal(part) / whole, 6) if whole else None
