"""Families: a customer with everybody above and below it."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from duly.parties.models import Rate
from duly.storage.among import among, listed


class Member(NamedTuple):
    """A customer of a family, and who stands above it."""

    id: int
    parent_id: int | None
    code: str
    currency: str


# Up from some customers to their tops, then down from each: UNION ends also where somebody made a
# circle of parents, which then has no top.
_FAMILIES = """
WITH RECURSIVE up(id, parent_id) AS (
  SELECT id, parent_id FROM parties_customer WHERE id IN ({some})
  UNION SELECT c.id, c.parent_id FROM parties_customer c JOIN up ON c.id = up.parent_id),
down(id) AS (
  SELECT id FROM up WHERE parent_id IS NULL
  UNION SELECT c.id FROM parties_customer c JOIN down ON c.parent_id = down.id)
SELECT c.id, c.parent_id, c.code, c.currency FROM parties_customer c
 WHERE c.id IN (SELECT id FROM down)
"""


def families_of(customer_ids: Collection[int]) -> dict[int, Member]:
    """{id: member} of the whole families of some customers."""
    select, some = listed(customer_ids)
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES.format(some=select), [some])
        return {row[0]: Member(*row) for row in cursor.fetchall()}


def latest_rates(
    *, entity_id: int, currencies: Collection[str], on: date
) -> dict[str, tuple[date, Decimal]]:
    """{currency: (its day, what one unit of the entity's currency costs)}, the latest by a day, of
    some currencies: a few rows, however long rates have been kept."""
    newest = (
        Rate.objects.filter(entity_id=entity_id, currency=OuterRef("currency"), on__lte=on)
        .order_by("-on")
        .values("on")[:1]
    )
    rows = Rate.objects.filter(
        entity_id=entity_id, currency__in=among(currencies), on=Subquery(newest)
    )
    return {row.currency: (row.on, Decimal(row.per_entity_currency)) for row in rows}
