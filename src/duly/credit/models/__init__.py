"""Records of credit."""

from duly.credit.models.requests import CreditRequest
from duly.credit.models.statements import FinancialStatement, StatementYardstick

__all__ = ["CreditRequest", "FinancialStatement", "StatementYardstick"]
