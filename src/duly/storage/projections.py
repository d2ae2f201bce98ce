"""Sums kept beside the facts they come from, added to set by set. `duly check` proves them."""

from collections.abc import Mapping, Sequence

from django.db import connection, models

Key = tuple[object, ...]


def add_up(
    model: type[models.Model],
    keys: tuple[str, ...],
    sums: tuple[str, ...],
    amounts: Mapping[Key, tuple[int, ...]],
    resetting: Mapping[str, object] | None = None,
) -> None:
    """Add amounts to the rows of a projection that have these keys; missing rows are made.

    `amounts` maps a key tuple to what is added to each column of `sums`. Rows are written in key
    order, so that two writers never wait for each other in a circle. `resetting` names columns
    that are set to a value in each of these rows, also in those to which nothing is added.
    """
    reset = resetting or {}
    told = tuple(reset.values())
    rows = [
        (*key, *amounts[key], *told)
        for key in sorted(amounts, key=repr)
        if reset or any(amounts[key])
    ]
    table = model._meta.db_table
    changes = [f'"{name}" = "{table}"."{name}" + excluded."{name}"' for name in sums]
    changes += [f'"{name}" = excluded."{name}"' for name in reset]
    _upsert(model, keys, (*keys, *sums, *reset), changes, rows)


def put(
    model: type[models.Model],
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Set columns of the rows of a projection that have these keys: keys first in each row."""
    changes = [f'"{name}" = excluded."{name}"' for name in columns]
    _upsert(model, keys, (*keys, *columns), changes, rows)


def set_column(model: type[models.Model], column: str, values: Mapping[int, object]) -> None:
    """Set one column of rows that are there: {id: value}."""
    if not values:
        return
    table, rows = model._meta.db_table, sorted(values.items())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kind = model._meta.get_field(column).db_type(connection)
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = told.value'
                f" FROM unnest(%s::bigint[], %s::{kind}[]) AS told(id, value)"
                f' WHERE "{table}".id = told.id',
                [list(part) for part in zip(*rows, strict=True)],
            )
            return
        connection.connection.executemany(
            f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?',
            [(value, pk) for pk, value in rows],
        )


def _upsert(
    model: type[models.Model],
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    changes: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    if not rows:
        return
    table = model._meta.db_table
    names = ", ".join(f'"{name}"' for name in columns)
    conflict = ", ".join(f'"{name}"' for name in keys)
    tail = f" ON CONFLICT ({conflict}) DO UPDATE SET {', '.join(changes)}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement of arrays: a parameter for each value would cost more than the sums.
            types = [str(model._meta.get_field(name).db_type(connection)) for name in columns]
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT * FROM unnest({arrays}){tail}',
                [list(column) for column in zip(*rows, strict=True)],
            )
            return
        marks = ", ".join("?" * len(columns))
        connection.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks}){tail}',
            rows,
        )
