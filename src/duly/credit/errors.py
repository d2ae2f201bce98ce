"""Refusals of credit."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


class DoesNotBalance(RuleBreach):
    """Assets are not liabilities and equity, or a part of a sheet is more than its whole."""

    code = "DOES_NOT_BALANCE"


class UnitUnknown(Malformed):
    """It is not said whether figures are in ones, thousands or millions."""

    code = "UNIT_UNKNOWN"


class UnitsDiffer(RuleBreach):
    """Two statements of one firm are apart as if they were in two units."""

    code = "UNITS_DIFFER"


class FigureUnfit(Malformed):
    """A figure of a statement is no number, or none that its line can have."""

    code = "FIGURE_UNFIT"


class StatementUnfit(Malformed):
    """A statement lacks what it needs to be one: its day, its months, its currency, its kind."""

    code = "STATEMENT_UNFIT"


class ScoreFactsUnfit(Malformed):
    """What a score is to be made from can't be read, or can't be meant."""

    code = "SCORE_FACTS_UNFIT"


class NothingToScore(Malformed):
    """No factor of the card is known."""

    code = "NOTHING_TO_SCORE"


class CardUnfit(Malformed):
    """A scorecard can't mean anything, or not what it says."""

    code = "CARD_UNFIT"


class ProhibitedBasis(RuleBreach):
    """A factor by which nobody may be judged."""

    code = "PROHIBITED_BASIS"


class LimitFactsUnfit(Malformed):
    """What a limit is to be made from can't be read, or can't be meant."""

    code = "LIMIT_FACTS_UNFIT"


class SubjectUnknown(Missing):
    """There is no customer, or credit request, that a record would be of."""

    code = "SUBJECT_UNKNOWN"


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
