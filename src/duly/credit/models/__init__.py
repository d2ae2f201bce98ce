"""Records of credit."""

from duly.credit.models.requests import CreditRequest

__all__ = ["CreditRequest"]
