"""Long lists of ids in parts that one statement can carry."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

LONGEST = 10_000  # SQLite takes 32,766 parameters; PostgreSQL 65,535


def of(values: Sequence[T], size: int = LONGEST) -> Iterator[Sequence[T]]:
    """The values in parts of at most `size`, in order."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
