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
