"""Records of credit."""

from duly.credit.models.decisions import (
    CreditDecision,
    CreditPolicy,
    DecisionSequel,
    DecisionStep,
    LimitProposal,
)
from duly.credit.models.insurance import (
    BASES,
    InsurancePolicy,
    InsuredLimit,
)
from duly.credit.models.limits import (
    CreditLimit,
)
from duly.credit.models.orders import (
    NEVER,
    HoldCase,
    HoldRelease,
    Order,
    OrderMovement,
    OrderStop,
)
from duly.credit.models.references import (
    AgencyBudget,
    AgencyReport,
    Reference,
    ReferenceAnswer,
)
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
    BLOCK,
    CHANGE_LIMIT,
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
    "BLOCK",
    "CHANGE_LIMIT",
    "NEVER",
    "OUTCOMES",
    "Acceptance",
    "AgencyBudget",
    "AgencyReport",
    "CardAdoption",
    "ClockDone",
    "Conditions",
    "Consent",
    "CreditDeadline",
    "CreditDecision",
    "CreditLimit",
    "CreditPolicy",
    "CreditRequest",
    "CreditReview",
    "CreditSignal",
    "CustomerScore",
    "DecisionSequel",
    "DecisionStep",
    "FinancialStatement",
    "Guarantee",
    "GuaranteeSignature",
    "HoldCase",
    "HoldRelease",
    "InsurancePolicy",
    "InsuredLimit",
    "LimitProposal",
    "Order",
    "OrderMovement",
    "OrderStop",
    "Reference",
    "ReferenceAnswer",
    "RequestFile",
    "RequestFlag",
    "RequestForm",
    "RequestKey",
    "RequestPerson",
    "RequestRevision",
    "Scorecard",
    "SecretLink",
    "Security",
    "StateCrossing",
    "StatementYardstick",
]
