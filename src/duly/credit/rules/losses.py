"""What a limit is expected to cost, and the sales that earn it back.

Default rates by band are an assumption of the house until they are calibrated on its own outcomes,
and every figure made from them says so.
"""

from decimal import Decimal
from typing import NamedTuple


class LossAssumptions(NamedTuple):
    """What is assumed of a limit: fractions of one.

    `loss_share` is what is lost of an open amount in a default; `margin` is earned on sales.
    """

    default_rate: Decimal
    loss_share: Decimal
    margin: Decimal | None
    is_calibrated: bool = False


class ExpectedLoss(NamedTuple):
    """A loss with its parts: default rate x what is at own risk x the share lost."""

    own_risk: Decimal
    default_rate: Decimal
    loss_share: Decimal
    amount: Decimal
    margin: Decimal | None
    sales_to_repay: Decimal | None  # that earn the expected loss back
    sales_to_repay_all: Decimal | None  # that earn back a loss of all that is at own risk
    is_assumption: bool


def expected_loss(limit: Decimal, insured: Decimal, assumed: LossAssumptions) -> ExpectedLoss:
    """What a fully used limit is expected to lose in a year; insured parts lose nothing of ours.

    >>> told = expected_loss(
    ...     Decimal(50000),
    ...     Decimal(0),
    ...     LossAssumptions(Decimal("0.02"), Decimal("0.6"), Decimal("0.3")),
    ... )
    >>> told.amount, told.sales_to_repay
    (Decimal('600.000'), Decimal('2000.00'))
    """
    own_risk = max(limit - insured, Decimal(0))
    at_worst = own_risk * assumed.loss_share
    expected = at_worst * assumed.default_rate
    margin = assumed.margin if assumed.margin and assumed.margin > 0 else None
    return ExpectedLoss(
        own_risk,
        assumed.default_rate,
        assumed.loss_share,
        expected,
        margin,
        expected / margin if margin else None,
        at_worst / margin if margin else None,
        not assumed.is_calibrated,
    )
