"""What collections tells a check of an order: promises that were broken, and legal stays."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q

from duly.collections.models import Block, Promise
from duly.credit.queries.policies import decision_policy
from duly.credit.rules.order_check import BrokenPromise, Signals, Stop
from duly.storage.among import among

_JUDGED = ("kept", "partly_kept", "broken")


def order_signals(entity_id: int, customer_ids: Collection[int], on: date) -> Signals:
    """What is known of some customers on a day. Two queries."""
    some = among(customer_ids)
    since = on - timedelta(days=decision_policy(entity_id, on).orders.broken_promise_days)
    judged = Promise.objects.filter(
        entity_id=entity_id,
        customer_id__in=some,
        state__in=_JUDGED,
        judged_on__gte=since,
        judged_on__lte=on,
    ).order_by("judged_on", "due_on", "pk")
    last = {row.customer_id: row for row in judged}
    stays = Block.objects.filter(
        Q(until_on=None) | Q(until_on__gte=on),
        entity_id=entity_id,
        customer_id__in=some,
        item_id=None,
        kind="legal",
        from_on__lte=on,
        ended_at=None,
    )
    return Signals(
        broken={
            pk: BrokenPromise(row.pk, row.currency, row.amount_minor, row.due_on)
            for pk, row in last.items()
            if row.state == "broken"
        },
        stays={row.customer_id: Stop("insolvency", row.from_on, row.reason) for row in stays},
    )
