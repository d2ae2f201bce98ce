"""How good a judgement was, by what became of the firms.

AUC: how often a firm that failed was told riskier than one that did not. KS: the greatest distance
between the two. ECE: how far the shares told are from the shares that failed, in bins of equal
count. PSI: how far one group's risks lie from another's.
"""

import numpy as np

from duly.credit.rules.training.tables import Numbers, Whole

BINS = 10


def auc(risk: Numbers, failed: Whole) -> np.float64:
    """The area under the curve of hits over false alarms; ties count half."""
    _, place, count = np.unique(risk, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    bad = failed.sum()
    good = len(failed) - bad
    return (rank[failed == 1].sum() - bad * (bad + 1) / 2) / (bad * good)


def ks(risk: Numbers, failed: Whole) -> np.float64:
    """The greatest distance between how those that failed and those that did not are spread."""
    levels, place = np.unique(risk, return_inverse=True)
    bad = np.bincount(place, weights=failed, minlength=len(levels)).cumsum()
    good = np.bincount(place, weights=1 - failed, minlength=len(levels)).cumsum()
    return np.abs(bad / bad[-1] - good / good[-1]).max()


def ece(risk: Numbers, failed: Whole, bins: int = BINS) -> np.float64:
    """The mean distance of the shares told from those that failed, in bins of equal count."""
    order = np.argsort(risk, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return sum(
        (len(part) * abs(risk[part].mean() - failed[part].mean()) for part in parts), np.float64(0)
    ) / len(risk)


def reliability(risk: Numbers, failed: Whole, bins: int = BINS) -> list[tuple[int, Numbers]]:
    """(firms, (share told, share that failed)) of each bin of equal count."""
    order = np.argsort(risk, kind="stable")
    return [
        (len(part), np.array([risk[part].mean(), failed[part].mean()]))
        for part in np.array_split(order, bins)
        if len(part)
    ]


def psi(expected: Numbers, there: Numbers, bins: int = BINS) -> np.float64:
    """How far the second lie from the first, in bins of equal count of the first."""
    cuts = np.unique(np.quantile(expected, np.arange(1, bins) / bins))
    shares = []
    for one in (expected, there):
        count = np.bincount(np.searchsorted(cuts, one), minlength=len(cuts) + 1) + 1 / 2
        shares.append(count / count.sum())
    return np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]))
