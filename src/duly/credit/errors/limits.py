"""Refusals of limits and decisions."""

from duly.kernel.errors import Conflict, Forbidden, Malformed, Missing, RuleBreach


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


class NoticeAddressUnfit(Malformed):
    """A notice has nowhere to go: no address, none that can be meant, or one that mail came back
    from."""

    code = "NOTICE_ADDRESS_UNFIT"


class CreditKnobUnfit(Malformed):
    """A knob of credit that is none, or a value outside its range."""

    code = "CREDIT_KNOB_UNFIT"


class CreditRateMissing(Missing):
    """A currency has no rate, so its amounts can't be held against an authority."""

    code = "CREDIT_RATE_MISSING"
