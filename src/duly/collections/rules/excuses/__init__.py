"""Excuses: what is asked and answered, when it is looked at again, and whether it proved true."""

from duly.collections.rules.excuses.proving import Came, Heard, Ledger, Outcome, count_up, prove
from duly.collections.rules.excuses.reading import (
    RESERVED_KEYS,
    Excuse,
    document_of,
    follow_day,
    in_language,
    read_excuse,
    refuse_taken_key,
)

__all__ = [
    "RESERVED_KEYS",
    "Came",
    "Excuse",
    "Heard",
    "Ledger",
    "Outcome",
    "count_up",
    "document_of",
    "follow_day",
    "in_language",
    "prove",
    "read_excuse",
    "refuse_taken_key",
]
