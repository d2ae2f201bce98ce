"""Families: a customer with everybody above and below it."""

from collections.abc import Collection
from typing import NamedTuple

from duly.storage.among import listed
from duly.storage.prepared import prepared_rows


class Member(NamedTuple):
    """A customer of a family: who stands above it, and the limit that it came with."""

    id: int
    parent_id: int | None
    code: str
    currency: str
    limit_minor: int | None = None


# Up from some customers to their tops, then down from each: UNION ends also where somebody made a
# circle of parents, which then has no top.
_UP = """
WITH RECURSIVE up(id, parent_id) AS (
  SELECT id, parent_id FROM parties_customer WHERE id IN ({some})
  UNION SELECT c.id, c.parent_id FROM parties_customer c JOIN up ON c.id = up.parent_id)"""
_FAMILIES = f"""{_UP},
down(id) AS (
  SELECT id FROM up WHERE parent_id IS NULL
  UNION SELECT c.id FROM parties_customer c JOIN down ON c.parent_id = down.id)
SELECT c.id, c.parent_id, c.code, c.currency, c.credit_limit_minor FROM parties_customer c
 WHERE c.id IN (SELECT id FROM down)
"""


def above_sql(select: str) -> str:
    """above(customer_id, above_id), for a WITH RECURSIVE: each of some customers with itself and
    everybody above it. Given: the statement that selects them, once each or more."""
    return f"""above(customer_id, above_id) AS (
  SELECT id, id FROM parties_customer WHERE id IN ({select})
  UNION SELECT above.customer_id, c.parent_id FROM above JOIN parties_customer c
    ON c.id = above.above_id WHERE c.parent_id IS NOT NULL)"""


def families_of(customer_ids: Collection[int]) -> dict[int, Member]:
    """{id: member} of the whole families of some customers."""
    select, some = listed(customer_ids)
    rows = prepared_rows(_FAMILIES.format(some=select), [some])
    return {row[0]: Member(*row) for row in rows}


def tops_sql(customer_ids: Collection[int]) -> tuple[str, list[object]]:
    """(SELECT id; its parameters) of the tops of some customers' families."""
    select, some = listed(customer_ids)
    return f"{_UP.format(some=select)} SELECT id FROM up WHERE parent_id IS NULL", [some]
