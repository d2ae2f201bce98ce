"""Refusals of orders, their holds and stops."""

from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing, RuleBreach


class OrderUnfit(Malformed):
    """What is asked of an order can't be: no amount above zero, no reference that can be kept."""

    code = "ORDER_UNFIT"


class OrderDayUnfit(Malformed):
    """Another system dated its question too far from today and from what is booked."""

    code = "ORDER_DAY_UNFIT"


class OrderUnknown(Missing):
    """No order has this reference."""

    code = "ORDER_UNKNOWN"


class OrderOfAnother(Conflict):
    """The reference is that of another customer's order."""

    code = "ORDER_OF_ANOTHER"


class OrderShipped(Conflict):
    """What was shipped or invoiced of an order stands in the way."""

    code = "ORDER_SHIPPED"


class OrderNotReleased(RuleBreach):
    """An order that waits, or was never released, can't be shipped."""

    code = "ORDER_NOT_RELEASED"


class ShippedTooMuch(RuleBreach):
    """More is to be shipped than is left of the order."""

    code = "SHIPPED_TOO_MUCH"


class ExposureRateMissing(RuleBreach):
    """A currency of the exposure has no rate: it can't be added up."""

    code = "EXPOSURE_RATE_MISSING"


class HoldUnknown(Missing):
    """No held order has this number."""

    code = "HOLD_UNKNOWN"


class HoldEnded(Conflict):
    """The order does not wait any more."""

    code = "HOLD_ENDED"


class HoldReasonMissing(Malformed):
    """A release without a reason, or with one that can't be kept."""

    code = "HOLD_REASON_MISSING"


class HoldNotReleasable(RuleBreach):
    """What holds the order is not for a release to overrule: it must be lifted."""

    code = "HOLD_NOT_RELEASABLE"


class OwnOrder(Forbidden):
    """Whoever placed an order is not the one who releases it."""

    code = "OWN_ORDER"


class StopUnfit(Malformed):
    """A stop without a kind or a reason."""

    code = "STOP_UNFIT"


class StopUnknown(Missing):
    """The customer has no such stop."""

    code = "STOP_UNKNOWN"
