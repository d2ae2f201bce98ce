"""Refusals of disputes."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class DisputeUnknown(Missing):
    """No dispute has this number."""

    code = "DISPUTE_UNKNOWN"


class DisputeReasonUnknown(Malformed):
    """The reason is none of those that have an owner and a deadline."""

    code = "DISPUTE_REASON_UNKNOWN"


class DisputedTooMuch(RuleBreach):
    """More would be disputed than is open of the item."""

    code = "DISPUTED_TOO_MUCH"


class DisputeClosed(Conflict):
    """The dispute was closed before."""

    code = "DISPUTE_CLOSED"
