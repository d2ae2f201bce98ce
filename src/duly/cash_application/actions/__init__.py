"""Verbs of cash application: the only writers of its records."""

from duly.cash_application.actions.accounts import join_accounts, open_account, part_accounts
from duly.cash_application.actions.advices import AdviceDraft, take_advices, void_advices
from duly.cash_application.actions.aliases import (
    AliasDraft,
    learn_aliases,
    revoke_alias,
    unlearn,
)
from duly.cash_application.actions.differences import ask_difference, decide_difference
from duly.cash_application.actions.kinds import drop_kind, set_aside_by_kind, set_kind
from duly.cash_application.actions.lines import (
    LineDraft,
    StatementDraft,
    book_lines,
    keep_statements,
    reserve_statements,
    void_lines,
)
from duly.cash_application.actions.matching import (
    accept_match,
    match_payments,
    undo_items,
    undo_matches,
)
from duly.cash_application.actions.notices import (
    NoticedDraft,
    keep_noticed,
    open_lines,
    void_noticed,
)
from duly.cash_application.actions.on_account import take_off_account
from duly.cash_application.actions.policies import set_matching
from duly.cash_application.actions.returning import (
    LineOutcome,
    return_lines,
    tie_line,
    untie_lines,
)
from duly.cash_application.actions.setting_aside import set_aside_payments, take_up_payments

__all__ = [
    "AdviceDraft",
    "AliasDraft",
    "LineDraft",
    "LineOutcome",
    "NoticedDraft",
    "StatementDraft",
    "accept_match",
    "ask_difference",
    "book_lines",
    "decide_difference",
    "drop_kind",
    "join_accounts",
    "keep_noticed",
    "keep_statements",
    "learn_aliases",
    "match_payments",
    "open_account",
    "open_lines",
    "part_accounts",
    "reserve_statements",
    "return_lines",
    "revoke_alias",
    "set_aside_by_kind",
    "set_aside_payments",
    "set_kind",
    "set_matching",
    "take_advices",
    "take_off_account",
    "take_up_payments",
    "tie_line",
    "undo_items",
    "undo_matches",
    "unlearn",
    "untie_lines",
    "void_advices",
    "void_lines",
    "void_noticed",
]
