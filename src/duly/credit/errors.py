"""Refusals of credit."""

from duly.kernel.errors import Conflict, Malformed, Missing


class SignalUnknown(Malformed):
    """What happened is nothing that opens a review or warns."""

    code = "SIGNAL_UNKNOWN"


class ReviewUnknown(Missing):
    """No review has this number."""

    code = "REVIEW_UNKNOWN"


class ReviewOpen(Conflict):
    """The customer's review is open already."""

    code = "REVIEW_OPEN"


class ReviewConcluded(Conflict):
    """The review has its outcome."""

    code = "REVIEW_CONCLUDED"


class ReviewReasonMissing(Malformed):
    """A review would be concluded without saying why, or with an outcome that is none."""

    code = "REVIEW_REASON_MISSING"
