"""News of credit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreditRequestsSubmitted:
    """Applicants sent in their requests."""

    entity_id: int
    request_ids: tuple[int, ...]
