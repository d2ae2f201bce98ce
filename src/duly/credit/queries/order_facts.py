"""What credit keeps that decides about orders of some families, by one statement."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from duly.credit.policy import DecisionPolicy
from duly.credit.queries.limits import GRANTED
from duly.credit.queries.policies import policy_of
from duly.credit.rules.limits_in_force import Granted
from duly.credit.rules.order_check import Stop
from duly.storage.among import listed, listed_texts
from duly.storage.prepared import prepared_rows
from duly.storage.reading import packed

_FACTS = """
WITH wanted(id) AS ({some})
SELECT 'limit', {limit} FROM credit_creditlimit
 WHERE entity_id = %s AND customer_id IN (SELECT id FROM wanted)
UNION ALL SELECT 'stop', {stop} FROM credit_orderstop
 WHERE entity_id = %s AND lifted_at IS NULL AND since_on <= %s
   AND customer_id IN (SELECT id FROM wanted)
UNION ALL SELECT 'insured', {insured} FROM credit_insuredlimit
 WHERE entity_id = %s AND customer_id IN (SELECT id FROM wanted)
UNION ALL SELECT 'policy', {policy} FROM credit_creditpolicy WHERE entity_id = %s AND from_on <= %s
UNION ALL SELECT 'order', {order} FROM credit_order WHERE entity_id = %s AND ref IN ({refs})
"""


class OrderFacts(NamedTuple):
    """What was granted to customers and what stands against them, the policy, and which of the
    orders asked about are there."""

    granted: dict[int, list[Granted]]
    stops: dict[int, list[Stop]]
    insured: set[int]  # customers whom an insurer gave a limit, now or earlier
    policy: DecisionPolicy
    order_ids: list[int]


def order_facts(
    entity_id: int, customer_ids: Collection[int], refs: Collection[str], on: date
) -> OrderFacts:
    """Read it for some customers and for orders of some references, on a day."""
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    (select, some), (select_refs, told) = listed(customer_ids), listed_texts(refs)
    sql = _FACTS.format(
        some=select,
        refs=select_refs,
        limit=packed(*GRANTED),
        stop=packed("id", "customer_id", "kind", "since_on", "reason"),
        insured=packed("id", "customer_id"),
        policy=packed("from_on", "id", "CAST(knobs AS text)"),
        order=packed("id"),
    )
    params = [some, entity_id, entity_id, on, entity_id, entity_id, on, entity_id, told]
    for kind, row in prepared_rows(sql, params):
        rows[kind].append(json.loads(row))
    granted: dict[int, list[Granted]] = defaultdict(list)
    for told_limit in sorted(rows["limit"]):
        one = _granted(told_limit)
        granted[one.customer_id].append(one)
    stops: dict[int, list[Stop]] = defaultdict(list)
    for _, customer_id, kind, since_on, reason in sorted(rows["stop"]):
        stops[customer_id].append(Stop(kind, date.fromisoformat(since_on), reason))
    return OrderFacts(
        granted,
        stops,
        {customer_id for _, customer_id in rows["insured"]},
        policy_of(json.loads(knobs) for _, _, knobs in sorted(rows["policy"])),
        [pk for (pk,) in rows["order"]],
    )


def _granted(row: list[Any]) -> Granted:
    days = [date.fromisoformat(day) if day else None for day in row[6:9]]
    return Granted(*row[:6], *days, *row[9:])
