"""Statements that are asked many times a second: PostgreSQL plans them once a connection.

Django writes the values into the text of a statement, which PostgreSQL then plans anew each time:
for one of many parts that takes longer than to run it. SQLite keeps what it compiled by itself.
Plans belong to a connection, as the locks of a session do: a pooler that changes it from one
transaction to the next can't stand between.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

_TIMES = 2  # a statement is prepared when it comes for the third time


def prepared_rows(sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows of a statement, for one whose text is the same each time.

    Where PostgreSQL can't tell the type of a parameter it is to be cast: `%s::bigint[]`.
    """
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def prepared_cursor() -> Any:
    """A cursor whose statements are planned once."""
    if connection.vendor != "postgresql" or connection.queries_logged:  # what is logged is whole
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    connection.connection.prepare_threshold = _TIMES
    server_side: Any = ServerBindingCursor  # whose types Django does not tell
    return connection.make_cursor(server_side(connection.connection))
