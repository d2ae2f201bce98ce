"""Verbs of credit."""

from duly.credit.actions.holds import (
    StopDraft,
    assign_hold,
    lift_stop,
    release_hold,
    retest_holds,
    stop_orders,
)
from duly.credit.actions.orders import (
    cancel_order,
    check_order,
    check_orders,
    ship_order,
    take_back_orders,
)

__all__ = [
    "StopDraft",
    "assign_hold",
    "cancel_order",
    "check_order",
    "check_orders",
    "lift_stop",
    "release_hold",
    "retest_holds",
    "ship_order",
    "stop_orders",
    "take_back_orders",
]
