"""Refusals of credit."""

from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing, RuleBreach


class OrderUnfit(Malformed):
    """What is asked of an order can't be: no amount above zero, no reference that can be kept."""

    code = "ORDER_UNFIT"


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


class TableUnfit(Malformed):
    """A table that no card can be fitted to."""

    code = "TABLE_UNFIT"


class LimitFactsUnfit(Malformed):
    """What a limit is to be made from can't be read, or can't be meant."""

    code = "LIMIT_FACTS_UNFIT"


class LimitUnfit(Malformed):
    """A limit that can't stand: its days, its amount, its parts or its reason."""

    code = "LIMIT_UNFIT"


class LimitsOverlap(Conflict):
    """Another limit of the kind stands in the same days, and the new one does not replace it."""

    code = "LIMITS_OVERLAP"


class LimitUnknown(Missing):
    """No limit or proposal has this number."""

    code = "LIMIT_UNKNOWN"


class DecisionUnknown(Missing):
    """The request was not decided yet."""

    code = "DECISION_UNKNOWN"


class DecisionUnfit(Malformed):
    """A decision that says too little, or what can't be meant."""

    code = "DECISION_UNFIT"


class DecisionNotYours(Forbidden):
    """The role decides about no credit."""

    code = "DECISION_NOT_YOURS"


class DecisionAboveAuthority(Forbidden):
    """More than the role may approve, what was approved for the family counted with it."""

    code = "DECISION_ABOVE_AUTHORITY"


class OwnCreditWork(Forbidden):
    """Whoever submitted, proposed or sent it on does not approve it."""

    code = "OWN_CREDIT_WORK"


class AlreadyDecided(Conflict):
    """It was decided before."""

    code = "CREDIT_ALREADY_DECIDED"


class NotSubmitted(Conflict):
    """A request that is a draft can't be decided."""

    code = "CREDIT_NOT_SUBMITTED"


class StatementsMissing(RuleBreach):
    """Above an amount nothing is approved without financial statements."""

    code = "STATEMENTS_MISSING"


class SequelUnfit(Conflict):
    """It does not follow the decision: no such condition, nothing to answer, or told before."""

    code = "SEQUEL_UNFIT"


class CreditKnobUnfit(Malformed):
    """A knob of credit that is none, or a value outside its range."""

    code = "CREDIT_KNOB_UNFIT"


class CreditRateMissing(Missing):
    """A currency has no rate, so its amounts can't be held against an authority."""

    code = "CREDIT_RATE_MISSING"


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


class CardUnknown(Missing):
    """No scorecard of the entity has this version."""

    code = "CARD_UNKNOWN"


class CardExists(Conflict):
    """Another card has this version; what is adopted never changes under its name."""

    code = "CARD_EXISTS"


class CardNotAdopted(RuleBreach):
    """A card would be adopted by nobody, or for no reason."""

    code = "CARD_NOT_ADOPTED"


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
