"""Points from what was fitted: a card of 100 points at best, whose sum tells the share that failed.

Rule: an input's points are how much better its bin is than its worst, on a scale on which all best
bins together are 100. The share that failed follows the score by a logistic curve, fitted to rows
judged by fits that have not seen them; it never falls the wrong way.
"""

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from duly.credit.rules.scorecards import UP_TO, Calibration, Card, Factor, Step
from duly.credit.rules.training.knobs import Knobs
from duly.credit.rules.training.steps import Courses
from duly.credit.rules.training.tables import Numbers, Whole

_TURNS = 60


class Points(NamedTuple):
    """Points by input and bin, and the curve from score to the share that failed."""

    places: Whole
    points: Numbers
    at_zero: np.float64
    per_point: np.float64

    def score(self, cells: Whole) -> Numbers:
        """The score of some rows."""
        got = self.points[np.arange(len(self.places)), cells[:, self.places]].sum(axis=1)
        best = self.points.max(axis=1).sum()
        return np.round(got * 100 / best, 2)

    def rate(self, cells: Whole) -> Numbers:
        """The share that fails of firms like these."""
        return 1 / (1 + np.exp(-(self.at_zero + self.per_point * self.score(cells))))


def points_of(courses: Courses, cells: Whole, failed: Whole, knobs: Knobs) -> Points:
    """The points of what was fitted to these rows."""
    held = [np.unique(cells[:, place]) for place in courses.places]
    worst = np.array([row[at].max() for row, at in zip(courses.odds, held, strict=True)])
    best = np.array([row[at].min() for row, at in zip(courses.odds, held, strict=True)])
    whole = max((worst - best).sum(), np.finfo(np.float64).eps)
    better = np.clip(worst[:, None] - courses.odds, 0, (worst - best)[:, None])
    points = np.round(better * 100 / whole, knobs.places)
    never_missing = [at[-1] != knobs.bins for at in held]
    points[never_missing, knobs.bins] = 0  # nobody knows what it would tell
    known = ~np.isnan(courses.unseen)
    slope, level = _curve(courses.unseen[known], failed[known])
    return Points(
        places=courses.places,
        points=points if points.any() else points + 1,
        at_zero=level + slope * (courses.begin + worst.sum()),
        per_point=-slope * whole / 100,
    )


def _curve(odds: Numbers, failed: Whole) -> tuple[np.float64, np.float64]:
    """(slope, level) of the logistic curve from log-odds told to what came, by Newton's method."""
    design = np.column_stack([odds, np.ones(len(odds))])
    found = np.array([1, 0], dtype=np.float64)
    for _ in range(_TURNS):
        chance = 1 / (1 + np.exp(-(design @ found)))
        weight = chance * (1 - chance)
        bend = design.T @ (design * weight[:, None]) + np.eye(2) / 10**9
        found = found + np.linalg.solve(bend, design.T @ (failed - chance))
    if not np.isfinite(found).all() or found[0] <= 0:  # it told nothing: the same for all
        bad = failed.mean()
        return np.float64(0), np.log(bad / (1 - bad))
    return found[0], found[1]


def card_of(
    points: Points, names: tuple[str, ...], edges: list[Numbers], knobs: Knobs, version: str
) -> Card:
    """The card of some points, as it is kept and read by people."""
    factors = []
    for row, place in enumerate(points.places):
        cuts, given = edges[place], points.points[row]
        bounds: list[Decimal | None] = [Decimal(repr(cut.item())) for cut in cuts]
        steps = [Step(bound, _points(given[n], knobs)) for n, bound in enumerate([*bounds, None])]
        merged = [
            one
            for one, after in zip(steps, [*steps[1:], None], strict=True)
            if after is None or after.points != one.points
        ]
        factors.append(
            Factor(
                id=names[place],
                title=names[place],
                kind=UP_TO,
                steps=tuple(merged),
                missing=_points(given[knobs.bins], knobs),
            )
        )
    factors.sort(key=lambda factor: (-factor.weight, factor.id))
    calibration = Calibration(_decimal(points.at_zero), _decimal(points.per_point))
    return Card(
        id="trained",
        title="Trained card",
        version=version,
        factors=tuple(factor for factor in factors if factor.weight),
        bands=_bands(calibration, knobs),
        calibration=calibration,
    )


def _bands(calibration: Calibration, knobs: Knobs) -> tuple[tuple[str, Decimal], ...]:
    """Where each band begins: at the score whose share that failed it goes up to."""
    found: list[tuple[str, Decimal]] = []
    for band, most in knobs.bands:
        if calibration.per_point:
            odds = (most / (1 - most)).ln()
            least = ((odds - calibration.at_zero) / calibration.per_point).quantize(Decimal("0.01"))
            if 0 < least <= 100 and (not found or least < found[-1][1]):
                found.append((band, least))
    return (*found, (knobs.worst_band, Decimal(0)))


def _points(value: np.float64, knobs: Knobs) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-knobs.places))


def _decimal(value: np.float64) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("1e-9"))
