"""Refusals of financial statements."""

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
