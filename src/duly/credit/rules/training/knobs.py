"""How a card is fitted: numbers that a person may turn, none of them learned from the outcomes."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Knobs:
    """How a card is fitted.

    `most_inputs` stand on the card, each cut into up to `bins` bins of equal count. Inputs are
    narrowed down along `path`, by `choosing_bags` fits of `choosing_rounds` each. The card is the
    mean of `bags` fits, each to a draw of the rows, of `rounds` steps; a step goes `pace` of the
    way that the rows alone would go, and `shrinkage` rows' worth of doubt hold it back. A side of
    a step weighs at least `least_side`. `part` of the inputs is looked at for each step. `places`:
    decimals of points. `bands`: (band, the share failing up to which it goes).
    """

    most_inputs: int = 15
    bins: int = 32
    path: tuple[int, ...] = (48, 36, 28, 22, 18)
    choosing_bags: int = 3
    choosing_rounds: int = 150
    bags: int = 10
    rounds: int = 300
    pace: Decimal = Decimal("0.1")
    shrinkage: Decimal = Decimal(10)
    least_side: Decimal = Decimal(1)
    part: Decimal = Decimal("0.5")
    places: int = 1
    folds: int = 10
    seed: int = 1
    bands: tuple[tuple[str, Decimal], ...] = (
        ("A", Decimal("0.005")),
        ("B", Decimal("0.02")),
        ("C", Decimal("0.08")),
        ("D", Decimal("0.25")),
    )
    worst_band: str = "E"


KNOBS = Knobs()
