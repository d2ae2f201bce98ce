"""Reads of cash application."""

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
from duly.cash_application.queries.proofs import prove_lines

__all__ = [
    "BatchLine",
    "Source",
    "accounts_of",
    "batches_with_lines",
    "holders_of",
    "known_lines",
    "latest_bank_day",
    "line_count_of_batch",
    "lines_by_batch",
    "lines_of_batch",
    "overlapping",
    "prove_lines",
    "sources_of",
    "statements_of",
]
