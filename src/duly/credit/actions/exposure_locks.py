"""Keep others from using the limits that one decides by.

Whatever uses a customer's limit waits for the lock of its family, so that no two orders take the
last of it. Locks are few and taken in one order: first those of references, then of families.
"""

import zlib
from collections.abc import Collection, Sequence

from duly.parties.queries.families import Member, families_of
from duly.storage import locks

_LOCKS = 64  # of each sort: a batch takes all of them at most


def lock_families(
    *, entity_id: int, customer_ids: Collection[int], refs: Sequence[str]
) -> dict[int, Member]:
    """Keep out whoever would use the limits of these families; return the families' members."""
    for place in sorted({zlib.crc32(ref.encode()) % _LOCKS for ref in refs if ref}):
        locks.hold(f"orders:{entity_id}:{place}")
    held: set[int] = set()
    while True:
        family = families_of(customer_ids)
        tops = {pk % _LOCKS for pk, one in family.items() if one.parent_id is None}
        if tops <= held:  # nobody was moved to another family while we waited
            return family
        for place in sorted(tops - held):
            locks.hold(f"exposure:{entity_id}:{place}")
        held |= tops
