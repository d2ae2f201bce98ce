"""Knobs of intake."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SnapshotPolicy:
    """How much of the open book a snapshot may close unasked."""

    most_closing_percent: int = 20  # of the items, and of the value in any currency


SNAPSHOT = SnapshotPolicy()
