"""Facts that disputes announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisputesOpened:
    """Customers object to parts of items."""

    entity_id: int
    dispute_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DisputeEnded:
    """A dispute was found valid, partly valid or invalid."""

    entity_id: int
    dispute_id: int
    verdict: str


@dataclass(frozen=True, slots=True)
class DeductionsDropped:
    """Deductions ended because the application of their payment was taken back."""

    entity_id: int
    dispute_ids: tuple[int, ...]
