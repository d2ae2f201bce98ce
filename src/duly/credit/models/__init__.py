"""Records of credit."""

from duly.credit.models.decisions import (
    CreditDecision,
    CreditPolicy,
    DecisionSequel,
    DecisionStep,
    LimitProposal,
)
from duly.credit.models.limits import CreditLimit
from duly.credit.models.requests import CreditRequest

__all__ = [
    "CreditDecision",
    "CreditLimit",
    "CreditPolicy",
    "CreditRequest",
    "DecisionSequel",
    "DecisionStep",
    "LimitProposal",
]
