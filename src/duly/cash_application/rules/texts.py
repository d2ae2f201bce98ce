"""A payer's text as it is read: in capitals without separators, each place once.

Days written in it are blanked: they are no numbers of items.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from duly.cash_application.rules.facts import OpenItem
from duly.parties.rules.search import fold

_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|20\d\d-\d\d-\d\d)(?!\d)")
_WORD = re.compile(r"[A-Z0-9]+")
_SIGNS = re.compile(r"[^A-Z0-9]+")
_WITHOUT_LETTERS = str.maketrans("", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = re.compile(r"\d+")


class Mention(NamedTuple):
    """A place in the text: from where to where, which items it may mean, and how it is written."""

    start: int
    end: int
    items: tuple[OpenItem, ...]
    how: str


class Form(NamedTuple):
    """A number as payers write it: squeezed, its digits, and those without leading zeros."""

    squeezed: str
    digits: str
    bare: str


@lru_cache(maxsize=1 << 16)
def form_of(number: str) -> Form:
    """The forms of a number.

    >>> form_of("INV-2025-004123"), form_of("00042")
    (Form(squeezed='INV2025004123', digits='2025004123', bare='2025004123'), \
Form(squeezed='00042', digits='00042', bare='42'))
    """
    squeezed = squeeze(number)
    digits = squeezed if squeezed.isdecimal() else squeezed.translate(_WITHOUT_LETTERS)
    return Form(squeezed, digits, digits.lstrip("0"))


def squeeze(text: str) -> str:
    """Capitals and digits alone.

    >>> squeeze("Re. 25/00881-a")
    'RE2500881A'
    """
    if text.isascii():
        upper = text.upper()
        return upper if upper.isalnum() else _SIGNS.sub("", upper)
    return _SIGNS.sub("", fold(text).upper())


def places_of(text: str) -> list[int]:
    """Where each sign of a `Text` that is squeezed stands in the text as it was written.

    >>> places_of("Re. 25/8 of 2026-03-02")
    [0, 1, 4, 5, 7, 9, 10]
    """
    signs = [(sign, at) for at, one in enumerate(text) for sign in fold(one).upper()]
    plain = _DATE.sub(lambda m: " " * len(m.group()), "".join(sign for sign, _ in signs))
    return [signs[n][1] for match in _WORD.finditer(plain) for n in range(*match.span())]


class Text:
    """A text squeezed, with where its words begin and end, and what has been read of it."""

    def __init__(self, text: str) -> None:
        plain = (text if text.isascii() else fold(text)).upper()
        if "20" in plain or "19" in plain:
            plain = _DATE.sub(lambda m: " " * len(m.group()), plain)
        self.original = plain
        self.words: list[tuple[int, int]] = []
        self.shifts: list[int] = []  # how far each word stands from its place in the original
        parts = _WORD.findall(plain)
        at = start = 0
        for part in parts:
            at = plain.index(part, at)
            self.shifts.append(at - start)
            self.words.append((start, start + len(part)))
            start += len(part)
            at += len(part)
        self.squeezed = "".join(parts)
        self.taken = bytearray(start)
        self.found: list[Mention] = []
        self.starts = {start for start, _ in self.words}
        self.ends = {end for _, end in self.words}

    def take(self, start: int, end: int, items: Iterable[OpenItem], how: str) -> bool:
        """Read a place, unless it has been read."""
        if self.is_taken(start, end):
            return False
        self.taken[start:end] = b"\1" * (end - start)
        unique = tuple({item.id: item for item in items}.values())
        self.found.append(Mention(start, end, unique, how))
        return True

    def is_taken(self, start: int, end: int) -> bool:
        """Some of a place has been read."""
        return self.taken.find(1, start, end) >= 0

    def runs(self) -> Iterator[tuple[int, int]]:
        """Runs of digits within a word that have not been read."""
        text = self.squeezed
        for start, end in self.words:
            if not text[start:end].isalpha():
                for match in _DIGITS.finditer(text, start, end):
                    yield from self._free(*match.span())

    def _free(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while start < end:
            stop = self.taken.find(1, start, end)
            if stop < 0:
                stop = end
            if start < stop:
                yield start, stop
            start = self.taken.find(0, stop, end)
            if start < 0:
                return

    def between(self, one: Mention, other: Mention) -> str:
        """What is written between two mentions."""
        return self.original[self._place(one.end - 1) + 1 : self._place(other.start)]

    def _place(self, at: int) -> int:
        """Where a squeezed sign stands in the original."""
        word = next(n for n, (_, end) in enumerate(self.words) if at < end)
        return at + self.shifts[word]
