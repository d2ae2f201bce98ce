"""Which tables are guarded by their triggers."""

from collections.abc import Collection

from django.db import connection


def unguarded(tables: Collection[str]) -> list[str]:
    """Those of some append-only tables whose triggers are gone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0] for row in cursor.fetchall()}
    return [table for table in tables if not {f"{table}_no_update", f"{table}_no_delete"} <= there]
