"""Refusals of credit."""

from duly.kernel.errors import Conflict, Malformed, Missing, RuleBreach


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
