"""Own payment behaviour as factors, the cards of an entity, and the scores that were given."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, QuerySet

from duly.credit.errors import CardUnknown
from duly.credit.models import CardAdoption, CreditSignal, CustomerScore, OrderStop, Scorecard
from duly.credit.models.scores import CHALLENGER, CHAMPION
from duly.credit.queries.limits import limits_on
from duly.credit.queries.watching import used_of
from duly.credit.rules.behaviour import YEAR, Course, used_percent
from duly.credit.rules.card_documents import read_card
from duly.credit.rules.scorecards import YES, Card, Score, Scored, Value
from duly.credit.rules.standard_cards import CARDS, STANDARD
from duly.disputes.models import Dispute
from duly.parties.models import Entity
from duly.receivables.queries.overdue import overdue_by_customer
from duly.receivables.queries.slowness import paid_parts, returned_counts
from duly.storage.among import among

STOPS = {"insolvency": "insolvent", "sanctions": "sanctions"}  # kinds of stops, as factors


def last_scored_on(entity_id: int) -> date | None:
    """The day on which customers were scored last; None if they never were."""
    rows = CustomerScore.objects.filter(entity_id=entity_id, request_id__isnull=True)
    return rows.aggregate(last=Max("scored_on"))["last"]


def factors_of(
    entity: Entity, customer_ids: Collection[int], on: date
) -> dict[int, dict[str, Value]]:
    """{customer: own payment behaviour as factors on a day}; what is not known is left out.

    What is open is read as it is now. A constant number of queries, whoever many are asked for.
    """
    since, wanted = on - YEAR, set(customer_ids)
    courses: dict[int, Course] = {}

    def course(customer_id: int) -> Course:
        found = courses.get(customer_id)
        if found is None:
            found = courses[customer_id] = Course(on)
        return found

    for customer_id, currency, due_on, paid_on, minor in paid_parts(
        entity.pk, since, on, customer_ids
    ):
        course(customer_id).paid(currency, due_on, paid_on, minor)
    for customer_id, currency, items in overdue_by_customer(entity_id=entity.pk, on=on):
        if customer_id in wanted:
            for due_on, _, minor in items:
                course(customer_id).overdue(currency, due_on, minor)
    returned = returned_counts(entity.pk, since, on, customer_ids)
    invalid = _counts(
        Dispute.objects.filter(verdict="invalid", closed_on__gt=since, closed_on__lte=on),
        entity.pk,
        wanted,
    )
    broken = _counts(
        CreditSignal.objects.filter(kind="promise_broken", on__gt=since, on__lte=on),
        entity.pk,
        wanted,
    )
    stops = OrderStop.objects.filter(
        entity_id=entity.pk, kind__in=STOPS, since_on__lte=on, lifted_at__isnull=True
    ).values_list("customer_id", "kind")
    stopped = {pk: {STOPS[kind]: YES} for pk, kind in stops.order_by("kind")}
    limits = limits_on(entity.pk, customer_ids, on)
    used = used_of(entity, {pk: limit.currency for pk, limit in limits.items()}, on)
    found: dict[int, dict[str, Value]] = {}
    for pk in wanted:
        facts: dict[str, Value | None] = {**stopped.get(pk, {})}
        slow = courses[pk].days_slow() if pk in courses else None
        if slow is not None:
            facts |= {
                "days_slow": slow,
                "days_slow_trend": courses[pk].trend(),
                "disputes_invalid": Decimal(invalid[pk]),
                "broken_promises": Decimal(broken[pk]),
            }
        if slow is not None or pk in returned:
            facts["returned_payments"] = Decimal(returned.get(pk, 0))
        if pk in limits:
            facts["utilisation"] = used_percent(used.get(pk, 0), limits[pk].minor)
        found[pk] = {name: value for name, value in facts.items() if value is not None}
    return found


class Cards(NamedTuple):
    """The card that judges on a day, and the one beside it."""

    champion: Card
    challenger: Card | None = None


def cards_on(entity_id: int, on: date) -> Cards:
    """The cards of an entity on a day; the standard card judges until another is adopted."""
    adopted = {place: adoption_on(entity_id, place, on) for place in (CHAMPION, CHALLENGER)}
    ids = [row.scorecard_id for row in adopted.values() if row and row.scorecard_id]
    rows = {row.pk: row for row in Scorecard.objects.filter(pk__in=ids)}

    def card(place: str) -> Card | None:
        row = adopted[place]
        return read_card(rows[row.scorecard_id].card) if row and row.scorecard_id else None

    champion = card(CHAMPION) or read_card(STANDARD)
    challenger = card(CHALLENGER)
    if challenger and challenger.version == champion.version:
        challenger = None
    return Cards(champion, challenger)


def adoption_on(entity_id: int, place: str, on: date) -> CardAdoption | None:
    """The adoption that holds for a place on a day."""
    rows = CardAdoption.objects.filter(entity_id=entity_id, place=place, from_on__lte=on)
    return rows.order_by("-from_on", "-pk").first()


def adoptions(entity_id: int) -> list[CardAdoption]:
    """Every adoption of an entity, the newest first."""
    return list(CardAdoption.objects.filter(entity_id=entity_id).order_by("-from_on", "-pk"))


def scorecards(entity_id: int) -> list[Scorecard]:
    """The versions of cards of an entity, in the order in which they came."""
    return list(Scorecard.objects.filter(entity_id=entity_id).order_by("pk"))


def scorecard(entity_id: int, version: str) -> Scorecard:
    """A version of a card. Refuses: CardUnknown."""
    row = Scorecard.objects.filter(entity_id=entity_id, version=version).first()
    if row is None:
        raise CardUnknown(
            f"There is no scorecard {version[:64]!r}.",
            facts={"version": version[:64]},
            remedy="Look at `duly credit card list`.",
        )
    return row


def card_named(entity_id: int, version: str) -> Card:
    """A card by its version, kept or as it comes with Duly. Refuses: CardUnknown."""
    row = Scorecard.objects.filter(entity_id=entity_id, version=version).first()
    shipped = next((card for card in CARDS.values() if card["version"] == version), None)
    if row is None and shipped is not None:
        return read_card(shipped)
    return read_card(scorecard(entity_id, version).card)


def latest_rows(entity_id: int, customer_ids: Collection[int]) -> dict[int, CustomerScore]:
    """{customer: the row of its last score}. One query."""
    rows = CustomerScore.objects.filter(pk__in=_last(entity_id, customer_ids))
    return {row.customer_id: row for row in rows if row.customer_id is not None}


class LastTold(NamedTuple):
    """What a whole book scored again needs of its last scores."""

    band: str
    inputs: str  # JSON


def last_told(entity_id: int, customer_ids: Collection[int]) -> dict[int, LastTold]:
    """{customer: band and inputs of its last score}. One query."""
    rows = CustomerScore.objects.filter(pk__in=_last(entity_id, customer_ids))
    return {
        pk: LastTold(band, inputs)
        for pk, band, inputs in rows.values_list("customer_id", "band", "inputs")
        if pk is not None
    }


def _last(entity_id: int, customer_ids: Collection[int]) -> QuerySet[CustomerScore, int]:
    rows = CustomerScore.objects.filter(entity_id=entity_id, customer_id__in=among(customer_ids))
    return rows.values("customer_id").annotate(last=Max("pk")).values_list("last", flat=True)


def latest_scores(entity_id: int, customer_ids: Collection[int]) -> dict[int, Score]:
    """{customer: its last score}; who has none is left out. One query."""
    return {pk: score_of(row) for pk, row in latest_rows(entity_id, customer_ids).items()}


def latest_score_of_request(request_id: int) -> Score | None:
    """The last score of who asks for credit, or None."""
    row = latest_row_of_request(request_id)
    return None if row is None else score_of(row)


def latest_of_requests(request_ids: Collection[int]) -> dict[int, CustomerScore]:
    """{request: the row of its last score}. One query."""
    rows = CustomerScore.objects.filter(request_id__in=among(request_ids))
    last = rows.values("request_id").annotate(last=Max("pk")).values("last")
    found = CustomerScore.objects.filter(pk__in=last)
    return {row.request_id: row for row in found if row.request_id is not None}


def latest_row_of_request(request_id: int) -> CustomerScore | None:
    """The row of the last score of who asks for credit, or None."""
    return CustomerScore.objects.filter(request_id=request_id).order_by("-pk").first()


def score_of(row: CustomerScore, titles: Mapping[str, str] | None = None) -> Score:
    """The score that a row keeps; `titles` of factors, where they are to be read."""
    inputs = {name: value.removeprefix("=") for name, value in json.loads(row.inputs).items()}
    return Score(
        points=Decimal(row.points_cents).scaleb(-2),
        band=row.band,
        known_weight=Decimal(row.known_cents).scaleb(-2),
        factors=tuple(
            Scored(
                name, (titles or {}).get(name, name), inputs.get(name), Decimal(got), Decimal(of)
            )
            for name, got, of in json.loads(row.factors)
        ),
        lost_most=tuple(json.loads(row.lost_most)),
        is_declined=row.is_declined,
        version=row.version,
        rate=None if row.rate_ppm is None else Decimal(row.rate_ppm).scaleb(-6),
    )


def _counts(rows: object, entity_id: int, wanted: set[int]) -> Counter[int]:
    told = rows.filter(entity_id=entity_id)  # type: ignore[attr-defined]
    return Counter(pk for pk in told.values_list("customer_id", flat=True) if pk in wanted)
