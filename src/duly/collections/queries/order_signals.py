"""What collections tells a check of an order: promises that were broken, and legal stays."""

import json
from collections.abc import Collection
from datetime import date, timedelta

from duly.credit.policy import OrderPolicy
from duly.credit.rules.order_check import BrokenPromise, Signals, Stop
from duly.storage.among import listed
from duly.storage.prepared import prepared_rows
from duly.storage.reading import packed

_SIGNALS = """
WITH wanted(id) AS ({some})
SELECT 'judged', {judged} FROM collections_promise
 WHERE entity_id = %s AND customer_id IN (SELECT id FROM wanted)
   AND state IN ('kept', 'partly_kept', 'broken') AND judged_on BETWEEN %s AND %s
UNION ALL SELECT 'stay', {stay} FROM collections_block
 WHERE entity_id = %s AND customer_id IN (SELECT id FROM wanted) AND item_id IS NULL
   AND kind = 'legal' AND from_on <= %s AND (until_on IS NULL OR until_on >= %s)
   AND ended_at IS NULL
"""


def order_signals(
    entity_id: int, customer_ids: Collection[int], on: date, policy: OrderPolicy
) -> Signals:
    """What is known of some customers on a day. One query."""
    select, some = listed(customer_ids)
    sql = _SIGNALS.format(
        some=select,
        judged=packed(
            *("judged_on", "due_on", "id", "customer_id", "state", "currency", "amount_minor")
        ),
        stay=packed("id", "customer_id", "from_on", "reason"),
    )
    since = on - timedelta(days=policy.broken_promise_days)
    params = [some, entity_id, since, on, entity_id, on, on]
    rows = [(kind, json.loads(row)) for kind, row in prepared_rows(sql, params)]
    last = {row[3]: row for row in sorted(row for kind, row in rows if kind == "judged")}
    return Signals(
        broken={
            customer_id: BrokenPromise(pk, currency, minor, date.fromisoformat(due_on))
            for _, due_on, pk, customer_id, state, currency, minor in last.values()
            if state == "broken"
        },
        stays={
            customer_id: Stop("insolvency", date.fromisoformat(from_on), reason)
            for _, customer_id, from_on, reason in sorted(
                row for kind, row in rows if kind == "stay"
            )
        },
    )
