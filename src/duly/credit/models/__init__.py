"""Records of credit."""

from duly.credit.models.requests import (CreditRequest,)
from duly.credit.models.reviews import (CreditReview, CreditSignal, OUTCOMES, StateCrossing,)
from duly.credit.models.statements import (FinancialStatement, StatementYardstick,)

__all__ = ["CreditRequest", "CreditReview", "CreditSignal", "FinancialStatement", "OUTCOMES", "StateCrossing", "StatementYardstick"]
