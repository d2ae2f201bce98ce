"""Records of credit."""

from duly.credit.models.requests import CreditRequest
from duly.credit.models.reviews import OUTCOMES, CreditReview, CreditSignal, StateCrossing

__all__ = ["OUTCOMES", "CreditRequest", "CreditReview", "CreditSignal", "StateCrossing"]
