"""Locks by name: to the end of a transaction, or for as long as a process lives.

SQLite has one writer at a time (transactions are IMMEDIATE), so a lock of a transaction is already
held there; a process holds its lock by a file in the home.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, connections

from duly.storage.prepared import prepared_rows


def hold(name: str) -> None:
    """Wait for the named lock and keep it to the end of this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"duly:{name}"]
            )


def is_alone() -> bool:
    """Whether a transaction keeps out all other writers as it is, so that it needs no lock."""
    return connection.vendor != "postgresql"


def hold_selected(select: str, params: Sequence[object]) -> set[str]:
    """Wait for the locks of the names that a statement selects, in its order; return them.

    Given: `select` of one column, `name`. Not where `is_alone()`.
    """
    rows = prepared_rows(
        "SELECT name, pg_advisory_xact_lock(hashtextextended('duly:' || name, 0))"
        f" FROM ({select}) AS names",
        params,
    )
    return {row[0] for row in rows}


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold the lock of a work that one process of an installation does; yields whether it is ours.

    The lock goes with its holder: whoever gets it knows that nobody else is at the same work, and
    that what is marked as being worked on was left behind.
    """
    in_database = connection.vendor == "postgresql"
    with _lock_in_database(name) if in_database else _lock_in_home(name) as is_ours:
        yield is_ours


@contextmanager
def _lock_in_database(name: str) -> Iterator[bool]:
    # A connection of its own: the lock lives as long as the connection, and others are recycled.
    own: Any = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"duly:{name}"])
            yield bool(cursor.fetchone()[0])
    finally:
        own.close()


@contextmanager
def _lock_in_home(name: str) -> Iterator[bool]:
    import fcntl

    with (settings.HOME / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
