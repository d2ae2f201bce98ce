"""What a scorecard is, and the score that it gives.

Rule: each known factor gives the points of the step that its value falls into. Only known weight
counts: the score is points per weight known, from 0 to 100, higher is safer, rounded half up to two
decimals before it is held against the bands. Where little is known the band is capped; a gate
declines whatever the points say. Reasons are the factors that cost most (credit facts, section 5).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from duly.credit.errors import NothingToScore

UP_TO, FROM, CHOICE = "up_to", "from", "choice"
KINDS = (UP_TO, FROM, CHOICE)
YES, NO = "yes", "no"
HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_MOST_REASONS = 3
_GUARD = 8  # decimals of a rate

Value = Decimal | str
Factors = Mapping[str, Value]


class Step(NamedTuple):
    """Points of a value up to a bound (or from it on, or that is this choice); None is the rest."""

    bound: Value | None
    points: Decimal


class Factor(NamedTuple):
    """What is looked at: its steps in order, and what it gives when it is not known.

    `missing` None leaves the factor out. A value beyond `least` or `most` can't be meant.
    """

    id: str
    title: str
    kind: str
    steps: tuple[Step, ...]
    group: str = ""
    unit: str = ""
    missing: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def weight(self) -> Decimal:
        """The most points that it can give."""
        return max([step.points for step in self.steps] + [self.missing or Decimal(0)])

    def points(self, value: Value) -> Decimal:
        """The points of a value."""
        for bound, points in self.steps:
            if (
                bound is None
                or (self.kind == CHOICE and value == bound)
                or (self.kind == UP_TO and value <= bound)  # type: ignore[operator]
                or (self.kind == FROM and value >= bound)  # type: ignore[operator]
            ):
                return points
        return Decimal(0)


class Cap(NamedTuple):
    """The best band there is while less than `known_below` percent of the weight is known."""

    known_below: Decimal
    band: str


class Gate(NamedTuple):
    """A value that declines by itself, and why."""

    input: str
    values: tuple[str, ...]
    why: str


class Zero(NamedTuple):
    """More than `above` of an input leaves a factor no points."""

    input: str
    above: Decimal
    factor: str


class Calibration(NamedTuple):
    """The share that failed, by the score: 1 / (1 + e^-(at_zero + per_point * score))."""

    at_zero: Decimal
    per_point: Decimal

    def rate(self, score: Decimal) -> Decimal:
        """The share that failed of those with this score."""
        odds = (self.at_zero + self.per_point * score).exp()
        return (odds / (1 + odds)).quantize(Decimal(1).scaleb(-_GUARD), ROUND_HALF_UP)


class Card(NamedTuple):
    """A scorecard: `bands` are (band, from how many points on), the best first."""

    id: str
    title: str
    version: str
    factors: tuple[Factor, ...]
    bands: tuple[tuple[str, Decimal], ...]
    caps: tuple[Cap, ...] = ()
    gates: tuple[Gate, ...] = ()
    zeros: tuple[Zero, ...] = ()
    calibration: Calibration | None = None

    @property
    def inputs(self) -> frozenset[str]:
        """The names of all that the card looks at."""
        beside = {gate.input for gate in self.gates} | {zero.input for zero in self.zeros}
        return frozenset(beside | {factor.id for factor in self.factors})


class Scored(NamedTuple):
    """What a factor gave; `value` None where it is not known, or known by what zeroed it alone."""

    id: str
    title: str
    value: Value | None
    points: Decimal
    of: Decimal
    is_known: bool = True

    @property
    def lost(self) -> Decimal:
        """The points that it cost."""
        return self.of - self.points


class Score(NamedTuple):
    """A score and its reasons; `known_weight` in percent of the card's."""

    points: Decimal
    band: str
    known_weight: Decimal
    factors: tuple[Scored, ...]
    lost_most: tuple[str, ...]
    is_declined: bool
    version: str
    declined_for: tuple[str, ...] = ()
    rate: Decimal | None = None


def score(card: Card, factors: Factors) -> Score:
    """Score what is known by a card. Refuses: NothingToScore."""
    scored = tuple(_scored(card, factors))
    declined = tuple(
        gate.why for gate in card.gates if str(factors.get(gate.input, "")) in gate.values
    )
    weight = sum((one.of for one in scored), Decimal(0))
    if not weight and not declined:
        raise NothingToScore(
            "Nothing is known that this card looks at.",
            facts={"card": card.version, "factors": [factor.id for factor in card.factors]},
            remedy="Tell at least one of these factors.",
        )
    got = sum((one.points for one in scored), Decimal(0))
    points = (got * HUNDRED / weight).quantize(_CENT, ROUND_HALF_UP) if weight else Decimal(0)
    known = _known_weight(card, scored)
    return Score(
        points=points,
        band=card.bands[-1][0] if declined else _capped(card, _band_of(card, points), known),
        known_weight=known,
        factors=scored,
        lost_most=_lost_most(scored),
        is_declined=bool(declined),
        version=card.version,
        declined_for=declined,
        rate=card.calibration.rate(points) if card.calibration else None,
    )


def is_scorable(card: Card, factors: Factors) -> bool:
    """Tell whether anything is known that gives points."""
    return any(f.weight and (f.id in factors or f.missing is not None) for f in card.factors)


def _band_of(card: Card, points: Decimal) -> str:
    """The band of some points."""
    return next(band for band, least in card.bands if points >= least)


def _capped(card: Card, band: str, known: Decimal) -> str:
    """The band, or a worse one where little is known."""
    order = [name for name, _ in card.bands]
    caps = [order.index(cap.band) for cap in card.caps if known < cap.known_below]
    return order[max([order.index(band), *caps])]


def _lost_most(scored: Sequence[Scored]) -> tuple[str, ...]:
    """The up to three factors that cost most points, the dearest first; none that cost nothing."""
    dear = sorted((one for one in scored if one.lost > 0), key=lambda one: -one.lost)
    return tuple(one.id for one in dear[:_MOST_REASONS])


def _known_weight(card: Card, scored: Sequence[Scored]) -> Decimal:
    """How much of the card's weight is known, in percent."""
    whole = sum((factor.weight for factor in card.factors), Decimal(0))
    known = sum((one.of for one in scored if one.is_known), Decimal(0))
    return (known * HUNDRED / whole).quantize(_CENT, ROUND_HALF_UP)


def _scored(card: Card, factors: Factors) -> list[Scored]:
    none_left = {
        zero.factor
        for zero in card.zeros
        if isinstance(held := factors.get(zero.input), Decimal) and held > zero.above
    }
    found = []
    for factor in card.factors:
        value = factors.get(factor.id)
        is_known = value is not None or factor.id in none_left
        if factor.id in none_left:
            points = Decimal(0)
        elif value is not None:
            points = factor.points(value)
        elif factor.missing is not None:
            points = factor.missing
        else:
            continue
        found.append(Scored(factor.id, factor.title, value, points, factor.weight, is_known))
    return found
