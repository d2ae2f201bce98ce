"""Days as people and banks write them, in the order that is told or that the file shows."""

import re
from collections.abc import Iterable
from datetime import date

from duly.interfaces.exchange.readers.bank.decoding import doubtful
from duly.kernel.errors import Problem

_DAY = re.compile(
    r"([0-9]{1,4})[-/. ]+([0-9]{1,2}|[A-Za-z]{3,9})[-/., ]+([0-9]{4}|[0-9]{1,2})(?![0-9])\.?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class WrittenDays:
    """Reads days by an order: "dmy", "mdy", "ymd", or "" for what `learn` is to find."""

    def __init__(self, order: str) -> None:
        self.order = order
        self._is_told = False

    def learn(self, texts: Iterable[str]) -> None:
        """Take the order of the days that have one beyond 12; of none or of both, none."""
        orders = set()
        for text in texts:
            found = _DAY.match(text)
            if found and found[1] and len(found[1]) < 3 and found[2].isdigit():
                if int(found[1]) > 12:
                    orders.add("dmy")
                elif int(found[2]) > 12:
                    orders.add("mdy")
        self.order = orders.pop() if len(orders) == 1 else ""

    def day(self, place: str, text: str) -> tuple[date | None, Problem | None]:
        """The day of a text, a time behind it left out; or None, and what is to be said of it."""
        found = _DAY.match(text)
        day = self._day(found) if found else None
        if day or not (found and found[1] and not self.order):
            return day, None if day else doubtful(place, f"{text!a} is no day; the entry has none.")
        if self._is_told:
            return None, None
        self._is_told = True
        return None, Problem(
            where=place,
            code="DATE_ORDER_UNCLEAR",
            message=f"{text!a} can be two days, and no other day of the file tells which.",
            remedy="Tell the order in a layout, or export a longer time.",
        )

    def _day(self, found: re.Match[str]) -> date | None:
        first, second, third = found.groups()[:3] if found[1] else found.groups()[3:]
        order, month = self.order, second
        if len(first) == 4:
            order = "ymd"
        elif not second.isdigit():
            order, month = "dmy", str(_MONTHS.get(second[:3].lower(), 0))
        elif not order and int(first) == int(second):
            order = "dmy"
        if not order:
            return None
        year = first if order == "ymd" else third
        day = {"ymd": third, "dmy": first, "mdy": second}[order]
        month = first if order == "mdy" else month
        try:
            return date(int(year) + (2000 if len(year) < 3 else 0), int(month), int(day))
        except ValueError:
            return None
