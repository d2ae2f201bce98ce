"""Measures of collecting over a window of days."""

from datetime import date

from django.db.models import Q, Sum

from duly.collections.models import ANSWERED, RIGHT_PARTY, Call, Promise
from duly.collections.rules import measures as rules
from duly.collections.rules.measures import Measure, mean_days, median_days, rate
from duly.disputes.queries import disputes


def measures(*, entity_id: int, first: date, last: date) -> list[Measure]:
    """Promises kept by count and by value, people reached, disputes cleared.

    See: docs/sources.md, M-15 to M-17.
    """
    due = Promise.objects.filter(entity_id=entity_id, due_on__range=(first, last)).exclude(
        state__in=["cancelled", "open"]
    )
    kept = due.filter(state="kept").count()
    found = [rate("promise_kept_rate", kept, due.count(), rules.PROMISES_KEPT)]
    sums = due.order_by("currency").values_list("currency")
    for currency, received, promised in sums.annotate(Sum("received_minor"), Sum("amount_minor")):
        name = f"promise_kept_value_{currency.lower()}"
        found.append(rate(name, int(received), int(promised), rules.VALUE_KEPT))
    calls = Call.objects.filter(
        entity_id=entity_id, called_on__range=(first, last), taken_back_at=None
    )
    made = calls.count()
    answered = calls.filter(Q(outcome__in=ANSWERED)).count()
    right = calls.filter(Q(outcome__in=RIGHT_PARTY)).count()
    found.append(rate("contact_rate", answered, made, rules.CONTACTS))
    found.append(rate("right_party_rate", right, made, rules.RIGHT_PARTY))
    rows = [row for row in disputes(entity_id=entity_id) if row.verdict != "mistake"]
    cycle = [
        (row.closed_on - row.opened_on).days
        for row in rows
        if row.closed_on and first <= row.closed_on <= last
    ]
    age = [
        (last - row.opened_on).days
        for row in rows
        if row.opened_on <= last and (row.closed_on is None or row.closed_on > last)
    ]
    found.append(mean_days("dispute_cycle_mean", cycle, rules.CYCLE))
    found.append(median_days("dispute_cycle_median", cycle, rules.CYCLE))
    found.append(mean_days("open_dispute_age", age, rules.OPEN_AGE))
    return found
