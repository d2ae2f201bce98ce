"""Refusals of credit."""

from duly.kernel.errors import Malformed, RuleBreach


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
