"""Reads of the ledger."""

from duly.ledger.queries.balances import (
    BatchRow,
    EntryRow,
    PostingRow,
    batches,
    batches_by_id,
    batches_of_kind,
    control_by_customer,
    control_totals,
    entries_of,
    entries_with_postings,
    known_sequence,
    known_sequence_sql,
    latest_seal,
    received_between,
    recorded_moments,
    sequence_known_at,
)

__all__ = [
    "BatchRow",
    "EntryRow",
    "PostingRow",
    "batches",
    "batches_by_id",
    "batches_of_kind",
    "control_by_customer",
    "control_totals",
    "entries_of",
    "entries_with_postings",
    "known_sequence",
    "known_sequence_sql",
    "latest_seal",
    "received_between",
    "recorded_moments",
    "sequence_known_at",
]
