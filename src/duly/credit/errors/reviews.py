"""Refusals of signals, reviews, clocks, insurance and securities."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


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


class InsurancePolicyUnknown(Missing):
    """No policy of this number has begun."""

    code = "INSURANCE_POLICY_UNKNOWN"


class InsurancePolicyUnfit(Malformed):
    """A policy can't be as it was told: days, share or time."""

    code = "INSURANCE_POLICY_UNFIT"


class InsuredLimitUnfit(RuleBreach):
    """A discretionary limit is above what the policy leaves to us, or nothing proves it."""

    code = "INSURED_LIMIT_UNFIT"


class ExtensionBeyondCover(RuleBreach):
    """Payment would be put off beyond what the insurer covers unasked."""

    code = "EXTENSION_BEYOND_COVER"


class SecurityUnknown(Missing):
    """No security has this number."""

    code = "SECURITY_UNKNOWN"


class SecurityUnfit(Malformed):
    """A security can't be as it was told."""

    code = "SECURITY_UNFIT"


class SecurityReleased(Conflict):
    """The security was released before."""

    code = "SECURITY_RELEASED"


class ClockUnknown(Missing):
    """No clock of this key runs."""

    code = "CLOCK_UNKNOWN"


class EvidenceMissing(Malformed):
    """A clock would be done, or a security released, without what proves or explains it."""

    code = "EVIDENCE_MISSING"
