"""The chart of accounts: one chart for every entity.

House rule: the control accounts together hold what customers owe, less what they sent and we have
not applied.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """One ledger account; `is_control` accounts are proved against the open items."""

    id: int
    code: str
    name: str
    is_control: bool = False


RECEIVABLE = Account(1, "receivable", "Receivable", is_control=True)
DEDUCTIONS_RECEIVABLE = Account(2, "deductions_receivable", "Deductions receivable", True)
UNAPPLIED_CASH = Account(3, "unapplied_cash", "Unapplied cash", is_control=True)
BANK = Account(4, "bank", "Bank")
BILLING_CLEARING = Account(5, "billing_clearing", "Billing clearing")
OPENING_BALANCES = Account(6, "opening_balances", "Opening balances")
SETTLED_ELSEWHERE = Account(7, "settled_elsewhere", "Settled elsewhere")
DISCOUNT_ALLOWED = Account(8, "discount_allowed", "Discount allowed")
SMALL_DIFFERENCES = Account(9, "small_differences", "Small differences")
FINANCE_CHARGE_INCOME = Account(10, "finance_charge_income", "Finance charge income")
BAD_DEBT = Account(11, "bad_debt", "Bad debt")
BAD_DEBT_RECOVERED = Account(12, "bad_debt_recovered", "Bad debt recovered")
BANK_CHARGES = Account(13, "bank_charges", "Bank charges")

CHART = (
    RECEIVABLE,
    DEDUCTIONS_RECEIVABLE,
    UNAPPLIED_CASH,
    BANK,
    BILLING_CLEARING,
    OPENING_BALANCES,
    SETTLED_ELSEWHERE,
    DISCOUNT_ALLOWED,
    SMALL_DIFFERENCES,
    FINANCE_CHARGE_INCOME,
    BAD_DEBT,
    BAD_DEBT_RECOVERED,
    BANK_CHARGES,
)
BY_ID = {account.id: account for account in CHART}
CONTROL_IDS = tuple(account.id for account in CHART if account.is_control)
