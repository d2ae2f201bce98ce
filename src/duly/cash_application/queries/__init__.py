"""Reads of cash application."""

from duly.cash_application.queries.gathering import Gathered, gather, told_by_bank
from duly.cash_application.queries.lines import (
    BatchLine,
    Source,
    accounts_of,
    batches_with_lines,
    holders_of,
    known_lines,
    latest_bank_day,
    line_count_of_batch,
    lines_by_batch,
    lines_of_batch,
    overlapping,
    sources_of,
    statements_of,
)
from duly.cash_application.queries.matches import aliases, applications_of_matches, let_pass_of_year
from duly.cash_application.queries.proofs import prove_lines
from duly.cash_application.queries.proposing import Proposed, propose_matches

__all__ = [
    "BatchLine",
    "Gathered",
    "Proposed",
    "Source",
    "accounts_of",
    "aliases",
    "applications_of_matches",
    "batches_with_lines",
    "gather",
    "holders_of",
    "known_lines",
    "latest_bank_day",
    "let_pass_of_year",
    "line_count_of_batch",
    "lines_by_batch",
    "lines_of_batch",
    "overlapping",
    "propose_matches",
    "prove_lines",
    "sources_of",
    "statements_of",
    "told_by_bank",
]
