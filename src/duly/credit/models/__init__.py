"""Records of credit."""

from duly.credit.models.decisions import (CreditDecision, CreditPolicy, DecisionSequel, DecisionStep, LimitProposal,)
from duly.credit.models.limits import (CreditLimit,)
from duly.credit.models.orders import (HoldCase, HoldRelease, Order, OrderMovement, OrderStop,)
from duly.credit.models.requests import (CreditRequest,)
from duly.credit.models.reviews import (CreditReview, CreditSignal, OUTCOMES, StateCrossing,)
from duly.credit.models.statements import (FinancialStatement, StatementYardstick,)

__all__ = ["CreditDecision", "CreditLimit", "CreditPolicy", "CreditRequest", "CreditReview", "CreditSignal", "DecisionSequel", "DecisionStep", "FinancialStatement", "HoldCase", "HoldRelease", "LimitProposal", "OUTCOMES", "Order", "OrderMovement", "OrderStop", "StateCrossing", "StatementYardstick"]
