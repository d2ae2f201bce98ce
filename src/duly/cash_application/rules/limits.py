"""What a match may let pass, and what it may say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from duly.cash_application.errors import DifferenceTooLarge, MatchUnclear
from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules.matching import AUTO, SUGGEST, Proposal
from duly.cash_application.rules.never import OVER_YEAR
from duly.cash_application.rules.residuals import BANK_FEE, SETTLED, TOLERANCE, Line
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor


def let_pass(lines: Sequence[Line]) -> int:
    """The small differences among the lines of a match, minor units."""
    return sum(line.minor for line in lines if line.reason == TOLERANCE)


def charges(lines: Sequence[Line]) -> int:
    """What banks are said to have kept, among the lines of a match, minor units."""
    return sum(line.minor for line in lines if line.reason == BANK_FEE)


def most_let_pass(*, paid_minor: int, let_pass_minor: int, policy: MatchingPolicy) -> int:
    """The largest small difference within all limits: alone, of the money, of the year.

    Input: what was paid, and what was let pass of the customer in the year before; minor units.

    >>> most_let_pass(paid_minor=30_000, let_pass_minor=0, policy=MatchingPolicy())
    100
    >>> most_let_pass(paid_minor=30_000, let_pass_minor=4_950, policy=MatchingPolicy())
    50
    """
    share = int(paid_minor * policy.tolerance_percent // 100)
    left = policy.tolerance_year_minor - let_pass_minor
    return max(0, min(policy.tolerance_minor, share, left))


def within_year(
    proposals: Iterable[Proposal], used: Mapping[tuple[int, str], int], policy: MatchingPolicy
) -> list[Proposal]:
    """Proposals, of which those wait for a person that would let too much pass in a year.

    Input: `used`, {(customer, currency): minor units let pass in the year before}.
    """
    spent = dict(used)
    found = []
    for one in proposals:
        minor = let_pass(one.lines)
        if one.decision == AUTO and minor and one.customer:
            key = (one.customer.id, one.payment.currency)
            total = spent.get(key, 0) + minor
            if total > policy.tolerance_year_minor:
                one = one._replace(decision=SUGGEST, refused=(*one.refused, OVER_YEAR))
            else:
                spent[key] = total
        found.append(one)
    return found


def refuse_large(
    lines: Sequence[Line],
    *,
    paid_minor: int,
    let_pass_minor: int,
    currency: str,
    policy: MatchingPolicy,
) -> None:
    """Refuse what lets more pass than policy does, or takes more as charges of banks.

    Refuses: DifferenceTooLarge.
    """

    def shown(amount: int) -> str:
        return f"{text_from_minor(amount, exponent(currency))} {currency}"

    kept = charges(lines)
    if kept > policy.charges_most_minor:
        raise DifferenceTooLarge(
            f"{shown(kept)} is more than banks on the way may have kept here: at most "
            f"{shown(policy.charges_most_minor)} of a payment.",
            facts={"charges": shown(kept)},
            remedy="Leave the rest open, carve it out as a deduction, or ask for an approval.",
        )
    minor = let_pass(lines)
    most = most_let_pass(paid_minor=paid_minor, let_pass_minor=let_pass_minor, policy=policy)
    if minor <= most:
        return
    raise DifferenceTooLarge(
        f"{shown(minor)} is more than may be let pass here: at most "
        f"{shown(policy.tolerance_minor)} and {policy.tolerance_percent} % of a payment, and "
        f"{shown(policy.tolerance_year_minor)} of a customer in a year "
        f"({shown(let_pass_minor)} of it is used).",
        facts={"difference": shown(minor), "used": shown(let_pass_minor)},
        remedy="Leave the rest open, carve it out as a deduction, or ask for an approval.",
    )


def refuse_unclear(lines: Sequence[Line]) -> None:
    """Refuse lines that name an item twice for one reason, of nothing, or that let less than
    nothing pass. Refuses: MatchUnclear.
    """
    twice = [key for key, n in Counter((one.item_id, one.reason) for one in lines).items() if n > 1]
    below = any(line.minor < 0 and line.reason != SETTLED for line in lines)
    if twice or below or any(line.minor == 0 for line in lines):
        raise MatchUnclear(
            "A line of this match has no amount, or an item is named twice for the same reason.",
            facts={"twice": [list(one) for one in twice]},
            remedy="Give each item one amount a reason, above zero.",
        )
