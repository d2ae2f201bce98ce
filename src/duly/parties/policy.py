"""Knobs of parties."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankDetailsPolicy:
    """How long customers are told that our bank details changed."""

    notice_days: int = 90


BANK_DETAILS = BankDetailsPolicy()
