"""What the daily look at customers with a limit reads: how much of it they use, how late they are,
whether they still buy, and when they are to be reviewed."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max, OuterRef, QuerySet, Subquery

from duly.credit.errors import ExposureRateMissing
from duly.credit.models import CreditReview, CustomerScore
from duly.credit.queries.exposure import ordered, read_book
from duly.credit.queries.limits import limits_on
from duly.credit.rules.limits_in_force import LimitInForce
from duly.credit.rules.reviewing import (
    REVIEWS,
    ReviewDue,
    ReviewPolicy,
    Standing,
    Use,
    review_due,
)
from duly.disputes.queries import disputed_by_item
from duly.kernel.currencies import exponent
from duly.kernel.rounding import half_up
from duly.parties.models import Customer, Entity
from duly.parties.queries.reach import rates_on
from duly.receivables.queries import open_of_items
from duly.receivables.queries.trading import last_invoiced, oldest_due, owed_now
from duly.storage.among import among

Rates = Mapping[str, tuple[date, Decimal]]


def limits_of_entity(entity_id: int, on: date) -> dict[int, LimitInForce]:
    """{customer: limit on a day} of everybody who has one."""
    ids = list(Customer.objects.filter(entity_id=entity_id).values_list("pk", flat=True))
    return limits_on(entity_id, ids, on)


def uses_of(
    entity: Entity,
    limits: Mapping[int, LimitInForce],
    on: date,
    stopped: Collection[int] = (),
) -> dict[int, Use]:
    """{customer: what is known of it on a day} of those that have a limit.

    What is disputed in full makes nobody late. An exposure of which a rate is missing counts as
    nothing: the order check refuses it. Given: `stopped` by their insurer.
    """
    owed = exposed(entity, limits, on)
    disputed = disputed_by_item(entity_id=entity.pk, on=on)
    open_minor = open_of_items(disputed)
    whole = [pk for pk, minor in disputed.items() if minor >= open_minor.get(pk, 0)]
    oldest = oldest_due(entity.pk, limits, without=whole)
    traded = last_invoiced(entity.pk, limits)
    return {
        pk: Use(
            exposure_minor=owed.get(pk, 0),
            limit_minor=limit.minor,
            oldest_days=(on - oldest[pk]).days if pk in oldest else 0,
            last_trade_on=traded.get(pk),
            is_beyond_extension=pk in stopped,
        )
        for pk, limit in limits.items()
    }


def exposed(entity: Entity, customer_ids: Collection[int], on: date) -> dict[int, int]:
    """{customer: exposure of it and everybody below it, in its limit's currency}; without a rate
    left out."""
    found, book = {}, read_book(entity, customer_ids, on)
    for pk in customer_ids:
        with suppress(ExposureRateMissing):
            found[pk] = book.exposure(pk).total_minor
    return found


def owed_in(entity: Entity, currencies: Mapping[int, str], on: date) -> dict[int, int]:
    """{customer: what it owes, in a currency of choice}; without a rate a currency is left out."""
    rates = rates_on(entity_id=entity.pk, on=on)
    found = {}
    for pk, sums in owed_now(entity.pk, currencies).items():
        wanted = currencies[pk] or entity.currency
        parts = [in_currency(minor, of, wanted, entity, rates) for of, minor in sums.items()]
        found[pk] = sum(part for part in parts if part is not None)
    return found


def used_of(entity: Entity, currencies: Mapping[int, str], on: date) -> dict[int, int]:
    """{customer: what it owes and has ordered on credit and is not invoiced yet, in a currency of
    choice}; without a rate a currency is left out.
    """
    found, rates = owed_in(entity, currencies, on), rates_on(entity_id=entity.pk, on=on)
    for pk, sums in ordered(entity.pk, currencies.keys(), on).items():
        wanted = currencies[pk] or entity.currency
        parts = [in_currency(minor, of, wanted, entity, rates) for of, minor in sums.items()]
        found[pk] = found.get(pk, 0) + sum(part for part in parts if part is not None)
    return found


def in_currency(minor: int, of: str, wanted: str, entity: Entity, rates: Rates) -> int | None:
    """Minor units in another currency at the rates of a day; None where one is not known."""
    if of == wanted:
        return minor
    if any(code != entity.currency and code not in rates for code in (of, wanted)):
        return None
    in_wanted, in_own = (
        Decimal(1) if code == entity.currency else rates[code][1] for code in (wanted, of)
    )
    ratio = in_wanted / in_own
    return half_up(Decimal(minor).scaleb(exponent(wanted) - exponent(of)) * ratio)


def bands_of(entity_id: int, customer_ids: Collection[int]) -> dict[int, str]:
    """{customer: the class its last score put it in}."""
    rows = CustomerScore.objects.filter(pk__in=_last_scores(entity_id, customer_ids))
    return {pk: band for pk, band in rows.values_list("customer_id", "band") if pk is not None}


def _last_scores(entity_id: int, customer_ids: Collection[int]) -> QuerySet[Any, Any]:
    rows = CustomerScore.objects.filter(entity_id=entity_id, customer_id__in=among(customer_ids))
    return rows.values("customer_id").annotate(last=Max("pk")).values("last")


class Drop(NamedTuple):
    """A score that fell by a class or more."""

    score_id: int
    customer_id: int
    on: date
    before: str
    after: str


def score_drops(
    entity_id: int, since: date, on: date, policy: ReviewPolicy = REVIEWS
) -> list[Drop]:
    """Scores of some days that fell against the one before by the same card. One query."""
    earlier = CustomerScore.objects.filter(
        customer_id=OuterRef("customer_id"), version=OuterRef("version"), pk__lt=OuterRef("pk")
    )
    rows = CustomerScore.objects.filter(
        entity_id=entity_id, customer_id__isnull=False, scored_on__gte=since, scored_on__lte=on
    ).annotate(before=Subquery(earlier.order_by("-pk").values("band")[:1]))
    place = {band: number for number, band in enumerate(policy.cycles)}
    told = rows.order_by("pk").values_list("pk", "customer_id", "scored_on", "before", "band")
    return [
        Drop(pk, customer_id, day, before, after)
        for pk, customer_id, day, before, after in told
        if customer_id is not None and place.get(before, len(place)) < place.get(after, 0)
    ]


def last_concluded(entity_id: int, customer_ids: Collection[int]) -> dict[int, date]:
    """{customer: the day of its last review}."""
    rows = CreditReview.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids)
    ).exclude(outcome="")
    return dict(rows.values_list("customer_id").annotate(last=Max("concluded_on")))


def reviews_due(
    entity: Entity,
    limits: Mapping[int, LimitInForce],
    on: date,
    bands: Mapping[int, str],
    insured: Collection[int] = (),
    policy: ReviewPolicy = REVIEWS,
) -> dict[int, ReviewDue]:
    """{customer: when it is reviewed next}; whoever has no day to count from is left out.

    Given: `bands` the classes of those that were scored, `insured` those an insurer covers.
    """
    reviewed = last_concluded(entity.pk, limits)
    owed = owed_in(entity, dict.fromkeys(limits, entity.currency), on)
    total = sum(minor for minor in owed.values() if minor > 0)
    found = {}
    for pk, limit in limits.items():
        since = max(filter(None, (reviewed.get(pk), limit.from_on)), default=None)
        # What whoever set the limit said holds until the review that it asked for.
        is_said = limit.review_on is not None and (
            pk not in reviewed or reviewed[pk] < limit.review_on
        )
        due = review_due(
            Standing(
                since=since,
                band=bands.get(pk, ""),
                is_insured=pk in insured,
                is_large=owed.get(pk, 0) * 100 > total * policy.large_percent,
                review_on=limit.review_on if is_said else None,
            ),
            policy,
        )
        if due is not None:
            found[pk] = due
    return found
