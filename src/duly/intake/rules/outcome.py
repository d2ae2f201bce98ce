"""What became of the rows of a file: counted, with every problem and the control totals."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem
from duly.kernel.money import text_from_minor

MOST_PROBLEMS = 1_000  # told one by one; beyond that they are counted


@dataclass(slots=True)
class Outcome:
    """One file's rows: new, changed, same, rejected; problems; sums of what the file says.

    `control` is {currency: [count, minor units]} over all readable rows of the file, credit notes
    negative; `written` the same over the new ones.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    notes: list[str] = field(default_factory=list)
    control: dict[str, list[int]] = field(default_factory=dict)
    written: dict[str, list[int]] = field(default_factory=dict)
    closing: list[dict[str, str]] = field(default_factory=list)  # of a snapshot

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Keep problems up to a number that a person can read; count the rest."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.more_problems += 1

    def add_control(self, currency: str, minor: int, *, count: int = 1) -> None:
        """Count amounts of the file."""
        total = self.control.setdefault(currency, [0, 0])
        total[0] += count
        total[1] += minor

    def add_written(self, currency: str, minor: int, *, count: int = 1) -> None:
        """Count amounts that are new."""
        total = self.written.setdefault(currency, [0, 0])
        total[0] += count
        total[1] += minor

    def control_told(self) -> dict[str, dict[str, object]]:
        """The control totals as the contract writes them."""
        return {
            currency: {"count": count, "amount": text_from_minor(minor, EXPONENTS[currency])}
            for currency, (count, minor) in sorted(self.control.items())
        }
