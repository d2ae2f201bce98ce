"""What became of the rows of a file: counted, with every problem and the control totals."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Malformed, Problem
from duly.kernel.money import text_from_minor

MOST_PROBLEMS = 1_000  # told one by one; beyond that they are counted
MOST_REJECTED = 100_000  # rows, after which nobody reads on
MOST_OF_A_FILE = 10**17  # minor units of one currency; 64 bits hold ninety such files
FIRST_ROWS = 5  # of each sort, shown as they were understood
FIRST_REJECTED = 100  # more of these: whoever mends them looks for each

_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


class SumTooLarge(Malformed):
    """The amounts of a file add up to more than any business has."""

    code = "SUM_TOO_LARGE"


@dataclass(slots=True)
class Outcome:
    """One file's rows: new, changed, same, rejected; problems; sums of what the file says.

    `control` is {currency: [count, minor units]} over all readable rows of the file, credit notes
    negative; `written` the same over the new ones. `is_unfit`: no row of the file may be taken,
    whatever else is; a bank's file that does not add up is.
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
    is_unfit: bool = False
    first: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by sort
    _sizes: dict[str, int] = field(default_factory=dict)  # {currency: minor units, unsigned}
    _plan: Any = field(default_factory=hashlib.sha256)

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Keep problems up to a number that a person can read; count the rest."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.more_problems += 1

    def keep_first(self, sort: str, rows: Iterable[dict[str, Any]], most: int = FIRST_ROWS) -> None:
        """Keep the first rows of a sort (new, changed, same, rejected), to be shown."""
        kept = self.first.get(sort, [])
        kept += islice(rows, most - len(kept))
        if kept:
            self.first[sort] = kept

    def add_control(self, amounts: Sequence[tuple[str, int]]) -> None:
        """Count amounts of the file, as (currency, minor units). Refuses: SumTooLarge."""
        for currency, minors in _add_up(self.control, amounts).items():
            self._sizes[currency] = self._sizes.get(currency, 0) + sum(map(abs, minors))
            if self._sizes[currency] > MOST_OF_A_FILE:
                most = text_from_minor(MOST_OF_A_FILE, EXPONENTS[currency])
                raise SumTooLarge(
                    f"The amounts in {currency} add up to more than {most}, the most that one "
                    "file may hold.",
                    facts={"currency": currency, "most": most},
                    remedy="Look at the largest amounts: they may be accounts or references.",
                )

    def add_written(self, amounts: Sequence[tuple[str, int]]) -> None:
        """Count amounts that are new, as (currency, minor units)."""
        _add_up(self.written, amounts)

    def plan_rows(self, columns: Mapping[str, Sequence[str]], rows: Sequence[int]) -> None:
        """Take rows that are written as they stand in the file into the digest of the plan."""
        for name in sorted(columns if rows else ()):
            texts = columns[name]
            if len(rows) < len(texts):
                texts = [texts[row] for row in rows]
            self._plan.update("\x1f".join([name, *texts, ""]).encode("utf-8", "surrogatepass"))

    def plan(self, sort: str, told: Sequence[object]) -> None:
        """Take what is written beyond the words of the file into the digest of the plan.

        The values mean the same the next time: no id of ours that a preview gave away and took
        back may be among them.
        """
        if told:
            self._plan.update(_PLAIN.encode([sort, told]).encode("utf-8", "surrogatepass"))

    @property
    def digest(self) -> str:
        """The digest of all that was planned, equal for a preview and its commit."""
        return str(self._plan.hexdigest())

    def control_told(self) -> dict[str, dict[str, object]]:
        """The control totals as the contract writes them."""
        return {
            currency: {"count": count, "amount": text_from_minor(minor, EXPONENTS[currency])}
            for currency, (count, minor) in sorted(self.control.items())
        }


def _add_up(
    totals: dict[str, list[int]], amounts: Sequence[tuple[str, int]]
) -> dict[str, list[int]]:
    """Add amounts to totals, and return them by currency."""
    of_currency: dict[str, list[int]] = {}
    for currency, minor in amounts:
        if currency in of_currency:
            of_currency[currency].append(minor)
        else:
            of_currency[currency] = [minor]
    for currency, minors in of_currency.items():
        total = totals.setdefault(currency, [0, 0])
        total[0] += len(minors)
        total[1] += sum(minors)
    return of_currency
