"""Proofs over open items: they agree with the ledger, with their applications, with their terms."""

from duly.receivables.queries.proofs.aging import proof_days, prove_aging
from duly.receivables.queries.proofs.control import prove_control
from duly.receivables.queries.proofs.discounts import prove_discounts
from duly.receivables.queries.proofs.items import prove_items, prove_payments
from duly.receivables.queries.proofs.kinship import prove_kinship

__all__ = [
    "proof_days",
    "prove_aging",
    "prove_control",
    "prove_discounts",
    "prove_items",
    "prove_kinship",
    "prove_payments",
]
