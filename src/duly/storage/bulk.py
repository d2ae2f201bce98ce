"""Many rows in one statement: COPY on PostgreSQL, executemany on SQLite.

Rows are tuples in the order of the model's columns, with their ids: ids are taken beforehand
(`reserve_ids`), so that rows which point at each other need no round trip between them. Dates are
ISO texts and moments ISO texts, as both databases read them.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import TypeVar

from django.db import connection, models

from duly.storage.prepared import prepared_cursor

Row = tuple[object, ...]
T = TypeVar("T")


@cache
def column_names(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a model in the order in which rows give them."""
    return tuple(field.column for field in model._meta.concrete_fields)


@cache
def _text_columns(model: type[models.Model]) -> tuple[str, ...]:
    text = (models.CharField, models.TextField)
    return tuple(f.column for f in model._meta.concrete_fields if isinstance(f, text))


def reserve_ids(model: type[models.Model], count: int) -> range:
    """Take `count` ids in a row for rows about to be written. Call inside the transaction.

    No id is taken twice, also not that of a row that was removed: its trail goes on under it.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The session lock keeps two takers from moving the sequence under each other.
            cursor.execute(
                "WITH held AS (SELECT pg_advisory_lock(hashtext(%s))),"
                " moved AS (SELECT setval(s, nextval(s) + %s - 1) AS last"
                "   FROM held, (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS s) AS q)"
                " SELECT last, pg_advisory_unlock(hashtext(%s)) FROM moved",
                [table, count, table, table],
            )
            last = cursor.fetchone()[0]
            return range(last - count + 1, last + 1)
        # SQLite: the transaction already holds the only write lock. It remembers the last id of
        # tables whose rows can go; where none ever goes, the highest is the last.
        cursor.execute(
            f'SELECT MAX(COALESCE((SELECT MAX(id) FROM "{table}"), 0),'
            " COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        first = cursor.fetchone()[0] + 1
        return range(first, first + count)


def slices(rows: Iterable[T], size: int = 10_000) -> Iterator[list[T]]:
    """What is there in parts, in order: what is made of one part can go before the next is made."""
    source = iter(rows)
    return iter(lambda: list(islice(source, size)), [])


def lines_of(rows: Sequence[Row]) -> bytes:
    """Rows as CSV lines: what COPY reads, and the written form that seals are taken over."""
    if not rows:
        return b""
    text = _plain_lines(rows)
    if text is None:
        text = _written(rows, "\n")
        if "\r" in text:
            # COPY takes a carriage return for the end of a row unless it is quoted, which Python
            # does only where lines end with one.
            text = "".join(f"{_written([row], _CRLF).removesuffix(_CRLF)}\n" for row in rows)
    return text.encode()


_CRLF = "\r\n"


def _written(rows: Sequence[Row], line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def _plain_lines(rows: Sequence[Row]) -> str | None:
    """The same lines by formatting, in half the time; None where that would not be CSV: where a
    text needs quotes, or a column is empty in some rows only.
    """
    width = len(rows[0])
    marks = ["%s"] * width
    for index, value in enumerate(rows[0]):
        if value is None:
            if any(row[index] is not None for row in rows):
                return None
            marks[index] = "%.0s"  # nothing of it
    line = ",".join(marks) + "\n"
    text = "".join(map(line.__mod__, rows))
    is_plain = (
        text.count(",") == (width - 1) * len(rows)
        and text.count("\n") == len(rows)
        and not any(sign in text for sign in ('"', "\r", "None"))
    )
    return text if is_plain else None


def rows_there(
    model: type[models.Model], first_id: int, last_id: int, instead: Mapping[str, str]
) -> list[Row]:
    """The rows with these ids, in order; `instead` maps columns to what stands in their place."""
    columns = ", ".join(instead.get(name, f'"{name}"') for name in column_names(model))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM "{model._meta.db_table}" WHERE id BETWEEN %s AND %s'
            " ORDER BY id",
            [first_id, last_id],
        )
        return cursor.fetchall()


def lines_there(
    model: type[models.Model], first_id: int, last_id: int, instead: Mapping[str, str]
) -> bytes:
    """The lines of the rows with these ids as the database writes them, no row passing by here.

    `instead` maps columns to what is written in their place. A few times faster than `lines_of`,
    and the same but for moments and what else a database writes in its own way: where the two
    differ, `lines_of` counts.
    """
    table, texts = model._meta.db_table, _text_columns(model)
    wanted = [(instead.get(name, f'"{name}"'), name in texts) for name in column_names(model)]
    within = f'FROM "{table}" WHERE id BETWEEN {first_id:d} AND {last_id:d} ORDER BY id'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cells = [f"NULLIF({cell}, '')" if is_text else cell for cell, is_text in wanted]
            select = f"SELECT {', '.join(cells)} {within}"
            with cursor.copy(f"COPY ({select}) TO STDOUT WITH (FORMAT csv)") as copy:
                return b"".join(copy)
        form = ",".join(["%s"] * len(wanted))
        cells = [_QUOTED.format(cell) if is_text else cell for cell, is_text in wanted]
        cursor.execute(
            "SELECT CAST(group_concat(line, char(10)) || char(10) AS BLOB)"
            f" FROM (SELECT printf('{form}', {', '.join(cells)}) AS line {within})"
        )
        return cursor.fetchone()[0] or b""


_QUOTED = (
    """CASE WHEN {0} GLOB '*[",\r\n]*' THEN '"' || replace({0}, '"', '""') || '"' ELSE {0} END"""
)


def insert_rows(model: type[models.Model], rows: Sequence[Row], lines: bytes | None = None) -> None:
    """Write rows of one model. `lines` are `lines_of(rows)` where the caller has them already."""
    if not rows:
        return
    table = model._meta.db_table
    names = column_names(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kept = ", ".join(f'"{name}"' for name in _text_columns(model))
            force = f", FORCE_NOT_NULL ({kept})" if kept else ""
            columns = ", ".join(f'"{name}"' for name in names)
            with cursor.copy(
                f'COPY "{table}" ({columns}) FROM STDIN WITH (FORMAT csv{force})'
            ) as copy:
                copy.write(lines if lines is not None else lines_of(rows))
            return
        # Straight to sqlite3: Django's wrapper would rewrite the statement's placeholders.
        columns = ", ".join(f'"{name}"' for name in names)
        marks = f"({', '.join('?' * len(names))})"
        insert = f'INSERT INTO "{table}" ({columns}) VALUES '
        whole = len(rows) - len(rows) % _AT_ONCE
        connection.connection.executemany(
            insert + ", ".join([marks] * _AT_ONCE),
            (
                tuple(chain.from_iterable(rows[first : first + _AT_ONCE]))
                for first in range(0, whole, _AT_ONCE)
            ),
        )
        connection.connection.executemany(insert + marks, rows[whole:])


@cache
def _insert(model: type[models.Model], unless: str) -> tuple[str, tuple[models.Field, ...]]:
    fields = tuple(one for one in model._meta.concrete_fields if not one.primary_key)
    names = ", ".join(f'"{one.column}"' for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    keep = f' ON CONFLICT ("{unless}") DO NOTHING' if unless else ""
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks}){keep} RETURNING id',
        fields,
    )


def insert_row(row: models.Model, *, unless: str = "") -> bool:
    """Write one new row and give it its id; whether it was written.

    As Django's `save` does it, by a statement that is made once. Given: `unless` a unique column
    whose value may be there already: then nothing is written.
    """
    sql, fields = _insert(type(row), unless)
    values = [one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields]
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is not None:
        row.pk = found[0]
        row._state.adding = False
    return found is not None


_AT_ONCE = 50  # rows a statement of SQLite: a fifth faster than one, and few enough for any SQLite
