"""Inputs in bins of equal count, which way each goes, and which say most by themselves."""

from collections.abc import Sequence

import numpy as np

from duly.credit.rules.training.tables import Numbers, Whole

_TINY = np.finfo(np.float64).tiny


def edges_of(inputs: Numbers, bins: int) -> list[Numbers]:
    """Where the bins of each input end: a value is up to its edge."""
    shares = np.arange(1, bins) / bins
    found = []
    for column in inputs.T:
        known = column[~np.isnan(column)]
        cuts = np.unique(np.quantile(known, shares, method="lower")) if len(known) else known
        found.append(cuts[cuts < known.max()] if len(known) else cuts)
    return found


def binned(inputs: Numbers, edges: Sequence[Numbers], bins: int) -> Whole:
    """The bin of each cell; what is missing has the last, `bins`, for itself."""
    found = np.empty(inputs.shape, dtype=np.int64)
    for place, cuts in enumerate(edges):
        column = inputs[:, place]
        found[:, place] = np.searchsorted(cuts, column, side="left")
        found[np.isnan(column), place] = bins
    return found


def directions(cells: Whole, failed: Whole, bins: int) -> tuple[Whole, Numbers]:
    """Which way the share that failed goes with each input (1 up, -1 down), and how much each says.

    Rule: the way in which the best monotone course fits the outcomes better.
    """
    ways, says = np.empty(cells.shape[1], dtype=np.int64), np.empty(cells.shape[1])
    for place in range(cells.shape[1]):
        count = np.bincount(cells[:, place], minlength=bins + 1)
        bad: Numbers = np.bincount(
            cells[:, place], weights=failed, minlength=bins + 1
        ) * np.float64(1)
        held = np.flatnonzero(count[:bins])
        share = bad[held] / count[held]
        alone = _fit(bad[bins:], count[bins:], bad[bins:] / np.maximum(count[bins:], 1))
        fits = {
            way: alone
            + _fit(
                bad[held],
                count[held],
                _monotone(share[::way], count[held][::way])[::way],
            )
            for way in (1, -1)
        }
        ways[place] = 1 if fits[1] >= fits[-1] else -1
        says[place] = max(fits.values())
    return ways, says


def _monotone(share: Numbers, count: Whole) -> Numbers:
    """The nearest course that never falls: neighbours that fall are pooled."""
    pooled: list[tuple[np.float64, np.int64, int]] = []  # (share, firms, bins)
    for one, firms in zip(share, count, strict=True):
        block = (one, firms, 1)
        while pooled and pooled[-1][0] > block[0]:
            before = pooled.pop()
            both = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / both
            block = (mean, both, before[2] + block[2])
        pooled.append(block)
    return np.repeat([one for one, _, _ in pooled], [bins for _, _, bins in pooled])


def _fit(bad: Numbers, count: Whole, share: Numbers) -> np.float64:
    """How well shares tell outcomes: the log-likelihood."""
    good = count - bad
    told = bad * np.log(np.maximum(share, _TINY)) + good * np.log(np.maximum(1 - share, _TINY))
    return np.sum(told)
