"""Refusals of credit requests, their links, references and reports."""

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


class SubjectUnknown(Missing):
    """There is no customer, or credit request, that a record would be of."""

    code = "SUBJECT_UNKNOWN"
