"""`filter(pk__in=among(ids))`: any number of values as one parameter.

Django makes a placeholder of each value of an `in`: SQLite takes 32,766 of them, and thousands
cost more to prepare than to look up. Here the database reads one list: an array on PostgreSQL,
JSON on SQLite.
"""

import json
from collections.abc import Collection

from django.db import connection
from django.db.models.expressions import RawSQL


def listed(values: Collection[int]) -> tuple[str, object]:
    """SQL that selects some numbers, for an `IN` of a statement of one's own, and its parameter."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", list(values)
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
