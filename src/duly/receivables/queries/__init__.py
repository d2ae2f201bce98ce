"""Reads of receivables."""

from duly.receivables.queries.aging import (
    EVERYTHING,
    Aging,
    AgingRow,
    Scope,
    TieOut,
    aging,
    tie_out,
)

__all__ = ["EVERYTHING", "Aging", "AgingRow", "Scope", "TieOut", "aging", "tie_out"]
