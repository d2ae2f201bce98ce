"""Break the books behind the application's back, as someone with the database's password could."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

EVENTS = ("update", "delete", "truncate")


@contextmanager
def _without_triggers(table: str) -> Iterator[None]:
    """Triggers off for one act, and on again exactly as they were: seals must notice, not they."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else ALTER TABLE waits for them
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        triggers = cursor.fetchall()
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def plant(table: str, sql: str, *values: object) -> None:
    """Run one statement on a table with its triggers off; it must touch a row."""
    with _without_triggers(table), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0, f"nothing was planted: {sql}"


def change(table: str, pk: int, **values: object) -> None:
    """Change columns of one row."""
    columns = ", ".join(f'"{name}" = %s' for name in values)
    plant(table, f'UPDATE "{table}" SET {columns} WHERE id = %s', *values.values(), pk)


def drop(table: str, pk: int) -> None:
    """Remove one row."""
    plant(table, f'DELETE FROM "{table}" WHERE id = %s', pk)


def swap(table: str, one: int, other: int) -> None:
    """Let two rows change places: the same rows, in another order."""
    with _without_triggers(table), connection.cursor() as cursor:
        for was, becomes in ((one, -1), (other, one), (-1, other)):
            cursor.execute(f'UPDATE "{table}" SET id = %s WHERE id = %s', [becomes, was])
            assert cursor.rowcount == 1


def copy_row(table: str, pk: int, new_id: int, **values: object) -> None:
    """Slip in a row that no verb wrote: another one's columns, some of them changed."""
    with connection.cursor() as cursor:
        names = [
            column.name for column in connection.introspection.get_table_description(cursor, table)
        ]
    values = {"id": new_id, **values}
    columns = ", ".join(f'"{name}"' for name in names)
    taken = ", ".join("%s" if name in values else f'"{name}"' for name in names)
    given = [values[name] for name in names if name in values]
    plant(
        table,
        f'INSERT INTO "{table}" ({columns}) SELECT {taken} FROM "{table}" WHERE id = %s',
        *given,
        pk,
    )


def newest(table: str) -> int:
    """The highest id of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX(id) FROM "{table}"')
        return int(cursor.fetchone()[0])
