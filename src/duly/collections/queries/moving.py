"""What the firm's own log tells of how money comes: late items paid, and calls that reached."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, Subquery

from duly.collections.models import RIGHT_PARTY, Call
from duly.collections.policy import MovingPolicy
from duly.collections.rules.moving import SPAN, SPANS, Chances, Tally, chances_of, tallies
from duly.parties.models import Customer
from duly.parties.queries.reach import segments_of
from duly.receivables.queries.slowness import paid_late_by_span

_CALLS_OF = timedelta(days=365)


def chances_by_customer(
    entity_id: int,
    on: date,
    days_open: Mapping[int, Sequence[int]],
    policy: MovingPolicy,
    customer_ids: Collection[int] | None = None,
) -> dict[int, Chances]:
    """{customer: its chances}: a constant number of queries.

    Given: {customer: days past due of its open items}; `customer_ids` where it is not everybody.
    """
    paid = paid_late_by_span(entity_id, on=on, span=SPAN, most=SPANS - 1, customer_ids=customer_ids)
    segments = segments_of(entity_id, customer_ids)
    calls = _calls_by_segment(entity_id, on)
    found = {}
    for customer_id, days in days_open.items():
        segment = segments.get(customer_id, "")
        priors = policy.by_segment.get(segment) or policy.by_segment[policy.default]
        own = tallies(paid.get(customer_id, {}), days)
        found[customer_id] = chances_of(priors, own, calls[segment], policy)
    return found


def _calls_by_segment(entity_id: int, on: date) -> defaultdict[str, Tally]:
    """{segment: calls of the last year, and those that reached who can decide}. One query."""
    rows = Call.objects.filter(
        entity_id=entity_id, called_on__gt=on - _CALLS_OF, called_on__lte=on, taken_back_at=None
    )
    segment = Customer.objects.filter(pk=OuterRef("customer_id")).values("segment")
    counted = (
        rows.annotate(segment=Subquery(segment))
        .values_list("segment")
        .annotate(tried=Count("id"), came=Count("id", filter=Q(outcome__in=RIGHT_PARTY)))
    )
    found: defaultdict[str, Tally] = defaultdict(Tally)
    found.update((segment or "", Tally(tried, came)) for segment, tried, came in counted)
    return found
