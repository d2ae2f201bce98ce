"""Fields that the two databases need to be told apart."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RowId(models.BigAutoField):
    """The id of rows written in bulk and never deleted.

    SQLite keeps a table of last ids for AUTOINCREMENT and writes to it at every row: a fifth of
    the time of a bulk write, for a promise (no id is used twice) that rows which are never deleted
    keep anyway.
    """

    def db_type_suffix(self, connection: BaseDatabaseWrapper) -> str | None:
        """No AUTOINCREMENT on SQLite; PostgreSQL's identity as ever."""
        return None if connection.vendor == "sqlite" else super().db_type_suffix(connection)
