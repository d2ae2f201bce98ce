"""Records of credit."""

from duly.credit.models.decisions import (
    CreditDecision,
    CreditPolicy,
    DecisionSequel,
    DecisionStep,
    LimitProposal,
)
from duly.credit.models.limits import CreditLimit
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
    "CreditDecision",
    "CreditLimit",
    "CreditPolicy",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "DecisionSequel",
    "DecisionStep",
    "FinancialStatement",
    "LimitProposal",
    "StateCrossing",
    "StatementYardstick",
]
