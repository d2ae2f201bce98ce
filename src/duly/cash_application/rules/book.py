"""The open items of all customers, as matching looks them up; it shrinks as money is applied.

What is looked up of every item is kept as items come and go. What is asked for some payers alone
(the numbers of a customer) or for payers who aren't known (amounts, ends of numbers) is gathered
when it is first asked, and kept from then on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers
from duly.cash_application.rules.texts import form_of, squeeze

_TAIL, _LONG = 5, 6
_DIGITS = re.compile(r"\d+")
_Bucket = dict[int, OpenItem]
_K = TypeVar("_K")
_Key = tuple[tuple[int, ...], str]


class Book:
    """Open items by customer and currency, by number and by amount."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items: _Bucket = {}
        self.by_number: dict[str, _Bucket] = {}
        self._lengths: Counter[int] = Counter()
        self._of: dict[tuple[int, str], _Bucket] = {}
        self._numbers: dict[_Key, Numbers] = {}
        self._readers: dict[tuple[int, str], list[Numbers]] = {}
        self._amounts: dict[int, _Bucket] | None = None
        self._tails: dict[str, _Bucket] | None = None
        for item in items:
            self.put(item)

    def put(self, item: OpenItem) -> None:
        """Add an item, or put what is now open in the place of what was."""
        old = self.items.pop(item.id, None)
        if old is not None:
            self._drop(old)
        if not item.open_minor:
            return
        number = squeeze(item.number)
        self.items[item.id] = item
        bucket = self.by_number.get(number)
        if bucket is None:
            self.by_number[number] = {item.id: item}
            self._lengths[len(number)] += 1
        else:
            bucket[item.id] = item
        key = (item.customer_id, item.currency)
        of = self._of.get(key)
        if of is None:
            self._of[key] = {item.id: item}
        else:
            of[item.id] = item
        for numbers in self._readers.get(key, ()):
            numbers.add(item)
        if self._amounts is not None:
            _put(self._amounts, item.open_minor, item)
        if self._tails is not None:
            _put(self._tails, _tail_of(item), item)

    def _drop(self, old: OpenItem) -> None:
        number = squeeze(old.number)
        bucket = self.by_number[number]
        del bucket[old.id]
        if not bucket:
            del self.by_number[number]
            self._lengths[len(number)] -= 1
        key = (old.customer_id, old.currency)
        del self._of[key][old.id]
        for numbers in self._readers.get(key, ()):
            numbers.remove(old)
        if self._amounts is not None:
            _take(self._amounts, old.open_minor, old)
        if self._tails is not None:
            _take(self._tails, _tail_of(old), old)

    def of(self, customer_ids: Sequence[int], currency: str) -> list[OpenItem]:
        """The open items of some customers, the oldest first."""
        found = [i for c in customer_ids for i in self._of.get((c, currency), {}).values()]
        return sorted(found, key=lambda item: (item.due_on, item.issued_on, item.id))

    def numbers(self, customer_ids: Sequence[int], currency: str) -> Numbers:
        """The numbers of these items, ready to be found in a text."""
        key = (tuple(customer_ids), currency)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = Numbers(self.of(customer_ids, currency))
            for customer_id in customer_ids:
                self._readers.setdefault((customer_id, currency), []).append(found)
        return found

    def open_to(self, minor: int, currency: str) -> list[OpenItem]:
        """Items of whomever that are open to an amount."""
        if self._amounts is None:
            self._amounts = {}
            for item in self.items.values():
                _put(self._amounts, item.open_minor, item)
        same = self._amounts.get(minor, {}).values()
        return [item for item in same if item.currency == currency]

    def named_in(self, text: str, currency: str) -> list[OpenItem]:
        """Items of whomever whose full number stands in a text."""
        squeezed = squeeze(text)
        lengths = [length for length, count in self._lengths.items() if count and length >= _LONG]
        found = {
            item.id: item
            for length in lengths
            for start in range(len(squeezed) - length + 1)
            for item in self.by_number.get(squeezed[start : start + length], {}).values()
            if item.currency == currency
        }
        return list(found.values())

    def ending_in(self, text: str, currency: str) -> list[OpenItem]:
        """Items of whomever whose number ends in digits that stand in a text."""
        if self._tails is None:
            self._tails = {}
            for item in self.items.values():
                _put(self._tails, _tail_of(item), item)
        return [
            item
            for run in _DIGITS.findall(text)
            if len(run) >= _TAIL
            for item in self._tails.get(run[-_TAIL:], {}).values()
            if item.currency == currency
        ]

    def applied(self, paid: Iterable[tuple[int, int]]) -> None:
        """Take what was paid or let go off the open amounts: (item, minor) pairs."""
        for item_id, minor in paid:
            item = self.items[item_id]
            if item.open_minor == minor:
                del self.items[item_id]
                self._drop(item)
            else:
                self.put(item._replace(open_minor=item.open_minor - minor))


def _tail_of(item: OpenItem) -> str:
    return form_of(item.number).digits[-_TAIL:]


def _put(index: dict[_K, _Bucket], key: _K, item: OpenItem) -> None:
    index.setdefault(key, {})[item.id] = item


def _take(index: dict[_K, _Bucket], key: _K, item: OpenItem) -> None:
    bucket = index[key]
    del bucket[item.id]
    if not bucket:
        del index[key]
