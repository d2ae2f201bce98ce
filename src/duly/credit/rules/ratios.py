"""The ratios of a statement: closing balances, flows made a year.

Source: docs/sources.md, case C-01. Balances are closing ones; averages are no variant.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from duly.credit.rules.measuring import (
    DAYS,
    Facts,
    Input,
    Measured,
    measured,
    over,
    positive,
)
from duly.kernel.errors import Problem

TIMES, DAY_COUNT, PERCENT, AMOUNT = "times", "days", "percent", "amount"


class Formula(NamedTuple):
    """A ratio: its name, its formula in words, what kind of number it is, and how it is made."""

    id: str
    label: str
    told: str
    kind: str
    of: Callable[[Facts], Decimal]


class Ratio(NamedTuple):
    """A ratio of one year: its value and what it was made from, or why it has none."""

    formula: Formula
    value: Decimal | None
    inputs: tuple[Input, ...]
    problem: Problem | None


def _over(top: str, bottom: str) -> Callable[[Facts], Decimal]:
    def formula(f: Facts) -> Decimal:
        return over(f[top], f[bottom], bottom.replace("_", " ").capitalize())

    return formula


def _days(top: str, bottom: str) -> Callable[[Facts], Decimal]:
    quotient = _over(top, bottom)
    return lambda f: DAYS * quotient(f)


_DSO = _days("receivables", "sales")
_DIO = _days("inventory", "cost_of_goods_sold")
_DPO = _days("payables", "cost_of_goods_sold")


def _to_tangible(f: Facts) -> Decimal:
    return f["total_liabilities"] / positive(f.tangible_net_worth, "Tangible net worth")


FORMULAS = (
    Formula(
        "current_ratio",
        "Current ratio",
        "current assets / current liabilities",
        TIMES,
        _over("current_assets", "current_liabilities"),
    ),
    Formula(
        "quick_ratio",
        "Quick ratio",
        "(cash + receivables) / current liabilities",
        TIMES,
        lambda f: over(
            f["cash"] + f["receivables"], f["current_liabilities"], "Current liabilities"
        ),
    ),
    Formula(
        "cash_ratio",
        "Cash ratio",
        "cash / current liabilities",
        TIMES,
        _over("cash", "current_liabilities"),
    ),
    Formula(
        "tangible_net_worth",
        "Tangible net worth",
        "equity - intangibles",
        AMOUNT,
        lambda f: f.tangible_net_worth,
    ),
    Formula(
        "debt_to_equity",
        "Debt to equity",
        "total liabilities / equity",
        TIMES,
        lambda f: f["total_liabilities"] / f.positive_equity,
    ),
    Formula(
        "liabilities_to_tangible_net_worth",
        "Liabilities to tangible net worth",
        "total liabilities / (equity - intangibles)",
        TIMES,
        _to_tangible,
    ),
    Formula(
        "debt_ratio",
        "Debt ratio",
        "total liabilities / total assets",
        TIMES,
        _over("total_liabilities", "total_assets"),
    ),
    Formula(
        "interest_cover",
        "Interest cover",
        "profit before interest and tax / interest",
        TIMES,
        _over("ebit", "interest"),
    ),
    Formula("dso", "Days sales outstanding", "receivables / sales * 365", DAY_COUNT, _DSO),
    Formula("dio", "Days of inventory", "inventory / cost of goods sold * 365", DAY_COUNT, _DIO),
    Formula("dpo", "Days to pay suppliers", "payables / cost of goods sold * 365", DAY_COUNT, _DPO),
    Formula(
        "cash_cycle",
        "Cash cycle",
        "days sales outstanding + days of inventory - days to pay suppliers",
        DAY_COUNT,
        lambda f: _DSO(f) + _DIO(f) - _DPO(f),
    ),
    Formula(
        "gross_margin",
        "Gross margin",
        "(sales - cost of goods sold) / sales",
        PERCENT,
        lambda f: over(f["sales"] - f["cost_of_goods_sold"], f["sales"], "Sales"),
    ),
    Formula(
        "net_margin", "Net margin", "net income / sales", PERCENT, _over("net_income", "sales")
    ),
    Formula(
        "roa",
        "Return on assets",
        "net income / total assets",
        PERCENT,
        _over("net_income", "total_assets"),
    ),
    Formula(
        "roe",
        "Return on equity",
        "net income / equity",
        PERCENT,
        lambda f: f["net_income"] / f.positive_equity,
    ),
    Formula(
        "operating_cash_to_current_liabilities",
        "Operating cash to current liabilities",
        "cash from operations / current liabilities",
        TIMES,
        _over("operating_cash_flow", "current_liabilities"),
    ),
)


def ratios(yearly: Mapping[str, Decimal]) -> dict[str, Ratio]:
    """Every ratio of a year's figures, by its id."""
    found = {}
    for formula in FORMULAS:
        got: Measured = measured(f"ratio {formula.id}", formula.of, Facts(yearly))
        found[formula.id] = Ratio(formula, *got)
    return found
