"""Judge a way of fitting by firms that it has not seen, fold by fold.

Rule: bins, directions, choice of inputs, points and curve are all made anew from the other folds.
Firms alike in all inputs are in one fold. Folds hold the same share of failures, and are cut by a
seed alone, so that the same table gives the same figures.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from duly.credit.rules.training.bins import binned, edges_of
from duly.credit.rules.training.cards import Points, points_of
from duly.credit.rules.training.figures import auc, ece, ks, psi
from duly.credit.rules.training.knobs import Knobs
from duly.credit.rules.training.steps import fit
from duly.credit.rules.training.tables import Firms, Numbers, Whole

Risks = Callable[[Numbers, Whole, Whole, Numbers], Numbers]  # of rows unseen, by rows seen


class Judged(NamedTuple):
    """How risky each firm was told by what had not seen it, and in which fold it was."""

    risk: Numbers
    fold: Whole


class Figures(NamedTuple):
    """What a way of fitting reaches: of all folds pooled, and how far folds differ."""

    auc: np.float64
    ks: np.float64
    ece: np.float64
    auc_least: np.float64
    auc_most: np.float64
    auc_spread: np.float64
    psi_most: np.float64


def folds_of(firms: Firms, count: int, seed: int) -> Whole:
    """The fold of each row."""
    _, group = np.unique(firms.groups, return_inverse=True)
    has_failed = np.zeros(group.max() + 1, dtype=np.int64)
    np.maximum.at(has_failed, group, firms.failed)
    dice, fold = np.random.default_rng(seed), np.empty(len(has_failed), dtype=np.int64)
    for outcome in (0, 1):
        drawn = dice.permutation(np.flatnonzero(has_failed == outcome))
        fold[drawn] = np.arange(len(drawn)) % count
    return fold[group]


def judge(
    firms: Firms, risks: Risks, knobs: Knobs, told: Callable[[int], None] = lambda rows: None
) -> Judged:
    """Tell every firm's risk by what was fitted to the folds that it is not in."""
    fold = folds_of(firms, knobs.folds, knobs.seed)
    risk = np.empty(len(fold))
    for one in range(knobs.folds):
        seen, unseen = fold != one, fold == one
        risk[unseen] = risks(
            firms.inputs[seen], firms.failed[seen], firms.groups[seen], firms.inputs[unseen]
        )
        told(int(unseen.sum()))
    return Judged(risk, fold)


def figures(judged: Judged, failed: Whole) -> Figures:
    """The figures of a judgement."""
    folds = [judged.fold == one for one in np.unique(judged.fold)]
    areas = np.array([auc(judged.risk[at], failed[at]) for at in folds])
    return Figures(
        auc=auc(judged.risk, failed),
        ks=ks(judged.risk, failed),
        ece=ece(judged.risk, failed),
        auc_least=areas.min(),
        auc_most=areas.max(),
        auc_spread=areas.std(),
        psi_most=np.array([psi(judged.risk[~at], judged.risk[at]) for at in folds]).max(),
    )


def fitted(
    inputs: Numbers, failed: Whole, groups: Whole, knobs: Knobs, *, is_monotone: bool
) -> tuple[Points, Sequence[Numbers]]:
    """Points fitted to some firms, and the edges of the bins that they are for."""
    edges = edges_of(inputs, knobs.bins)
    cells = binned(inputs, edges, knobs.bins)
    courses = fit(cells, failed, groups, knobs, is_monotone=is_monotone)
    return points_of(courses, cells, failed, knobs), edges


def risks_by_points(knobs: Knobs, *, is_monotone: bool) -> Risks:
    """Tell risks by a card of points."""

    def risks(inputs: Numbers, failed: Whole, groups: Whole, unseen: Numbers) -> Numbers:
        points, edges = fitted(inputs, failed, groups, knobs, is_monotone=is_monotone)
        return points.rate(binned(unseen, edges, knobs.bins))

    return risks
