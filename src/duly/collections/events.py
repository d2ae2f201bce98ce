"""Facts that collections announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromisesMade:
    """Customers promised to pay."""

    entity_id: int
    promise_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PromisesJudged:
    """Promises were kept, kept in part, or broken."""

    entity_id: int
    kept: tuple[int, ...]
    partly_kept: tuple[int, ...]
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessagesQueued:
    """Messages wait for the worker."""

    entity_id: int
    count: int


@dataclass(frozen=True, slots=True)
class SendingSwitched:
    """Sending was switched: off, test, on or stopped."""

    entity_id: int
    mode: str


@dataclass(frozen=True, slots=True)
class ExcusesTold:
    """Customers told excuses."""

    entity_id: int
    excuse_ids: tuple[int, ...]
