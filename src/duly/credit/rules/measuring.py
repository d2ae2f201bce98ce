"""How a measure takes its figures: each says what it was made from, or why it has no value."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.statement_lines import BY_ID
from duly.kernel.errors import Problem

DAYS = 365
YEAR_BEFORE = ", year before"


class Input(NamedTuple):
    """A figure that a formula took, by its name."""

    name: str
    value: Decimal


class NoValue(Exception):  # noqa: N818 - an answer, caught by whoever measures
    """A measure has no value, for a reason that is told."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


class Facts:
    """The figures of a year and of the one before, as formulas take them.

    It keeps what was taken, so that a value opens to its inputs.
    """

    def __init__(
        self, figures: Mapping[str, Decimal], earlier: Mapping[str, Decimal] | None = None
    ) -> None:
        self._figures, self._earlier = figures, earlier
        self.taken: dict[str, Decimal] = {}

    def __getitem__(self, line: str) -> Decimal:
        return self._take(self._figures, line, "")

    def before(self, line: str) -> Decimal:
        """The figure of the year before."""
        if self._earlier is None:
            raise NoValue(
                "MISSING",
                "The statement of the year before is not there.",
                "Add it: this compares two years.",
            )
        return self._take(self._earlier, line, YEAR_BEFORE)

    def _take(self, figures: Mapping[str, Decimal], line: str, when: str) -> Decimal:
        name = told(line) + when
        if line not in figures:
            raise NoValue("MISSING", f"{name} is not there.", "Add it to the statement.")
        self.taken[name] = figures[line]
        return figures[line]

    @property
    def working_capital(self) -> Decimal:
        """Current assets less current liabilities."""
        return self["current_assets"] - self["current_liabilities"]

    @property
    def tangible_net_worth(self) -> Decimal:
        """Equity less intangibles."""
        return self["equity"] - self["intangibles"]

    @property
    def positive_equity(self) -> Decimal:
        """Equity under a ratio."""
        return positive(self["equity"], "Equity")


def positive(equity: Decimal, name: str) -> Decimal:
    """Equity under a ratio: of zero or less it has no meaning, and counts as the worst."""
    if equity <= 0:
        raise NoValue(
            "NEGATIVE_EQUITY",
            f"{name} is zero or less: a ratio to it means nothing. Read it as the worst.",
        )
    return equity


def over(top: Decimal, bottom: Decimal, name: str) -> Decimal:
    """A quotient; without a value where what is under it is zero."""
    if not bottom:
        raise NoValue("ZERO_DENOMINATOR", f"{name} is zero: there is nothing to divide by.")
    return top / bottom


def told(line: str) -> str:
    """A line, or an input that is none, in words."""
    return BY_ID[line].label if line in BY_ID else line.replace("_", " ").capitalize()


class Measured(NamedTuple):
    """A value with what it was made from, or the reason why there is none."""

    value: Decimal | None
    inputs: tuple[Input, ...]
    problem: Problem | None


def measured(where: str, formula: Callable[[Facts], Decimal], facts: Facts) -> Measured:
    """What a formula makes of facts. Given: `facts` that nothing was taken of yet."""
    problem, value = None, None
    try:
        value = formula(facts)
    except NoValue as reason:
        problem = Problem(where, reason.code, reason.message, reason.remedy)
    return Measured(value, tuple(Input(*one) for one in facts.taken.items()), problem)
