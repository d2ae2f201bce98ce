"""Records of credit."""

from duly.credit.models.references import AgencyBudget, AgencyReport, Reference, ReferenceAnswer
from duly.credit.models.requests import (
    Acceptance,
    Conditions,
    Consent,
    CreditRequest,
    Guarantee,
    GuaranteeSignature,
    RequestFile,
    RequestFlag,
    RequestForm,
    RequestKey,
    RequestPerson,
    RequestRevision,
    SecretLink,
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
    "Acceptance",
    "AgencyBudget",
    "AgencyReport",
    "Conditions",
    "Consent",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "FinancialStatement",
    "Guarantee",
    "GuaranteeSignature",
    "Reference",
    "ReferenceAnswer",
    "RequestFile",
    "RequestFlag",
    "RequestForm",
    "RequestKey",
    "RequestPerson",
    "RequestRevision",
    "SecretLink",
    "StateCrossing",
    "StatementYardstick",
]
