"""One process of an installation at a time, for as long as it lives.

The lock goes with its holder: whoever gets it knows that nobody else is at the same work, and that
what is marked as being worked on was left behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold the lock of a work; yields whether it is ours."""
    if connections["default"].vendor == "postgresql":
        with _lock_in_database(name) as is_ours:
            yield is_ours
    else:
        with _lock_in_home(name) as is_ours:
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
