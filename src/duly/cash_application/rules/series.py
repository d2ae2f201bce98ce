"""A text that names items of one series of numbers, each a word by itself, read at once.

Rule: every word with a digit looks like the payer's numbers, letters and then digits. It is one of
them, or one with a sign wrong, or unknown. Where anything else might be meant, such as the end of
a number or the beginning of one cut off, nothing is said, and the text is read sign by sign: to the
same end, slower.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.mentions import FULL, TYPO, Reading
from duly.cash_application.rules.texts import Mention, squeeze

_NUMBER = re.compile(r"[A-Z0-9]*[0-9][A-Z0-9]*")
_APART = re.compile(r"[ ,;+&]+")
_LETTERS = re.compile(r"[A-Z]{2,}")
_LAST_WORD = re.compile(r"[A-Z]+(?=[^A-Z]*$)")
_FEWEST_LETTERS, _FEWEST_DIGITS, _MOST_DIGITS, _MOST_SIGNS = 2, 6, 12, 14
_STOP = "|"
_SHORTEST = 4  # digits by which the end of a number is known


class Series(NamedTuple):
    """Numbers that are alike: what they begin with, how many digits follow, and whose they are."""

    letters: str
    digits: int
    items: dict[str, OpenItem]
    ends: str  # all numbers, each with a stop behind it

    def has(self, word: str) -> bool:
        """Tell whether a word looks like one of them."""
        begin = len(self.letters)
        is_as_long = len(word) == begin + self.digits
        return is_as_long and word.startswith(self.letters) and word[begin:].isdecimal()

    def is_end(self, digits: str) -> bool:
        """Tell whether some number ends in these digits."""
        return f"{digits}{_STOP}" in self.ends


@lru_cache(maxsize=256)
def _all_of(letters: str, digits: int) -> re.Pattern[str]:
    """Nothing but numbers of one series, each with a stop behind it."""
    return re.compile(f"(?:{letters}[0-9]{{{digits}}}{re.escape(_STOP)})+")


def series_of(items: Collection[OpenItem]) -> Series | None:
    """The one series that all numbers of some items belong to, each its own."""
    if not items:
        return None
    first = next(iter(items)).number
    match = _LETTERS.match(first)
    if match is None or first.find(first[:2], 1) >= 0:
        return None
    letters = match.group()
    digits = len(first) - len(letters)
    if not (_FEWEST_DIGITS <= digits <= _MOST_DIGITS and len(first) <= _MOST_SIGNS):
        return None
    by_number = {item.number: item for item in items}
    ends = _STOP.join(by_number) + _STOP
    is_one = len(by_number) == len(items) and _all_of(letters, digits).fullmatch(ends)
    return Series(letters, digits, by_number, ends) if is_one else None


def read_series(text: str, items: Collection[OpenItem], ignore: str) -> Reading | None:
    """The reading of a text that names items of one series; nothing of any other text.

    Input: items without orders of the customer's own; digits that mean the customer.
    """
    if not text.isascii():
        return None
    upper = text.upper()
    matches = list(_NUMBER.finditer(upper))
    if not matches or len(matches[0].group()) < _FEWEST_LETTERS + _FEWEST_DIGITS:
        return None
    series = series_of(items)
    if series is None or not _is_apart(upper, matches):
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
        _APART.fullmatch(upper, end, start) for end, start in zip(ends, starts, strict=False)
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
    numbers = list(series.items)
    near = process.extract(word, numbers, scorer=OSA.distance, score_cutoff=1, limit=None)
    return tuple(series.items[number] for number, _, _ in near), TYPO


def _may_be_glued(digits: str, series: Series) -> bool:
    """The digits may begin with the end of a number, and another follow."""
    return any(series.is_end(digits[:n]) for n in range(_SHORTEST, len(digits) - _SHORTEST + 1))
