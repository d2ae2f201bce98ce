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

__all__ = [
    "Acceptance",
    "AgencyBudget",
    "AgencyReport",
    "Conditions",
    "Consent",
    "CreditRequest",
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
]
