"""The firms of the worked cases in docs/sources.md."""

from datetime import date
from decimal import Decimal

from duly.credit.rules.statements import Sheet

ENDS = date(2025, 12, 31)
BEGINS = date(2024, 12, 31)
A = {
    "total_assets": 5000,
    "current_assets": 2400,
    "cash": 250,
    "receivables": 1100,
    "inventory": 800,
    "intangibles": 200,
    "current_liabilities": 1500,
    "payables": 700,
    "total_liabilities": 3000,
    "equity": 2000,
    "retained_earnings": 900,
    "sales": 8000,
    "cost_of_goods_sold": 5600,
    "ebit": 520,
    "interest": 120,
    "profit_before_tax": 400,
    "net_income": 300,
    "operating_cash_flow": 430,
    "shares_issued": 0,
}
A_BEFORE = A | {
    "total_assets": 4800,
    "current_assets": 2170,
    "current_liabilities": 1400,
    "equity": 1800,
    "sales": 7920,
    "cost_of_goods_sold": 5465,
    "net_income": 240,
}
B = {
    "total_assets": 4000,
    "current_assets": 1300,
    "current_liabilities": 1900,
    "total_liabilities": 3900,
    "equity": 100,
    "retained_earnings": -700,
    "ebit": -150,
    "sales": 5200,
}


def sheet(
    figures: dict[str, int], *, year_end: date = ENDS, months: int = 12, by: int = 1000
) -> Sheet:
    """A statement in dollars; figures of the cases are thousands."""
    held = {line: Decimal(value) * by for line, value in figures.items()}
    return Sheet(year_end, months, 1, "USD", held)


def before(figures: dict[str, int], **more: int) -> Sheet:
    """The statement of the year before."""
    return sheet(figures, year_end=BEGINS, **more)
