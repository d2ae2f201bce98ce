"""Refusals of credit."""

from duly.credit.errors.orders import *  # noqa: F403 - named there
from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing, RuleBreach


class CreditRequestUnknown(Missing):
    """No credit request has this number."""

    code = "CREDIT_REQUEST_UNKNOWN"


class CreditRequestUnfit(Malformed):
    """A credit request is not complete, or says what can't be."""

    code = "CREDIT_REQUEST_UNFIT"


class CreditRequestSubmitted(Conflict):
    """The credit request was submitted: what it says is no longer changed."""

    code = "CREDIT_REQUEST_SUBMITTED"


class RequestFormUnfit(Malformed):
    """A form would ask for what there is not, or not for what no request can be without."""

    code = "REQUEST_FORM_UNFIT"


class ConditionsEmpty(Malformed):
    """Terms and conditions would say nothing, or too much."""

    code = "CONDITIONS_EMPTY"


class LinkUnusable(Missing):
    """A link opens nothing: it is unknown, or too old."""

    code = "LINK_UNUSABLE"


class LinkUsed(Conflict):
    """A link was used: what it was for is done."""

    code = "LINK_USED"


class SignatureMissing(Malformed):
    """A guarantee would be signed with no name."""

    code = "SIGNATURE_MISSING"


class ReferenceUnknown(Missing):
    """No reference has this number."""

    code = "REFERENCE_UNKNOWN"


class ReferenceAnswerUnfit(Malformed):
    """A referee's answer says nothing, or what can't be."""

    code = "REFERENCE_ANSWER_UNFIT"


class RequestPersonUnknown(Missing):
    """No person of a credit request has this number."""

    code = "REQUEST_PERSON_UNKNOWN"


class AgencyBudgetSpent(RuleBreach):
    """A report would cost more than is left of the month's budget."""

    code = "AGENCY_BUDGET_SPENT"


class AgencyBudgetUnfit(Malformed):
    """A budget is below nothing, or a report in another currency than its budget."""

    code = "AGENCY_BUDGET_UNFIT"


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
