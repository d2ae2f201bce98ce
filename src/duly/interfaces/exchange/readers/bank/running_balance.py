"""The balance that a CSV has behind each entry, held against the entries themselves."""

from collections.abc import Iterator

from duly.kernel.amounts import text_from_minor
from duly.kernel.errors import Problem


class RunningBalance:
    """Follows a balance from row to row, the oldest first or the newest first.

    Rule: balance before + amount = balance; which row is before, the first two that differ tell.
    A row without a balance is passed over. What does not hold is told once, with the difference.
    """

    def __init__(self) -> None:
        self._before: int | None = None
        self._since = 0  # the entries since that balance
        self._before_own = 0  # and the amount of the row that had it
        self._can_rise = self._can_fall = True
        self._is_told = False

    def take(self, place: str, minor: int, balance: int | None, decimals: int) -> Iterator[Problem]:
        """One more row: its amount and the balance beside it, in minor units."""
        if self._before is None or balance is None:
            if balance is not None:
                self._before, self._before_own, self._since = balance, minor, 0
            else:
                self._since += minor
            return
        rising = self._before + self._since + minor - balance
        falling = balance + self._since + self._before_own - self._before
        self._can_rise &= not rising
        self._can_fall &= not falling
        self._before, self._before_own, self._since = balance, minor, 0
        if not (self._can_rise or self._can_fall or self._is_told):
            self._is_told = True
            yield Problem(
                where=place,
                code="DOES_NOT_ADD_UP",
                message="The balance is not what the one before and the entries between make: "
                f"{text_from_minor(rising, decimals)} too much.",
                remedy="Export the entries again, all of a time and in the bank's order.",
            )
