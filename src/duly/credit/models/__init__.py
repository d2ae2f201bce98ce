"""Records of credit."""

from duly.credit.models.requests import (
    CreditRequest,
)
from duly.credit.models.reviews import (
    OUTCOMES,
    CreditReview,
    CreditSignal,
    StateCrossing,
)
from duly.credit.models.scores import (
    CardAdoption,
    CustomerScore,
    Scorecard,
)
from duly.credit.models.statements import (
    FinancialStatement,
    StatementYardstick,
)

__all__ = [
    "OUTCOMES",
    "CardAdoption",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "CustomerScore",
    "FinancialStatement",
    "Scorecard",
    "StateCrossing",
    "StatementYardstick",
]
