"""Payment terms: what was agreed about when to pay, and for how much less if sooner.

`parse_terms` reads what people and files write; `Terms.code` is the one written form that we
keep; `Terms.schedule` turns an amount and a day into instalments. Where a text has two readings we
never choose: it is refused with both told, or kept as free text that gives no due date.
See: docs/sources.md, terms of sale; XRechnung, BT-20 (`#SKONTO#` lines).
"""

from duly.kernel.terms.agreement import DiscountStep, Instalment, Share, Terms, free_text_terms
from duly.kernel.terms.clauses import (
    Cash,
    DayOfMonth,
    Discount,
    DueRule,
    MonthEnd,
    NetDays,
    NetMonths,
)
from duly.kernel.terms.codes import terms_from_code
from duly.kernel.terms.reading import parse_terms

__all__ = [
    "Cash",
    "DayOfMonth",
    "Discount",
    "DiscountStep",
    "DueRule",
    "Instalment",
    "MonthEnd",
    "NetDays",
    "NetMonths",
    "Share",
    "Terms",
    "free_text_terms",
    "parse_terms",
    "terms_from_code",
]
