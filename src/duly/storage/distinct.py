"""The few values of a column of many rows, found by leaping along an index."""

from django.db import connection, models

# From each value straight to the next one, instead of over all rows.
_LEAPS = """
WITH RECURSIVE seen(value) AS (
  SELECT MIN("{column}") FROM "{table}" WHERE entity_id = %s AND "{column}" > ''
  UNION ALL
  SELECT (SELECT MIN("{column}") FROM "{table}" WHERE entity_id = %s AND "{column}" > value)
    FROM seen WHERE value IS NOT NULL)
SELECT value FROM seen WHERE value IS NOT NULL LIMIT %s
"""


def distinct(
    model: type[models.Model], column: str, *, entity_id: int, limit: int = 200
) -> list[str]:
    """The texts that a column of an entity's rows holds, in order; at most `limit`.

    Given: a column that stands behind the entity at the head of an index.
    """
    sql = _LEAPS.format(table=model._meta.db_table, column=column)
    with connection.cursor() as cursor:
        cursor.execute(sql, [entity_id, entity_id, limit])
        return [value for (value,) in cursor.fetchall()]
