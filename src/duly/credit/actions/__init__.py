"""Verbs of credit."""

from duly.credit.actions.orders import (
    cancel_order,
    check_order,
    check_orders,
    ship_order,
    take_back_orders,
)

__all__ = ["cancel_order", "check_order", "check_orders", "ship_order", "take_back_orders"]
