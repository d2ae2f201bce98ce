"""Proof of the period locks, by their place in the chain of seals."""

from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.models import PeriodLock
from duly.storage.reading import first_rows

# Each lock with the seals between which it stood, and the day of the lock before it.
_LOCKS = """
WITH locks AS (
  SELECT l.id, l.entity_id, l.through_on, s.batch_id, s.sequence AS since,
    LEAD(s.sequence) OVER earlier AS until, LAG(l.through_on) OVER earlier AS through_before
  FROM ledger_periodlock l
  JOIN ledger_sealblock b ON b."table" = 'ledger_periodlock'
    AND l.id BETWEEN b.first_id AND b.first_id + b.count - 1
  JOIN ledger_seal s ON s.batch_id = b.batch_id
  WINDOW earlier AS (PARTITION BY l.entity_id ORDER BY s.sequence)
)
"""
# SQLite takes tables that are joined by CROSS JOIN in this order: from locks to runs of entries.
# The plus keeps it from making an index of all entries by entity.
_BOOKED_BEHIND = """
SELECT e.id, e.source_kind, e.source_id, e.batch_id, e.booked_on, l.through_on
FROM locks l CROSS JOIN ledger_seal s CROSS JOIN ledger_sealblock b CROSS JOIN ledger_entry e
WHERE s.sequence > l.since AND (l.until IS NULL OR s.sequence < l.until)
  AND b.batch_id = s.batch_id AND b."table" = 'ledger_entry'
  AND e.id BETWEEN b.first_id AND b.first_id + b.count - 1
  AND +e.entity_id = l.entity_id AND e.booked_on <= l.through_on
ORDER BY e.id
"""
_GOES_BACK = """
SELECT id, batch_id, through_on, through_before FROM locks WHERE through_on < through_before
ORDER BY id
"""


def prove_locks() -> Proof:
    """I14: no batch after a lock booked on or before its day, and no lock went back unopened."""
    proof = Proof("I14", "Nothing is booked in a closed period", PeriodLock.objects.count())
    proof.violations += [
        {
            "entry": entry,
            "source": f"{kind} {source}",
            "batch": batch,
            "booked_on": str(booked_on),
            "locked_through": str(through),
        }
        for entry, kind, source, batch, booked_on, through in first_rows(_LOCKS + _BOOKED_BEHIND)
    ]
    proof.violations += [
        {
            "lock": lock,
            "batch": batch,
            "problem": "the lock goes back",
            "locked_through": str(through),
            "before": str(before),
        }
        for lock, batch, through, before in first_rows(_LOCKS + _GOES_BACK)
    ]
    del proof.violations[MOST_VIOLATIONS:]
    return proof
