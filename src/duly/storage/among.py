"""`filter(pk__in=among(ids))`: any number of values as one parameter.

Django makes a placeholder of each value of an `in`: SQLite takes 32,766 of them, and thousands
cost more to prepare than to look up. Here the database reads one list: an array on PostgreSQL,
JSON on SQLite.
"""

import json
from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


def listed(values: Collection[int]) -> tuple[str, object]:
    """SQL that selects some numbers, for an `IN` of a statement of one's own, and its parameter."""
    if connection.vendor == "postgresql":
        # As the text of an array: the driver would look at each number to find the smallest type.
        return "SELECT unnest(%s::bigint[])", f"{{{','.join(map(str, values))}}}"
    return "SELECT value FROM json_each(%s)", json.dumps(list(values))


def listed_texts(values: Collection[str]) -> tuple[str, object]:
    """The same of some texts."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::text[])", list(values)
    return "SELECT value FROM json_each(%s)", json.dumps(list(values))


def among(values: Collection[int] | Collection[str]) -> RawSQL | list[int]:
    """Values for an `in` lookup on a column of numbers or of texts; repeats do no harm."""
    listed = list(values)
    if not listed:
        return []
    if connection.vendor == "postgresql":
        array = "bigint[]" if isinstance(listed[0], int) else "text[]"
        return RawSQL(f"SELECT unnest(%s::{array})", [listed])  # noqa: S611 (parameters only)
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])


def hashed(column: str, values: Collection[int]) -> RawSQL:
    """`filter(hashed("table.column", values))`: the same for a column that has no index.

    PostgreSQL may go through all rows once for each value of `among`; of an array of the column's
    own type it makes a hash.
    """
    select, parameter = listed(values)
    is_among = "= ANY(%s::bigint[])" if connection.vendor == "postgresql" else f"IN ({select})"
    return RawSQL(f"{column} {is_among}", [parameter], output_field=BooleanField())  # noqa: S611
