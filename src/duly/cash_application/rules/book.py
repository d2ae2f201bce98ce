"""The open items of all customers, as matching looks them up; it shrinks as money is applied.

What is looked up of every item is kept as items come and go. What is asked for some payers alone
(the numbers of a customer) or for payers who aren't known (amounts, ends of numbers) is gathered
when it is first asked, and kept from then on.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import Numbers, age
from duly.cash_application.rules.owned import Owned
from duly.cash_application.rules.series import Series, series_of
from duly.cash_application.rules.texts import form_of, squeeze

_STEM, _SHORTEST, _TAIL, _LONG, _FEW_HEADS = 2, 4, 5, 6, 8
_SIZE_BITS = 4
_DIGITS = re.compile(r"\d+")
_Bucket = dict[int, OpenItem]
_K = TypeVar("_K")
_Key = tuple[tuple[int, ...], str]
_NOTHING = Owned()


class Book:
    """Open items by customer and currency, by number and by amount."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items: _Bucket = {}
        self.by_number: dict[str, OpenItem] = {}
        self.shared: dict[str, _Bucket] = {}  # numbers that several items have
        self._of: dict[tuple[int, str], Owned] = {}
        self._latest = date.min  # day on which anything was issued
        self._numbers: dict[_Key, Numbers] = {}
        self._amounts: dict[int, _Bucket] | None = None
        self._sizes: Counter[tuple[int, int]] = Counter()
        self._tails: dict[str, _Bucket] | None = None
        # How numbers look; of what has gone too, for it only says where to look.
        self._lengths: set[int] = set()
        self._heads: set[str] = set()
        self._fewest_digits = 99
        self.has_orders = False
        self.put_all(items)

    def put(self, item: OpenItem) -> None:
        """Add an item, or put what is now open in the place of what was."""
        self.put_all((item,))

    def put_all(self, items: Iterable[OpenItem]) -> None:
        """The same of many."""
        by_id, by_number, of_key = self.items, self.by_number, self._of
        heads, lengths, latest = self._heads, self._lengths, self._latest
        for item in items:
            id_, customer_id, written, currency, minor, issued_on, _, _, _, order = item
            if id_ in by_id:
                self._drop(by_id.pop(id_))
            if not minor:
                continue
            by_id[id_] = item
            number = squeeze(written)
            other = by_number.setdefault(number, item)
            if other is not item:
                self.shared.setdefault(number, {other.id: other})[id_] = item
            of = of_key.get((customer_id, currency))
            if of is None:
                of = of_key[customer_id, currency] = Owned()
            of.put(item)
            if issued_on > latest:
                latest = issued_on
            if number[:_STEM] not in heads or len(number) not in lengths:
                self._look_at(item)
            if order:
                self.has_orders = True
            if self._amounts is not None:
                self._put_amount(self._amounts, item)
            if self._tails is not None:
                _put(self._tails, _tail_of(item), item)
        self._latest = latest

    def _look_at(self, item: OpenItem) -> None:
        """Remember how a number looks."""
        form = form_of(item.number)
        self._heads.add(form.squeezed[:_STEM])
        self._lengths.add(len(form.squeezed))
        self._fewest_digits = min(self._fewest_digits, len(form.digits))

    def _drop(self, old: OpenItem) -> None:
        number = old.number
        if self.by_number.get(number) is not old:
            number = squeeze(number)
        if self.shared and number in self.shared:
            bucket = self.shared[number]
            del bucket[old.id]
            self.by_number[number] = next(iter(bucket.values()))
            if len(bucket) == 1:
                del self.shared[number]
        else:
            del self.by_number[number]
        self._of[old.customer_id, old.currency].drop(old)
        if self._amounts is not None:
            _take(self._amounts, old.open_minor, old)
            self._sizes[_size_of(old.open_minor)] -= 1
        if self._tails is not None:
            _take(self._tails, _tail_of(old), old)

    def numbered(self, number: str) -> Iterable[OpenItem]:
        """The items that have a squeezed number."""
        shared = self.shared.get(number)
        if shared is not None:
            return shared.values()
        only = self.by_number.get(number)
        return () if only is None else (only,)

    def _put_amount(self, amounts: dict[int, _Bucket], item: OpenItem) -> None:
        _put(amounts, item.open_minor, item)
        self._sizes[_size_of(item.open_minor)] += 1

    def of(self, customer_ids: Sequence[int], currency: str) -> list[OpenItem]:
        """The open items of some customers, the oldest first."""
        return sorted(self.all_of(customer_ids, currency), key=age)

    def all_of(self, customer_ids: Sequence[int], currency: str) -> Collection[OpenItem]:
        """The open items of some customers, in no order."""
        if len(customer_ids) == 1:
            return self.owned(customer_ids[0], currency).by_id.values()
        return [i for one in customer_ids for i in self.owned(one, currency).by_id.values()]

    def owned(self, customer_id: int, currency: str) -> Owned:
        """The open items of one customer."""
        return self._of.get((customer_id, currency), _NOTHING)

    def known_by(self, on: date, customer_id: int, currency: str) -> Sequence[OpenItem]:
        """The open items of one customer that were issued by a day, the oldest first."""
        aged = self.owned(customer_id, currency).aged
        return aged if self._latest <= on else [item for item in aged if item.issued_on <= on]

    def series(self, customer_ids: Sequence[int], currency: str) -> Series | None:
        """The one series that all numbers of some customers belong to, each its own."""
        if len(customer_ids) == 1:
            return self.owned(customer_ids[0], currency).series
        return series_of(self.all_of(customer_ids, currency))

    def numbers(self, customer_ids: Sequence[int], currency: str) -> Numbers:
        """The numbers of these items, ready to be found in a text."""
        key = (tuple(customer_ids), currency)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = Numbers()
        if len(customer_ids) == 1:
            found.follow(self.owned(customer_ids[0], currency).by_id)
        else:
            found.follow({item.id: item for item in self.of(customer_ids, currency)})
        return found

    def may_be_named(self, text: str) -> bool:
        """Tell at a glance whether a text may name any item in full."""
        upper = text.upper()
        return len(self._heads) > _FEW_HEADS or any(head in upper for head in self._heads)

    def is_silent(self, text: str, own: Collection[OpenItem], ignore: str) -> bool:
        """Tell at once, where that is plain, that a text names nothing: reading would say the same.

        Input: `own`, the items that it may name; `ignore`, digits that mean the customer.
        """
        if self.has_orders or len(self._heads) > _FEW_HEADS or not text.isascii():
            return False
        squeezed = squeeze(text)
        if any(head in squeezed for head in self._heads):
            return False
        runs = _DIGITS.findall(text)
        if sum(map(len, runs)) >= min(self._fewest_digits - 1, 19):
            return False
        for run in runs:
            bare = run.lstrip("0")
            if (bare != ignore and len(run) >= _SHORTEST) or _ends_any(bare, own):
                return False
        return True

    def open_to(self, minor: int, currency: str) -> list[OpenItem]:
        """Items of whomever that are open to an amount."""
        if self._amounts is None:
            self._amounts = {}
            for item in self.items.values():
                self._put_amount(self._amounts, item)
        same = self._amounts.get(minor, {}).values()
        return [item for item in same if item.currency == currency]

    def coincidence_ppm(self, minor: int) -> int:
        """How probable it is, per million, that some item of whomever is open to such an amount.

        Counted among amounts alike; round amounts are that much more frequent.
        """
        count = self._sizes.get(_size_of(minor), 0)
        width = 1 << max(0, minor.bit_length() - _SIZE_BITS)
        often = 100 if minor % 100 == 0 else 10 if minor % 10 == 0 else 1
        return count * often * 1_000_000 // width

    def named_in(self, text: str, currency: str = "") -> list[OpenItem]:
        """Items of whomever, of a currency or of any, whose full number stands in a text."""
        squeezed = squeeze(text)
        starts = self._starts(squeezed)
        if not starts:
            return []
        lengths = [length for length in self._lengths if length >= _LONG]
        found = {
            item.id: item
            for length in lengths
            for start in starts
            for item in self.numbered(squeezed[start : start + length])
            if not currency or item.currency == currency
        }
        return list(found.values())

    def _starts(self, squeezed: str) -> Sequence[int]:
        """Where a number may begin."""
        if len(self._heads) > _FEW_HEADS:
            return range(len(squeezed) - _LONG + 1)
        found = []
        for head in self._heads:
            at = squeezed.find(head)
            while at >= 0:
                found.append(at)
                at = squeezed.find(head, at + 1)
        return sorted(found)

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


def _ends_any(bare: str, items: Iterable[OpenItem]) -> bool:
    """Digits end the number of some item, or where they are few are all that it says."""
    end = bare.zfill(_SHORTEST)
    size = len(end)
    tails = [item.number[-size:] for item in items]
    together = "".join(tails)
    if end not in tails and len(together) == size * len(tails) and _is_digits(together):
        return False
    for item in items:
        form = form_of(item.number)
        if form.bare == bare or (len(bare) >= _SHORTEST and form.digits.endswith(bare)):
            return True
    return False


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _size_of(minor: int) -> tuple[int, int]:
    """Amounts that are alike: so many bits, and what they begin with."""
    bits = abs(minor).bit_length()
    return bits if minor > 0 else -bits, abs(minor) >> max(0, bits - _SIZE_BITS)


def _tail_of(item: OpenItem) -> str:
    return form_of(item.number).digits[-_TAIL:]


def _put(index: dict[_K, _Bucket], key: _K, item: OpenItem) -> None:
    index.setdefault(key, {})[item.id] = item


def _take(index: dict[_K, _Bucket], key: _K, item: OpenItem) -> None:
    bucket = index[key]
    del bucket[item.id]
    if not bucket:
        del index[key]
