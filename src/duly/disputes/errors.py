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


class CreditNothing(RuleBreach):
    """A credit note would be of nothing."""

    code = "CREDIT_NOTHING"


class CreditNumberTaken(Conflict):
    """The customer has a credit note of this number."""

    code = "CREDIT_NUMBER_TAKEN"


class MappingUnknown(Missing):
    """The code of a customer is mapped to nothing, or is none."""

    code = "REASON_MAPPING_UNKNOWN"


class DutyUnfit(Malformed):
    """A reason would have nobody who clears it, or no days to do it in."""

    code = "DUTY_UNFIT"
