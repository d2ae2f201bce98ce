"""Locks by name, held until the transaction ends.

SQLite has one writer at a time (transactions are IMMEDIATE), so a lock there is already held.
"""

from django.db import connection


def hold(name: str) -> None:
    """Wait for the named lock and keep it to the end of this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"duly:{name}"]
            )
