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

__all__ = [
    "LineDraft",
    "StatementDraft",
    "book_lines",
    "keep_statements",
    "open_account",
    "reserve_statements",
    "void_lines",
]
