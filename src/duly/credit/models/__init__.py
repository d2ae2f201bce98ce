"""Records of credit."""

from duly.credit.models.orders import (
    HoldCase,
    HoldRelease,
    Order,
    OrderMovement,
    OrderStop,
)
from duly.credit.models.requests import (
    CreditRequest,
)
from duly.credit.models.reviews import (
    OUTCOMES,
    CreditReview,
    CreditSignal,
    StateCrossing,
)
from duly.credit.models.statements import (
    FinancialStatement,
    StatementYardstick,
)

__all__ = [
    "OUTCOMES",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "FinancialStatement",
    "HoldCase",
    "HoldRelease",
    "Order",
    "OrderMovement",
    "OrderStop",
    "StateCrossing",
    "StatementYardstick",
]
