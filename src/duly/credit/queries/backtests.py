"""Cards held against what became of the customers that they scored."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Abs

from duly.credit.models import CreditDecision, CustomerScore
from duly.credit.queries.watching import in_currency
from duly.credit.rules.backtesting import (
    LATE_DAYS,
    Course,
    Decided,
    Judgement,
    Money,
    Overrides,
    money_of,
    overrides_of,
)
from duly.parties.models import Entity
from duly.parties.queries.reach import rates_on
from duly.receivables.queries.outcomes import outcomes

HORIZON = timedelta(days=365)
GOOD = ("A", "B", "C")


class Backtest(NamedTuple):
    """What the champion came to, what the challenger would have, and persons' overrides."""

    customers: int
    champion: Money
    challenger: Money | None
    overrides: list[Overrides]


class Agreement(NamedTuple):
    """How often two cards gave the same band, and which bands instead: {(one, other): count}."""

    compared: int
    same: int
    pairs: dict[tuple[str, str], int]


def backtest(
    entity: Entity,
    *,
    first: date,
    last: date,
    on: date,
    margin: Decimal,
    good: Sequence[str] = GOOD,
) -> Backtest:
    """Hold the first score of each customer within a window against what came after it."""
    rows = CustomerScore.objects.filter(
        entity_id=entity.pk, customer_id__isnull=False, scored_on__gte=first, scored_on__lte=last
    )
    earliest = rows.values("customer_id").annotate(first=Min("pk")).values("first")
    scores = [(row.customer_id or 0, row) for row in CustomerScore.objects.filter(pk__in=earliest)]
    scored = {pk: row.scored_on for pk, row in scores}
    courses = _courses(entity, scored, first, last, on)
    champion = [Judgement(pk, r.scored_on, r.band, r.is_declined) for pk, r in scores]
    beside = [
        Judgement(pk, r.scored_on, r.challenger_band) for pk, r in scores if r.challenger_band
    ]
    return Backtest(
        customers=len(courses),
        champion=money_of(champion, courses, good, margin),
        challenger=money_of(beside, courses, good, margin) if beside else None,
        overrides=overrides_of(champion, courses, decisions_of(entity.pk, first), good),
    )


def decisions_of(entity_id: int, first: date) -> list[Decided]:
    """What persons decided of customers' credit from a day on."""
    rows = CreditDecision.objects.filter(
        entity_id=entity_id, customer_id__isnull=False, is_automatic=False, decided_on__gte=first
    )
    return [
        Decided(actor, customer_id, decided_on, verdict != "decline")
        for actor, customer_id, decided_on, verdict in rows.order_by("pk").values_list(
            "actor", "customer_id", "decided_on", "verdict"
        )
        if customer_id is not None
    ]


class Difference(NamedTuple):
    """A customer to whom two cards gave different bands."""

    customer_id: int
    band: str
    points_cents: int
    other_band: str
    other_cents: int


def differences(entity_id: int, version: str, beside: str, most: int) -> list[Difference]:
    """Where two cards differ on the last score of a customer, the widest apart first."""
    last = _compared(entity_id, version, beside).values("customer_id").annotate(last=Max("pk"))
    rows = CustomerScore.objects.filter(pk__in=last.values("last")).exclude(
        band=F("challenger_band")
    )
    apart = rows.annotate(apart=Abs(F("points_cents") - F("challenger_cents")))
    return [
        Difference(customer_id or 0, band, points, other or "", cents or 0)
        for customer_id, band, points, other, cents in apart.order_by(
            "-apart", "customer_id"
        ).values_list("customer_id", "band", "points_cents", "challenger_band", "challenger_cents")[
            :most
        ]
    ]


def _compared(entity_id: int, version: str, beside: str) -> QuerySet[CustomerScore]:
    return CustomerScore.objects.filter(
        entity_id=entity_id,
        customer_id__isnull=False,
        version=version,
        challenger_version=beside,
        challenger_cents__isnull=False,
    )


def agreement(entity_id: int, version: str, beside: str) -> Agreement:
    """How two cards agreed on the last score of each customer that both gave one."""
    rows = _compared(entity_id, version, beside)
    last = rows.order_by("customer_id", "pk").values_list("customer_id", "band", "challenger_band")
    by_customer = {customer_id: (band, other) for customer_id, band, other in last}
    pairs: dict[tuple[str, str], int] = {}
    for pair in by_customer.values():
        pairs[pair] = pairs.get(pair, 0) + 1
    same = sum(count for (one, other), count in pairs.items() if one == other)
    return Agreement(len(by_customer), same, pairs)


def _courses(
    entity: Entity, scored: dict[int, date], first: date, last: date, on: date
) -> dict[int, Course]:
    """{customer: what became of what was invoiced after its score, in the entity's currency}."""
    rates = rates_on(entity_id=entity.pk, on=on)
    found: dict[int, list[int]] = {}
    for item in outcomes(entity.pk, first, last + HORIZON, on=on, late_days=LATE_DAYS):
        since = scored.get(item.customer_id)
        if since is None or not since < item.issued_on <= since + HORIZON:
            continue
        sums = [
            in_currency(minor, item.currency, entity.currency, entity, rates)
            for minor in (item.minor, item.late_minor)
        ]
        if sums[0] is not None and sums[1] is not None:
            kept = found.setdefault(item.customer_id, [0, 0])
            kept[0] += sums[0]
            kept[1] += sums[1]
    return {pk: Course(*kept) for pk, kept in found.items()}
