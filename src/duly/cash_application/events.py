"""Facts that cash application announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentsMatched:
    """Payments were applied, each by one decision."""

    batch_id: int
    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class MatchesUndone:
    """What was applied of payments was taken back."""

    batch_id: int
    entity_id: int
    payment_ids: tuple[int, ...]
