"""Rows of a long answer in parts, so that they never all stand in memory at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

PART = 5_000


def stream(sql: str, params: Sequence[Any]) -> Iterator[list[tuple]]:
    """Parts of the rows of a SELECT, in order; on PostgreSQL from a cursor of the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, list(params))
        while rows := cursor.fetchmany(PART):
            yield rows
