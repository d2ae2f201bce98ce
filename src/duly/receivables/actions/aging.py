"""Keep how late it is what customers owe: the one projection that time moves by itself."""

from datetime import date

from duly.receivables.models import CustomerBalance
from duly.receivables.queries.aged import NOTHING, ages_now
from duly.storage.projections import put
from duly.storage.writing import whole


@whole()
def age_balances(*, entity_id: int, on: date, limit: int = 5_000) -> int:
    """Count anew the age of balances that a write or the days have moved; return how many.

    Given: `on` the day it is at the entity; `limit` how many at most in this transaction, so that
    other writers wait for no more than that. Balances that someone is writing are passed over.
    """
    moved = list(
        CustomerBalance.objects.filter(entity_id=entity_id, aged_until__lt=on)
        .select_for_update(skip_locked=True)
        .order_by("aged_until")
        .values_list("customer_id", "currency")[:limit]
    )
    # Counted after the balances are held: a write that comes later waits, and moves them again.
    ages = ages_now({customer_id for customer_id, _ in moved}, on)
    rows = []
    for key in moved:
        amounts, until = ages.get(key, NOTHING)
        late = amounts[1:]
        rows.append((entity_id, *key, *late, sum(late), until.isoformat()))
    put(
        CustomerBalance,
        ("entity_id", "customer_id", "currency"),
        (
            "late_30_minor",
            "late_60_minor",
            "late_90_minor",
            "late_more_minor",
            "overdue_minor",
            "aged_until",
        ),
        rows,
    )
    return len(moved)
