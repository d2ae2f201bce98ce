"""Many reads of one state of the database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction

from duly.kernel.proofs import MOST_VIOLATIONS


@contextmanager
def one_state() -> Iterator[None]:
    """Everything read inside is of the same moment; writers go on meanwhile, and are not seen.

    Inside a write it is that write's own state.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not through Django, whose transactions here take the write lock at once.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def days_between(first: str, last: str) -> str:
    """SQL of how many days lie from one column of dates to another; below zero where it is before.

    Input: names of columns, of ours.
    """
    if connection.vendor == "postgresql":
        return f"({last} - {first})"
    return f"CAST(julianday({last}) - julianday({first}) AS integer)"


def day_of(value: date | str | None) -> date | None:
    """A day as a statement of one's own reads it: SQLite gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def packed(*columns: str) -> str:
    """SQL of some columns as one JSON array: rows of several tables come by one statement then.

    Days are ISO texts in it. Input: names of columns, of ours.
    """
    row = ", ".join(columns)
    if connection.vendor == "postgresql":
        return f"CAST(json_build_array({row}) AS text)"
    return f"json_array({row})"


def first_rows(sql: str, params: Sequence[Any] = ()) -> list[tuple]:
    """What a proof's query finds broken: as many rows as are named one by one."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {MOST_VIOLATIONS}", params)
        return cursor.fetchall()
