"""Keep others from using the limits that one decides by.

Whatever uses a customer's limit waits for the lock of its family, so that no two orders take the
last of it. Locks are few and taken in one order: first those of references, then of families.
"""

import zlib
from collections.abc import Collection, Sequence

from duly.parties.queries.families import Member, families_of, tops_sql
from duly.storage import locks

_LOCKS = 64  # of each sort: a batch takes all of them at most

# One statement finds out whose locks are needed and takes them; each part is in its order.
_NAMES = """
SELECT name FROM unnest(%s::text[]) AS name
UNION ALL
SELECT %s::text || place FROM (SELECT DISTINCT MOD(id, %s::bigint) AS place FROM ({tops}) AS tops
                          ORDER BY place) AS places
"""


def lock_families(
    *, entity_id: int, customer_ids: Collection[int], refs: Sequence[str]
) -> dict[int, Member]:
    """Keep out whoever would use the limits of these families; return the families' members."""
    if locks.is_alone():
        return families_of(customer_ids)
    places = sorted({zlib.crc32(ref.encode()) % _LOCKS for ref in refs if ref})
    names = [f"orders:{entity_id}:{place}" for place in places]
    prefix = f"exposure:{entity_id}:"
    held: set[str] = set()
    while True:
        tops, params = tops_sql(customer_ids)
        held |= locks.hold_selected(_NAMES.format(tops=tops), [names, prefix, _LOCKS, *params])
        family = families_of(customer_ids)
        needed = {f"{prefix}{pk % _LOCKS}" for pk, one in family.items() if one.parent_id is None}
        if needed <= held:  # nobody was moved to another family while we waited
            return family
