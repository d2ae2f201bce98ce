"""The lines of a financial statement that Duly keeps, in the order in which they are typed."""

from typing import NamedTuple

BALANCE, INCOME, CASH_FLOW = "balance", "income", "cash_flow"
SECTIONS = {BALANCE: "Balance sheet", INCOME: "Income statement", CASH_FLOW: "Cash flow"}


class Line(NamedTuple):
    """A line: `is_flow` when it counts for a period, `is_signed` when it may be below zero."""

    id: str
    label: str
    section: str
    is_flow: bool = False
    is_signed: bool = False
    is_sum: bool = False


LINES = (
    Line("cash", "Cash", BALANCE),
    Line("receivables", "Receivables", BALANCE),
    Line("inventory", "Inventory", BALANCE),
    Line("current_assets", "Current assets", BALANCE, is_sum=True),
    Line("intangibles", "Intangibles", BALANCE, is_signed=True),  # negative goodwill is a credit
    Line("total_assets", "Total assets", BALANCE, is_sum=True),
    Line("payables", "Payables to suppliers", BALANCE),
    Line("current_liabilities", "Current liabilities", BALANCE, is_sum=True),
    Line("long_term_debt", "Long-term debt", BALANCE),
    Line("total_liabilities", "Total liabilities", BALANCE, is_sum=True),
    Line("retained_earnings", "Retained earnings", BALANCE, is_signed=True),
    Line("equity", "Equity", BALANCE, is_signed=True, is_sum=True),
    Line("sales", "Sales", INCOME, is_flow=True),
    Line("cost_of_goods_sold", "Cost of goods sold", INCOME, is_flow=True),
    Line("ebit", "Profit before interest and tax", INCOME, is_flow=True, is_signed=True),
    Line("interest", "Interest", INCOME, is_flow=True),
    Line("profit_before_tax", "Profit before tax", INCOME, is_flow=True, is_signed=True),
    Line("net_income", "Net income", INCOME, is_flow=True, is_signed=True),
    Line("operating_cash_flow", "Cash from operations", CASH_FLOW, is_flow=True, is_signed=True),
    Line("investing_cash_flow", "Cash from investing", CASH_FLOW, is_flow=True, is_signed=True),
    Line("financing_cash_flow", "Cash from financing", CASH_FLOW, is_flow=True, is_signed=True),
    Line("shares_issued", "Shares issued", CASH_FLOW, is_flow=True, is_signed=True),
)
BY_ID = {line.id: line for line in LINES}
