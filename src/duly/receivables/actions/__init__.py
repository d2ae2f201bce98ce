"""Verbs of receivables: the only writers of documents, items, payments and applications.

All take an open `ledger.actions.Recorder` and a batch of records: one is a batch of one.
"""

from duly.receivables.actions.aging import age_balances
from duly.receivables.actions.applying import (
    ElsewhereDraft,
    apply_payments,
    settle_elsewhere,
    take_back_applications,
)
from duly.receivables.actions.attributing import attribute_payments
from duly.receivables.actions.issuing import DocumentDraft, InstalmentDraft, issue_documents
from duly.receivables.actions.receiving import PaymentDraft, receive_payments
from duly.receivables.actions.refunding import (
    REFUND,
    RefundDraft,
    ask_refund,
    decide_refund,
    lapse_refunds,
    pay_refund,
)
from duly.receivables.actions.relieving import ReliefDraft, relieve_charges
from duly.receivables.actions.returning import return_payments, take_back_returns
from duly.receivables.actions.settling import CHARGE_REVERSED, CHARGE_WAIVED
from duly.receivables.actions.voiding import void_documents, void_payments
from duly.receivables.rules.returning import ReturnDraft

__all__ = [
    "CHARGE_REVERSED",
    "CHARGE_WAIVED",
    "REFUND",
    "DocumentDraft",
    "ElsewhereDraft",
    "InstalmentDraft",
    "PaymentDraft",
    "RefundDraft",
    "ReliefDraft",
    "ReturnDraft",
    "age_balances",
    "apply_payments",
    "ask_refund",
    "attribute_payments",
    "decide_refund",
    "issue_documents",
    "lapse_refunds",
    "pay_refund",
    "receive_payments",
    "relieve_charges",
    "return_payments",
    "settle_elsewhere",
    "take_back_applications",
    "take_back_returns",
    "void_documents",
    "void_payments",
]
