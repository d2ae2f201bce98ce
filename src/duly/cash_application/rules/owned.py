"""The open items of one customer in one currency; what is looked up of them is kept as they change.

What few payments ask for (items by age, numbers of one series) is gathered when it is first asked,
and follows from then on.
"""

from bisect import insort

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import age
from duly.cash_application.rules.series import Series, series_of

_MANY = 12  # times as few that each is put in its place


class Owned:
    """Items by their id, in no order."""

    __slots__ = ("_aged", "_come", "_new", "_odd", "_series", "by_id")

    def __init__(self) -> None:
        self.by_id: dict[int, OpenItem] = {}
        self._odd = 0
        self._aged: list[OpenItem] | None = None
        self._new: list[OpenItem] = []  # since they were put in order
        self._series: Series | None = None
        self._come: list[OpenItem] = []  # since their numbers were looked at

    def put(self, item: OpenItem) -> None:
        """Add an item that isn't among them."""
        self.by_id[item.id] = item
        if item.open_minor < 0 or item.discount_minor:
            self._odd += 1
        if self._aged is not None:
            self._new.append(item)
        if self._series is not None:
            self._come.append(item)

    def drop(self, item: OpenItem) -> None:
        """Take one away."""
        del self.by_id[item.id]
        if item.open_minor < 0 or item.discount_minor:
            self._odd -= 1

    @property
    def is_plain(self) -> bool:
        """All are owed whole: none is a credit, of none a discount may be taken."""
        return not self._odd

    @property
    def aged(self) -> list[OpenItem]:
        """All, the oldest first."""
        if self._aged is None:
            self._aged = sorted(self.by_id.values(), key=age)
        elif self._new or len(self._aged) != len(self.by_id):
            by_id = self.by_id
            aged = [item for item in self._aged if by_id.get(item.id) is item]
            new = [item for item in self._new if by_id.get(item.id) is item]
            if len(new) * _MANY < len(aged):
                for item in new:
                    insort(aged, item, key=age)
            elif new:
                aged = sorted(aged + new, key=age)
            self._aged = aged
            self._new.clear()
        return self._aged

    @property
    def series(self) -> Series | None:
        """The one series that all their numbers belong to, each its own."""
        if self._series is None or not self._series.items:
            self._series = series_of(self.by_id.values())
        elif self._come or len(self._series) != len(self.by_id):
            self._series.follow(self.by_id, self._come)
        self._come.clear()
        return self._series if self._series is not None and self._series.is_one else None
