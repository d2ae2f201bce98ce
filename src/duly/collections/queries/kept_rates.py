"""How well promises are kept: by the person who made them, by customer, by segment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery

from duly.collections.models import Promise
from duly.collections.rules.promising import kept_rate
from duly.kernel.rounding import half_up
from duly.parties.models import Customer
from duly.storage.among import among

JUDGED = ("kept", "partly_kept", "broken")


class Kept(NamedTuple):
    """How many promises were judged and kept, and the chance that the next one is."""

    kept: int
    due: int

    @property
    def rate(self) -> Decimal:
        """The chance, with what is taken for granted before (S-05)."""
        return kept_rate(self.kept, self.due)

    @property
    def percent(self) -> str:
        """The chance in percent, to one decimal."""
        return str(Decimal(half_up(self.rate * 1000)).scaleb(-1))


class KeptRates(NamedTuple):
    """What is known of some customers, their people and their segments."""

    by_customer: dict[int, Kept]
    by_person: dict[tuple[int, str], Kept]
    by_segment: dict[str, Kept]

    def chance(self, customer_id: int, person: str, segment: str) -> tuple[Kept, str]:
        """The nearest that is known: of the person, else the customer, else the segment."""
        of_person = self.by_person.get((customer_id, _name(person)))
        if person and of_person:
            return of_person, "person"
        if customer_id in self.by_customer:
            return self.by_customer[customer_id], "customer"
        return self.by_segment.get(segment, Kept(0, 0)), "segment"


def kept_rates(entity_id: int, customer_ids: Collection[int] | None = None) -> KeptRates:
    """Promises judged, counted three ways; of segments those of all their customers. Two reads."""
    judged = Promise.objects.filter(entity_id=entity_id, state__in=JUDGED)
    segment = Customer.objects.filter(pk=OuterRef("customer_id")).values("segment")[:1]
    of_segments = judged.annotate(segment=Subquery(segment))
    own = judged
    if customer_ids is not None:
        own = judged.filter(customer_id__in=among(customer_ids))
        whose = Customer.objects.filter(pk__in=among(customer_ids))
        of_segments = of_segments.filter(segment__in=whose.values("segment"))
    by_customer: dict[int, list[str]] = defaultdict(list)
    by_person: dict[tuple[int, str], list[str]] = defaultdict(list)
    for customer_id, person, state in own.values_list("customer_id", "person", "state"):
        by_customer[customer_id].append(state)
        if person:
            by_person[customer_id, _name(person)].append(state)
    by_segment: dict[str, dict[str, int]] = defaultdict(dict)
    counts = of_segments.order_by().values_list("segment", "state").annotate(Count("pk"))
    for name, state, count in counts:
        by_segment[name or ""][state] = count
    return KeptRates(
        {key: _count(states) for key, states in by_customer.items()},
        {key: _count(states) for key, states in by_person.items()},
        {
            name: Kept(states.get("kept", 0), sum(states.values()))
            for name, states in by_segment.items()
        },
    )


def _count(states: Sequence[str]) -> Kept:
    return Kept(sum(state == "kept" for state in states), len(states))


def _name(person: str) -> str:
    return " ".join(person.split()).casefold()
