"""How an amount runs from day to day: what is open of an item, what is left of a payment.

Rule: an amount goes down on the day on which it is used, and up on the day on which that is taken
back. Nothing may use more on a day than is left on that day and on every later one, or a report of
one of them would show the amount beyond zero (I3, I4: on every day).
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Course:
    """What is left of an amount after everything, and what moved it when.

    `moves` are (day, minor units used; negative: given back). Those up to the first day asked for
    may be left out, and all of them where nothing was ever given back: the end is then the least.
    """

    left_minor: int
    moves: list[tuple[date, int]] = field(default_factory=list)

    def least_from(self, on: date) -> int:
        """The least that is left on a day or on any later one: as much may be used on it.

        80 of 100 were used on the 5th and given back on the 20th:

        >>> course = Course(100, [(date(2026, 2, 5), 80), (date(2026, 2, 20), -80)])
        >>> [course.least_from(date(2026, 2, day)) for day in (1, 10, 19, 20)]
        [20, 20, 20, 100]
        """
        left = least = self.left_minor
        for day, used in self._backwards():
            if day <= on:
                break
            left += used
            least = min(least, left)
        return least

    def first_day(self, minor: int, *, since: date) -> date | None:
        """The first day, `since` or later, on which as much may be used; None: never.

        >>> course = Course(100, [(date(2026, 2, 5), 80), (date(2026, 2, 20), -80)])
        >>> course.first_day(50, since=date(2026, 2, 10))
        datetime.date(2026, 2, 20)
        """
        left = self.left_minor
        if left < minor:
            return None
        for day, used in self._backwards():
            if day <= since:
                break
            left += used
            if left < minor:
                return day
        return since

    def use(self, on: date, minor: int) -> None:
        """Use an amount on a day."""
        self.left_minor -= minor
        if self.moves:
            self.moves.append((on, minor))

    def _backwards(self) -> list[tuple[date, int]]:
        """Moves from the last to the first.

        Of one day's the uses go first: the sums between are then never below what the day began
        and ended with, which alone count.
        """
        return sorted(self.moves, reverse=True)
