"""Records of credit."""

from duly.credit.models.orders import HoldCase, HoldRelease, Order, OrderMovement, OrderStop
from duly.credit.models.requests import CreditRequest

__all__ = ["CreditRequest", "HoldCase", "HoldRelease", "Order", "OrderMovement", "OrderStop"]
