"""Verbs of cash application: the only writers of its records."""

from duly.cash_application.actions.aliases import (
    AliasDraft,
    learn_aliases,
    revoke_alias,
    unlearn,
)
from duly.cash_application.actions.lines import (
    LineDraft,
    StatementDraft,
    book_lines,
    keep_statements,
    open_account,
    reserve_statements,
    void_lines,
)
from duly.cash_application.actions.matching import (
    accept_match,
    match_payments,
    undo_matches,
)
from duly.cash_application.actions.setting_aside import set_aside_payments, take_up_payments

__all__ = [
    "AliasDraft",
    "LineDraft",
    "StatementDraft",
    "accept_match",
    "book_lines",
    "keep_statements",
    "learn_aliases",
    "match_payments",
    "open_account",
    "reserve_statements",
    "revoke_alias",
    "set_aside_payments",
    "take_up_payments",
    "undo_matches",
    "unlearn",
    "void_lines",
]
