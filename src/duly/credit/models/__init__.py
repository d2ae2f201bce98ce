"""Records of credit."""

from duly.credit.models.insurance import BASES, InsurancePolicy, InsuredLimit
from duly.credit.models.requests import CreditRequest
from duly.credit.models.reviews import OUTCOMES, CreditReview, CreditSignal, StateCrossing
from duly.credit.models.securities import ClockDone, CreditDeadline, Security

__all__ = [
    "BASES",
    "OUTCOMES",
    "ClockDone",
    "CreditDeadline",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "InsurancePolicy",
    "InsuredLimit",
    "Security",
    "StateCrossing",
]
