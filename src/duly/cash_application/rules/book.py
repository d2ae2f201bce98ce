"""The open items of all customers, as matching looks them up; it shrinks as money is applied."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers, form_of, squeeze

_TAIL = 5
_Key = tuple[tuple[int, ...], str]


class Book:
    """Open items by customer and currency, by number and by amount."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items: dict[int, OpenItem] = {}
        self.by_number: dict[str, dict[int, OpenItem]] = defaultdict(dict)
        self.by_amount: dict[int, dict[int, OpenItem]] = defaultdict(dict)
        self._of: dict[tuple[int, str], dict[int, OpenItem]] = defaultdict(dict)
        self._tails: dict[str, dict[int, OpenItem]] = defaultdict(dict)
        self._numbers: dict[_Key, Numbers] = {}
        self._readers: dict[int, set[_Key]] = defaultdict(set)
        for item in items:
            self.put(item)

    def put(self, item: OpenItem) -> None:
        """Add an item, or put what is now open in the place of what was."""
        old = self.items.pop(item.id, None)
        if old is not None:
            del self.by_number[form_of(old.number).squeezed][old.id]
            del self.by_amount[old.open_minor][old.id]
            del self._tails[form_of(old.number).digits[-_TAIL:]][old.id]
            del self._of[old.customer_id, old.currency][old.id]
        if item.open_minor:
            self.items[item.id] = item
            self.by_number[form_of(item.number).squeezed][item.id] = item
            self.by_amount[item.open_minor][item.id] = item
            self._tails[form_of(item.number).digits[-_TAIL:]][item.id] = item
            self._of[item.customer_id, item.currency][item.id] = item
        for key in self._readers.pop(item.customer_id, ()):
            self._numbers.pop(key, None)

    def of(self, customer_ids: Sequence[int], currency: str) -> list[OpenItem]:
        """The open items of some customers, the oldest first."""
        found = [i for c in customer_ids for i in self._of.get((c, currency), {}).values()]
        return sorted(found, key=lambda item: (item.due_on, item.issued_on, item.id))

    def numbers(self, customer_ids: Sequence[int], currency: str) -> Numbers:
        """The numbers of these items, ready to be found in a text."""
        key = (tuple(customer_ids), currency)
        if key not in self._numbers:
            self._numbers[key] = Numbers(self.of(customer_ids, currency))
            for customer_id in customer_ids:
                self._readers[customer_id].add(key)
        return self._numbers[key]

    def named_in(self, text: str, currency: str) -> list[OpenItem]:
        """Items of whomever whose full number stands in a text."""
        squeezed = squeeze(text)
        lengths = {len(number) for number in self.by_number}
        found = {
            item.id: item
            for length in lengths
            if length >= 6
            for start in range(len(squeezed) - length + 1)
            for item in self.by_number.get(squeezed[start : start + length], {}).values()
            if item.currency == currency
        }
        return list(found.values())

    def ending_in(self, text: str, currency: str) -> list[OpenItem]:
        """Items of whomever whose number ends in digits that stand in a text."""
        return [
            item
            for run in re.findall(r"\d+", text)
            if len(run) >= _TAIL
            for item in self._tails.get(run[-_TAIL:], {}).values()
            if item.currency == currency
        ]

    def applied(self, paid: Iterable[tuple[int, int]]) -> None:
        """Take what was paid or let go off the open amounts: (item, minor) pairs."""
        for item_id, minor in paid:
            item = self.items[item_id]
            self.put(item._replace(open_minor=item.open_minor - minor))
