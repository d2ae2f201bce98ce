"""Fit points by steps: each step parts the bins of one input in two, and moves both sides.

Rule: gradient boosting of the logistic loss with stumps, so that what is fitted is a sum of one
course for each input. A step that would go against an input's direction is not taken, so each
course is monotone; what is missing has a value of its own. Several fits to draws of the rows are
averaged, and each row is judged by the fits that have not seen it.
"""

from typing import NamedTuple

import numpy as np

from duly.credit.rules.training.bins import directions
from duly.credit.rules.training.knobs import Knobs
from duly.credit.rules.training.tables import Numbers, Whole

FREE = 0
_SCREENED = 2  # inputs looked at first, as a multiple of the longest step of the path


class Courses(NamedTuple):
    """What was fitted: inputs by place, log-odds of failing by input and bin, and where they begin.

    `unseen` are the log-odds of each row by the fits that did not see it, NaN where all did.
    """

    places: Whole
    odds: Numbers
    begin: np.float64
    unseen: Numbers

    def of(self, cells: Whole) -> Numbers:
        """The log-odds of some rows."""
        chosen = cells[:, self.places]
        return self.begin + self.odds[np.arange(len(self.places)), chosen].sum(axis=1)


def fit(
    cells: Whole, failed: Whole, groups: Whole, knobs: Knobs, *, is_monotone: bool = True
) -> Courses:
    """Choose inputs and fit their courses."""
    ways, says = directions(cells, failed, knobs.bins)
    if not is_monotone:
        ways = np.full(len(ways), FREE)
    path = [size for size in (*knobs.path, knobs.most_inputs) if size < cells.shape[1]]
    places = np.argsort(-says, kind="stable")[: _SCREENED * max(path, default=len(says))]
    for size in path:
        found = _bagged(
            cells, failed, groups, places, ways, knobs, knobs.choosing_bags, knobs.choosing_rounds
        )
        rows = np.arange(len(places))
        spread = [found.odds[row][cells[:, places[row]]].var() for row in rows]
        places = places[np.argsort(-np.array(spread), kind="stable")[:size]]
    return _bagged(cells, failed, groups, places, ways, knobs, knobs.bags, knobs.rounds)


def _bagged(
    cells: Whole,
    failed: Whole,
    groups: Whole,
    places: Whole,
    ways: Whole,
    knobs: Knobs,
    bags: int,
    rounds: int,
) -> Courses:
    dice = np.random.default_rng(knobs.seed)
    _, group = np.unique(groups, return_inverse=True)
    count = int(group.max()) + 1
    chosen = cells[:, places]
    odds = np.zeros((len(places), knobs.bins + 1))
    begin, told, times = np.float64(0), np.zeros(len(cells)), np.zeros(len(cells))
    for _ in range(bags):
        weight = dice.multinomial(count, np.full(count, 1 / count))[group]
        seen = np.flatnonzero(weight)
        start, course = _boosted(
            chosen[seen], failed[seen], weight[seen], ways[places], knobs, rounds, dice
        )
        odds += course / bags
        begin += start / bags
        unseen = np.flatnonzero(weight == 0)
        told[unseen] += start + course[np.arange(len(places)), chosen[unseen]].sum(axis=1)
        times[unseen] += 1
    with np.errstate(invalid="ignore"):
        return Courses(places, odds, begin, told / times)


def _boosted(
    cells: Whole,
    failed: Whole,
    weight: Whole,
    ways: Whole,
    knobs: Knobs,
    rounds: int,
    dice: np.random.Generator,
) -> tuple[np.float64, Numbers]:
    """(where the log-odds begin, what each bin of each input adds)."""
    inputs, bins = cells.shape[1], knobs.bins
    pace, doubt, least, part = (
        np.float64(str(told))
        for told in (knobs.pace, knobs.shrinkage, knobs.least_side, knobs.part)
    )
    flat = (cells + np.arange(inputs) * (bins + 1)).ravel()
    course: Numbers = np.zeros((inputs, bins + 1), dtype=np.float64)
    bad = (weight * failed).sum() + 1 / 2
    begin = np.log(bad / (weight.sum() + 1 - bad))
    odds = np.full(len(cells), begin)

    def by_bin(values: Numbers) -> Numbers:
        width = inputs * (bins + 1)
        summed = np.bincount(flat, np.repeat(values, inputs), width).astype(np.float64)
        return summed.reshape(inputs, bins + 1)

    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-odds))
        push, mass = by_bin(weight * (failed - chance)), by_bin(weight * chance * (1 - chance))
        low, low_mass = push[:, :bins].cumsum(1)[:, :-1], mass[:, :bins].cumsum(1)[:, :-1]
        high = push[:, :bins].sum(1)[:, None] - low
        high_mass = mass[:, :bins].sum(1)[:, None] - low_mass
        to_low, to_high = low / (low_mass + doubt), high / (high_mass + doubt)
        to_missing = push[:, bins] / (mass[:, bins] + doubt)
        gain = low * to_low + high * to_high + (push[:, bins] * to_missing)[:, None]
        is_allowed = (low_mass > least) & (high_mass > least)
        is_allowed &= (ways[:, None] == FREE) | ((to_high - to_low) * ways[:, None] > 0)
        is_allowed[dice.random(inputs) > part] = False
        if not is_allowed.any():
            continue
        gain[~is_allowed] = -1
        one, cut = np.unravel_index(np.argmax(gain), gain.shape)
        step = np.empty(bins + 1)
        step[: cut + 1], step[cut + 1 : bins] = to_low[one, cut], to_high[one, cut]
        step[bins] = to_missing[one]
        course[one] += pace * step
        odds += pace * step[cells[:, one]]
    return begin, course
