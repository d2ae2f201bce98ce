"""A text that names items of one series of numbers, each a word by itself, read at once.

Rule: every word with a digit looks like the payer's numbers, letters and then digits. It is one of
them, or one with a sign wrong, or unknown. Where anything else might be meant, such as the end of
a number or the beginning of one cut off, nothing is said, and the text is read sign by sign: to the
same end, slower.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import FULL, TYPO, Reading
from duly.cash_application.rules.texts import Mention, squeeze

_NUMBER = re.compile(r"[A-Z0-9]*[0-9][A-Z0-9]*")
_APART = re.compile(r"[ ,;+&]+")
_LETTERS = re.compile(r"[A-Z]{2,}")
_LAST_WORD = re.compile(r"[A-Z]+(?=[^A-Z]*$)")
_FEWEST_LETTERS, _FEWEST_DIGITS, _MOST_DIGITS, _MOST_SIGNS = 2, 6, 12, 14
_SHORTEST = 4  # digits by which the end of a number is known
_distance = OSA.distance


class Series:
    """Numbers that are alike: what they begin with, how many digits follow, and whose they are."""

    def __init__(self, letters: str, digits: int) -> None:
        self.letters, self.digits = letters, digits
        self.items: dict[str, OpenItem] = {}
        self._others: dict[int, OpenItem] = {}  # that are not of the series, or not their own
        self._by_end: dict[str, list[str]] = {}
        self._by_begin: dict[str, list[str]] = {}

    @property
    def is_one(self) -> bool:
        """All numbers belong to it, each its own."""
        return not self._others

    def put(self, item: OpenItem) -> None:
        """Add an item."""
        number = item.number
        if number in self.items or not self.has(number):
            self._others[item.id] = item
            return
        self.items[number] = item
        self._by_end.setdefault(number[-_SHORTEST:], []).append(number)
        self._by_begin.setdefault(number[:-_SHORTEST], []).append(number)

    def __len__(self) -> int:
        return len(self.items) + len(self._others)

    def follow(self, now: Mapping[int, OpenItem], come: Iterable[OpenItem]) -> None:
        """Bring it to the items of now; `come`: all that may be among them and aren't in it yet."""
        for others in (self.items, self._others):
            for item in [one for one in others.values() if now.get(one.id) is not one]:
                self._drop(item)
        for item in come:
            if now.get(item.id) is item:
                self.put(item)

    def _drop(self, item: OpenItem) -> None:
        if self._others.pop(item.id, None) is not None:
            return
        number = item.number
        del self.items[number]
        self._by_end[number[-_SHORTEST:]].remove(number)
        self._by_begin[number[:-_SHORTEST]].remove(number)

    def has(self, word: str) -> bool:
        """Tell whether a word looks like one of them."""
        begin = len(self.letters)
        is_as_long = len(word) == begin + self.digits
        return is_as_long and word.startswith(self.letters) and word[begin:].isdecimal()

    def is_end(self, digits: str) -> bool:
        """Tell whether some number ends in these digits, four or more."""
        return any(one.endswith(digits) for one in self._by_end.get(digits[-_SHORTEST:], ()))

    def near(self, word: str) -> list[OpenItem]:
        """The items whose number is a word of the series but for one sign.

        That sign stands among the last digits or before them; or the two in between changed places.
        """
        at = -_SHORTEST
        found = [
            number
            for number in (
                *self._by_end.get(word[at:], ()),
                *self._by_begin.get(word[:at], ()),
                word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            )
            if number in self.items and _distance(number, word, score_cutoff=1) == 1
        ]
        if len(found) > 1:
            found.sort(key=list(self.items).index)
        return [self.items[number] for number in found]


def series_of(items: Iterable[OpenItem]) -> Series | None:
    """The series that the number of the first of some items belongs to, with all of it."""
    first = next(iter(items), None)
    match = _LETTERS.match(first.number) if first is not None else None
    if first is None or match is None or first.number.find(first.number[:2], 1) >= 0:
        return None
    letters = match.group()
    digits = len(first.number) - len(letters)
    if not (_FEWEST_DIGITS <= digits <= _MOST_DIGITS and len(first.number) <= _MOST_SIGNS):
        return None
    series = Series(letters, digits)
    for item in items:
        series.put(item)
    return series if series.items else None


def read_series(text: str, series: Series | None, ignore: str) -> Reading | None:
    """The reading of a text that names items of one series; nothing of any other text.

    Input: a series of items without orders of the customer's own; digits that mean the customer.
    """
    if series is None or not series.is_one or not text.isascii():
        return None
    upper = text.upper()
    matches = list(_NUMBER.finditer(upper))
    if not matches or len(matches[0].group()) < _FEWEST_LETTERS + _FEWEST_DIGITS:
        return None
    if not _is_apart(upper, matches):
        return None
    squeezed = squeeze(text)
    words = [match.group() for match in matches]
    if squeezed.count(series.letters[:2]) != len(words) or not all(map(series.has, words)):
        return None
    at, mentions, unknown = 0, [], []
    for word in words:
        at = squeezed.index(word, at)
        found = _meant(word, series)
        if found is None or (found[1] != FULL and not _is_alone(upper, matches[0].start())):
            return None
        if found[0]:
            mentions.append(Mention(at, at + len(word), *found))
        else:
            unknown.append(word[len(series.letters) :])
        at += len(word)
    told = tuple(one for one in unknown if one.lstrip("0") != ignore)
    return Reading(tuple(mentions), (), told, False, upper)


def _is_apart(upper: str, matches: Sequence[re.Match[str]]) -> bool:
    """Nothing stands between the words that would make them a range, or parts of one number."""
    ends = [match.end() for match in matches]
    starts = [match.start() for match in matches[1:]]
    return all(
        upper[end:start] == " " or _APART.fullmatch(upper, end, start)
        for end, start in zip(ends, starts, strict=False)
    )


def _is_alone(upper: str, start: int) -> bool:
    """No short word stands before the first number, which might be a part of it."""
    last = _LAST_WORD.search(upper, 0, start)
    return last is None or len(last.group()) > _FEWEST_LETTERS


def _meant(word: str, series: Series) -> tuple[tuple[OpenItem, ...], str] | None:
    """What a word means and how it is written; nothing where it may be the end of a number."""
    item = series.items.get(word)
    if item is not None:
        return (item,), FULL
    digits = word[len(series.letters) :]
    bare = digits.lstrip("0")
    if series.is_end(digits[-_SHORTEST:]):
        is_end = len(bare) >= _SHORTEST and series.is_end(bare)
        if is_end or _may_be_glued(digits, series):
            return None
    return tuple(series.near(word)), TYPO


def _may_be_glued(digits: str, series: Series) -> bool:
    """The digits may begin with the end of a number, and another follow."""
    return any(series.is_end(digits[:n]) for n in range(_SHORTEST, len(digits) - _SHORTEST + 1))
