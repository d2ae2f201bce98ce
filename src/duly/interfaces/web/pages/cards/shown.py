"""A score as it is drawn: points by factor, and what cost most."""

from dataclasses import dataclass
from decimal import Decimal

from duly.credit.models import CustomerScore
from duly.credit.queries.scores import (
    card_named,
    latest_row_of_request,
    latest_rows,
    score_of,
)
from duly.credit.rules.card_documents import plain
from duly.credit.rules.scorecards import Card, Score, Scored


@dataclass(frozen=True, slots=True)
class Bar:
    """A factor: what it is, what is known of it, its points, and how long its two bars are."""

    title: str
    known: str
    points: str
    of: str
    got_width: str
    of_width: str


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """What the score card of a subject shows."""

    row: CustomerScore
    score: str
    known_weight: str
    since: str
    bars: tuple[Bar, ...]
    lost: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


def score_card(row: CustomerScore | None) -> ScoreShown | None:
    """What `web/credit/score_card.html` takes as `score_card`; None without a score."""
    if row is None:
        return None
    card = card_named(row.entity_id, row.version)
    told = score_of(row, {factor.id: factor.title for factor in card.factors})
    longest = max((one.of for one in told.factors), default=Decimal(1)) or Decimal(1)
    by_id = {one.id: one for one in told.factors}
    return ScoreShown(
        row=row,
        score=plain(told.points),
        known_weight=plain(told.known_weight),
        since=_reach(card, told),
        bars=tuple(_bar(one, longest, card) for one in told.factors),
        lost=tuple((by_id[name].title, plain(by_id[name].lost)) for name in told.lost_most),
        left_out=tuple(factor.title for factor in card.factors if factor.id not in by_id),
    )


def score_card_of_request(request_id: int) -> ScoreShown | None:
    """The score card of who asks for credit."""
    return score_card(latest_row_of_request(request_id))


def score_card_of_customer(entity_id: int, customer_id: int) -> ScoreShown | None:
    """The score card of a customer."""
    return score_card(latest_rows(entity_id, [customer_id]).get(customer_id))


def _bar(one: Scored, longest: Decimal, card: Card) -> Bar:
    unit = next((factor.unit for factor in card.factors if factor.id == one.id), "")
    value = "not known" if one.value is None else f"{str(one.value).replace('_', ' ')} {unit}"
    return Bar(
        title=one.title,
        known=value.strip(),
        points=plain(one.points),
        of=plain(one.of),
        got_width=_width(one.points, longest),
        of_width=_width(one.of, longest),
    )


def _width(points: Decimal, longest: Decimal) -> str:
    return f"{plain((points * 100 / longest).quantize(Decimal('0.1')))}%"


def _reach(card: Card, told: Score) -> str:
    least = next((least for band, least in card.bands if band == told.band), Decimal(0))
    if told.points < least or told.is_declined:
        return "declined by a gate"
    above = [bound for _, bound in card.bands if bound > least]
    if above and told.points >= min(above):
        return f"held back: {plain(told.known_weight)}% of the weight is known"
    return (
        f"{plain(least)} and over" if not above else f"from {plain(least)} to {plain(min(above))}"
    )
