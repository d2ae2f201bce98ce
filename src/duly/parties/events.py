"""Facts that parties announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankDetailsChanged:
    """An entity is paid to other bank details from now on; two persons agreed."""

    entity_id: int
    currency: str
    approval_id: int
    is_first: bool
