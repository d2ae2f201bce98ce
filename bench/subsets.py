"""How long it takes to tell whether none, one or more sets of open items make an amount.

    PYTHONPATH=src:bench python bench/subsets.py --draws 200

Amounts are log-normal as those of ../shared/bench/limit_match.py, the payment is the sum of one to
four of them. Milliseconds of CPU a question. Up to 26 items sets of any size are compared, of more
sets of up to four; where there are too many, nothing is claimed.
"""

import argparse
import json
import time

import numpy as np

from duly.cash_application.rules.subsets import sums_to

SIZES = (10, 20, 26, 50, 100, 200, 400, 5_000)


def question(dice: np.random.Generator, count: int) -> tuple[int, list[tuple[int, ...]]]:
    """An amount that some of the items make, and the items."""
    amounts = np.maximum(100, np.round(np.exp(dice.normal(11.2, 1.1, count)))).astype(int)
    paid = dice.choice(count, int(dice.integers(1, 5)), replace=False)
    return int(amounts[paid].sum()), [(amount,) for amount in amounts.tolist()]


def measured(count: int, draws: int, seed: int) -> dict[str, float]:
    """Times of some questions about so many items, and how they were answered."""
    dice = np.random.default_rng(seed)
    spent, answers = [], {"one": 0, "more": 0, "abstained": 0}
    sums_to(*question(dice, count))
    for _ in range(draws):
        target, choices = question(dice, count)
        begun = time.process_time()
        found = sums_to(target, choices)
        spent.append((time.process_time() - begun) * 1000)
        if len(found.sets) > 1:
            answers["more"] += 1
        elif found.is_complete:
            answers["one"] += len(found.sets)
        else:
            answers["abstained"] += 1
    p50, p99 = np.percentile(spent, [50, 99]).tolist()
    return {"p50_ms": round(p50, 3), "p99_ms": round(p99, 3), **answers}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    print(json.dumps({count: measured(count, asked.draws, asked.seed) for count in SIZES}))


if __name__ == "__main__":
    main()
