"""Chance, in streams: one generator for each concern, so that one more draw here moves nothing
there, and the same seed gives the same world on every machine."""

import random
from collections.abc import Sequence
from typing import TypeVar

Choice = TypeVar("Choice")

Dice = random.Random


def dice(seed: int, *concern: object) -> Dice:
    """The stream of a concern, such as ("customer", "C-1007").

    >>> dice(1, "names").random() == dice(1, "names").random()
    True
    >>> dice(1, "names").random() == dice(1, "rates").random()
    False
    """
    # A text as seed goes through SHA-512: no dependence on the hash seed of the process.
    return random.Random("/".join(str(part) for part in (seed, *concern)))  # noqa: S311


def pick(stream: Dice, weighted: Sequence[tuple[Choice, float]]) -> Choice:
    """One of the choices, by its weight.

    >>> pick(dice(1), [("heads", 1.0), ("tails", 0.0)])
    'heads'
    """
    point = stream.random() * sum(weight for _, weight in weighted)
    for choice, weight in weighted:
        point -= weight
        if point < 0:
            return choice
    return weighted[-1][0]
