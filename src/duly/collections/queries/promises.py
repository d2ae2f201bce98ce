"""Reads of promises: what they pause, and the money by which they are judged."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

from django.db.models import QuerySet

from duly.collections.models import Promise, PromisedItem, Task
from duly.collections.policy import PROMISES, PromisePolicy
from duly.collections.rules.promising import Owed, Pledge, Receipt, Verdict, judge, promised
from duly.kernel.calendar import TARGET, add_business_days
from duly.kernel.errors import UnknownCalendar
from duly.ledger.queries import recorded_moments
from duly.parties.models import Entity
from duly.receivables.queries import money_since, open_of_customers
from duly.storage.among import among


def promises(
    *, entity_id: int, customer_id: int | None = None, state: str | None = None
) -> list[Promise]:
    """Promises of an entity (or one customer), the earliest due first."""
    rows = Promise.objects.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if state is not None:
        rows = rows.filter(state=state)
    return list(rows.order_by("due_on", "pk"))


def live_pledges(
    entity_id: int, customer_ids: Collection[int] | None = None
) -> dict[tuple[int, str], list[Pledge]]:
    """{(customer, currency): promises that are not judged yet}."""
    rows = Promise.objects.filter(entity_id=entity_id, state="open")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=among(customer_ids))
    return _pledges(rows)


def _pledges(rows: QuerySet[Promise]) -> dict[tuple[int, str], list[Pledge]]:
    named: dict[int, set[int]] = defaultdict(set)
    for promise_id, item_id in PromisedItem.objects.filter(promise__in=rows).values_list(
        "promise_id", "item_id"
    ):
        named[promise_id].add(item_id)
    ordered = list(rows.order_by("due_on", "pk"))
    met = _conditions_met(ordered)
    found: dict[tuple[int, str], list[Pledge]] = defaultdict(list)
    for row in ordered:
        found[row.customer_id, row.currency].append(
            Pledge(
                row.pk,
                row.customer_id,
                row.currency,
                row.amount_minor,
                row.made_on,
                row.due_on,
                row.recorded_at,
                frozenset(named[row.pk]),
                bool(row.condition_key) and row.pk not in met,
                met.get(row.pk),
            )
        )
    return found


def _conditions_met(rows: Sequence[Promise]) -> dict[int, date]:
    """{promise: the day on which we did what it waits for}: as it was said, or its task done."""
    found = {row.pk: row.condition_met_on for row in rows if row.condition_met_on}
    keys = {row.condition_key: row.pk for row in rows if row.condition_key and row.pk not in found}
    if keys:
        done = Task.objects.filter(key__in=among(keys), done_at__isnull=False)
        for key, done_at in done.values_list("key", "done_at"):
            if done_at is not None:
                found[keys[key]] = done_at.date()
    return found


def receipts_for(
    entity_id: int, pledges: dict[tuple[int, str], list[Pledge]]
) -> dict[tuple[int, str], list[Receipt]]:
    """{(customer, currency): money received since the first of its promises was made}."""
    every = [pledge for found in pledges.values() for pledge in found]
    if not every:
        return {}
    money = money_since(
        entity_id=entity_id,
        customer_ids={pledge.customer_id for pledge in every},
        since=min(pledge.made_on for pledge in every),
    )
    moments = recorded_moments({one.batch_id for one in money})
    found: dict[tuple[int, str], list[Receipt]] = defaultdict(list)
    for one in money:
        found[one.customer_id, one.currency].append(
            Receipt(one.received_on, moments[one.batch_id], one.free_minor, dict(one.applied))
        )
    return found


def judged(
    entity: Entity,
    on: date,
    customer_ids: Collection[int] | None = None,
    policy: PromisePolicy = PROMISES,
) -> dict[tuple[int, str], list[tuple[Pledge, Verdict]]]:
    """{(customer, currency): live promises with what they come to on a day}; writes nothing."""
    pledges = live_pledges(entity.pk, customer_ids)
    receipts = receipts_for(entity.pk, pledges)
    last_day = partial(_last_day, entity, policy)
    found = {}
    for key, live in pledges.items():
        verdicts = {
            verdict.id: verdict
            for verdict in judge(
                live, receipts.get(key, []), on=on, last_day=last_day, policy=policy
            )
        }
        found[key] = [(pledge, verdicts[pledge.id]) for pledge in live]
    return found


def judged_anew(
    entity: Entity,
    on: date,
    customer_ids: Collection[int],
    *,
    since: date,
    policy: PromisePolicy = PROMISES,
) -> list[Verdict]:
    """What promises come to that were judged since a day, by the money that came until they were.

    It differs from what was said of them where money of those days came back since.
    """
    rows = Promise.objects.filter(
        entity_id=entity.pk,
        customer_id__in=among(customer_ids),
        state__in=("kept", "partly_kept", "broken"),
        judged_on__gte=since,
    )
    pledges = _pledges(rows)
    receipts = receipts_for(entity.pk, pledges)
    day_of = {row.pk: row.judged_on for row in rows if row.judged_on is not None}
    last_day = partial(_last_day, entity, policy)
    found: list[Verdict] = []
    for key, judged_then in pledges.items():
        for day in sorted({day_of[one.id] for one in judged_then}):
            came = [
                Receipt(one.received_on, one.recorded_at, one.free_minor, dict(one.applied))
                for one in receipts.get(key, [])
                if one.received_on <= day
            ]
            together = [one for one in judged_then if day_of[one.id] == day]
            found += judge(together, came, on=on, last_day=last_day, policy=policy)
    return found


def _last_day(entity: Entity, policy: PromisePolicy, due_on: date) -> date:
    """The last day of grace of a due date."""
    days = policy.grace_business_days
    try:
        return add_business_days(due_on, days, entity.country, entity.region)
    except UnknownCalendar:
        return add_business_days(due_on, days, TARGET)


def awaited_of(
    entity: Entity, on: date, customer_ids: Collection[int]
) -> dict[tuple[int, str], list[tuple[int, frozenset[int]]]]:
    """{(customer, currency): (what is still to come, items named) of each live promise}."""
    return {
        key: [
            (pledge.amount_minor - verdict.received_minor, pledge.item_ids)
            for pledge, verdict in found
            if verdict.state == "open"
        ]
        for key, found in judged(entity, on, customer_ids).items()
    }


def missed_by_customer(
    entity_id: int, customer_ids: Collection[int]
) -> dict[int, list[tuple[date, int]]]:
    """{customer: (day, promise) of those that were not kept, in whole or in part}."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = Promise.objects.filter(
        entity_id=entity_id,
        customer_id__in=among(customer_ids),
        state__in=("broken", "partly_kept"),
        judged_on__isnull=False,
    ).order_by("judged_on", "pk")
    for customer_id, day, pk in rows.values_list("customer_id", "judged_on", "pk"):
        if day is not None:
            found[customer_id].append((day, pk))
    return found


def promised_by_item(
    entity: Entity, on: date, customer_ids: Collection[int] | None = None
) -> dict[int, int]:
    """{item: what of it a promise covers that is awaited on a day}; an item that is named may
    stand with nothing."""
    found: dict[int, int] = {}
    still = judged(entity, on, customer_ids)
    if not still:
        return found
    owed = open_of_customers(
        entity_id=entity.pk, customer_ids={customer_id for customer_id, _ in still}
    )
    for key, promises_of in still.items():
        awaited = [
            (pledge.amount_minor - verdict.received_minor, pledge.item_ids)
            for pledge, verdict in promises_of
            if verdict.state == "open"
        ]
        found |= promised(awaited, [Owed(*item) for item in owed.get(key, [])])
    return found


def covered_items(entity: Entity, row: Promise) -> list[int]:
    """The items that a promise is for: those it names, else the oldest up to its amount."""
    named = list(PromisedItem.objects.filter(promise=row).values_list("item_id", flat=True))
    if named:
        return named
    owed = open_of_customers(entity_id=entity.pk, customer_ids=[row.customer_id])
    items = [Owed(*item) for item in owed.get((row.customer_id, row.currency), [])]
    return list(promised([(row.amount_minor, frozenset())], items))
