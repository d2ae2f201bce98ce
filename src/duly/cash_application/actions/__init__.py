"""Verbs of cash application: the only writers of its records."""

from duly.cash_application.actions.lines import (
    LineDraft,
    StatementDraft,
    book_lines,
    keep_statements,
    open_account,
    reserve_statements,
    void_lines,
)
from duly.cash_application.actions.returning import LineOutcome, return_lines, tie_line

__all__ = [
    "LineDraft",
    "LineOutcome",
    "StatementDraft",
    "book_lines",
    "keep_statements",
    "open_account",
    "reserve_statements",
    "return_lines",
    "tie_line",
    "void_lines",
]
