"""Reads of cash application."""

from duly.cash_application.queries.advices import (
    Advised,
    advices_for,
    advices_kept,
    files_taken,
    joins_of,
)
from duly.cash_application.queries.gathering import Gathered, gather, told_by_bank
from duly.cash_application.queries.lines import (
    BatchLine,
    Source,
    account_rows,
    accounts_of,
    batches_of_account,
    batches_with_lines,
    documents_of,
    files_told,
    holders_of,
    known_lines,
    latest_bank_day,
    line_count_of_batch,
    lines_by_batch,
    lines_of_batch,
    overlapping,
    sources_of,
    statements_of,
    sums_by_day,
)
from duly.cash_application.queries.matches import aliases, applications_of_matches, let_pass_of_year
from duly.cash_application.queries.notices import (
    lines_to_open,
    noticed_batches,
    noticed_parts,
    opened_by,
    opened_for,
    payments_of_lines,
)
from duly.cash_application.queries.policies import policy_on
from duly.cash_application.queries.probable import ProbablyPaid, likely_paid, probably_paid
from duly.cash_application.queries.proofs import prove_lines
from duly.cash_application.queries.proposing import Proposed, propose_matches
from duly.cash_application.queries.returns import UndoingLine, undoing_lines

__all__ = [
    "Advised",
    "BatchLine",
    "Gathered",
    "ProbablyPaid",
    "Proposed",
    "Source",
    "UndoingLine",
    "account_rows",
    "accounts_of",
    "advices_for",
    "advices_kept",
    "aliases",
    "applications_of_matches",
    "batches_of_account",
    "batches_with_lines",
    "documents_of",
    "files_taken",
    "files_told",
    "gather",
    "holders_of",
    "joins_of",
    "known_lines",
    "latest_bank_day",
    "let_pass_of_year",
    "likely_paid",
    "line_count_of_batch",
    "lines_by_batch",
    "lines_of_batch",
    "lines_to_open",
    "noticed_batches",
    "noticed_parts",
    "opened_by",
    "opened_for",
    "overlapping",
    "payments_of_lines",
    "policy_on",
    "probably_paid",
    "propose_matches",
    "prove_lines",
    "sources_of",
    "statements_of",
    "sums_by_day",
    "told_by_bank",
    "undoing_lines",
]
