"""Sums kept beside the facts they come from, added to set by set. `duly check` proves them."""

from collections.abc import Mapping

from django.db import connection, models

Key = tuple[object, ...]


def add_up(
    model: type[models.Model],
    keys: tuple[str, ...],
    sums: tuple[str, ...],
    amounts: Mapping[Key, tuple[int, ...]],
) -> None:
    """Add amounts to the rows of a projection that have these keys; missing rows are made.

    `amounts` maps a key tuple to what is added to each column of `sums`. Rows are written in key
    order, so that two writers never wait for each other in a circle.
    """
    table = model._meta.db_table
    columns = (*keys, *sums)
    names = ", ".join(f'"{name}"' for name in columns)
    conflict = ", ".join(f'"{name}"' for name in keys)
    added = ", ".join(f'"{s}" = "{table}"."{s}" + excluded."{s}"' for s in sums)
    rows = [(*key, *amounts[key]) for key in sorted(amounts, key=repr) if any(amounts[key])]
    tail = f" ON CONFLICT ({conflict}) DO UPDATE SET {added}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement a thousand rows: a round trip a row would cost more than the sums.
            for start in range(0, len(rows), 1000):
                part = rows[start : start + 1000]
                marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(part))
                cursor.execute(
                    f'INSERT INTO "{table}" ({names}) VALUES {marks}{tail}',
                    [value for row in part for value in row],
                )
            return
        marks = ", ".join("?" * len(columns))
        connection.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks}){tail}',
            rows,
        )
