"""Records of credit."""

from duly.credit.models.insurance import (
    BASES,
    InsurancePolicy,
    InsuredLimit,
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
from duly.credit.models.securities import (
    ClockDone,
    CreditDeadline,
    Security,
)
from duly.credit.models.statements import (
    FinancialStatement,
    StatementYardstick,
)

__all__ = [
    "BASES",
    "OUTCOMES",
    "ClockDone",
    "CreditDeadline",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "FinancialStatement",
    "InsurancePolicy",
    "InsuredLimit",
    "Security",
    "StateCrossing",
    "StatementYardstick",
]
