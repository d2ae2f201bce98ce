"""A payer's text as it is read: in capitals without separators, each place once.

Days, amounts with their currency and IBANs written in it are blanked: they are no numbers of items.
Signs that nobody sees part nothing.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from duly.cash_application.rules.facts import OpenItem
from duly.parties.rules.search import fold

_MONEY = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|CAD|AUD|€|\\$|£"
_NO_NUMBER = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|20\d\d-\d\d-\d\d)(?!\d)"
    r"|(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d\d(?![\d.]*\d)"
    rf"|(?<![A-Z0-9])(?:{_MONEY}) ?\d[\d.,']*[.,]\d\d(?!\d)"
    rf"|(?<![\d.,'])\d[\d.,']*[.,]\d\d ?(?:{_MONEY})(?![A-Z0-9])"
)
_ACCOUNT = re.compile(
    r"(?<![A-Z0-9])(?!RF)[A-Z]{2}\d\d(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?)"
    r"(?![A-Z0-9])"
)
_WORD = re.compile(r"[A-Z0-9]+")
_SHORTEST_ACCOUNT = 15
_SIGNS = re.compile(r"[^A-Z0-9]+")
_WITHOUT_LETTERS = str.maketrans("", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = re.compile(r"\d+")
_LIKE_NUMBER = re.compile(r"[\w./-]+")
_SHORTEST_NUMBER, _MOST_LIKE_NUMBERS = 4, 1_000
_FILLER = re.compile(r"^(?:NOT ?PROVIDED|NONREF|N/?A|NONE|UNKNOWN|-*)$", re.I)


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
    return _SIGNS.sub("", _plain(text))


def _plain(text: str) -> str:
    """Capitals without accents, and without signs that are not seen."""
    if text.isascii():
        return text.upper()
    return fold(_seen(text)).upper()


def _seen(text: str) -> str:
    """A text without signs that only order or join others."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def blanked(plain: str) -> str:
    """A text in capitals without what looks like a number and is none.

    >>> blanked("INV 7 OF 10.01.26, EUR 1,190.00 TO DE89 3704 0044 0532 0130 00 B")
    'INV 7 OF         ,              TO                             B'
    """
    plain = _NO_NUMBER.sub(lambda m: " " * len(m.group()), plain)
    return _ACCOUNT.sub(_without_account, plain)


def _without_account(match: re.Match[str]) -> str:
    """Blank as many groups as have the check digits of an IBAN; none where none have."""
    text = match.group()
    groups = text.split(" ")
    for count in range(len(groups), 0, -1):
        told = " ".join(groups[:count])
        number = told.replace(" ", "")
        if len(number) < _SHORTEST_ACCOUNT:
            break
        if int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1:
            return " " * len(told) + text[len(told) :]
    return text


def places_of(text: str) -> list[int]:
    """Where each sign of a `Text` that is squeezed stands in the text as it was written.

    >>> places_of("Re. 25/8 of 2026-03-02")
    [0, 1, 4, 5, 7, 9, 10]
    """
    signs = [(sign, at) for at, one in enumerate(text) for sign in fold(one).upper()]
    plain = blanked("".join(sign for sign, _ in signs))
    return [signs[n][1] for match in _WORD.finditer(plain) for n in range(*match.span())]


def numbers_like(text: str) -> tuple[str, ...]:
    """Words of a text that may be the numbers of documents, as they may have been issued.

    >>> numbers_like("Inv. RE-77, 2025/0042 and 12 (fv 8/1/26)")
    ('RE-77', '2025/0042', '8/1/26')
    """
    found: dict[str, None] = {}
    for word in islice(_LIKE_NUMBER.finditer(_seen(text)), _MOST_LIKE_NUMBERS):
        told = word.group().strip("./-")
        if len(told) >= _SHORTEST_NUMBER and any(map(str.isdigit, told)):
            found |= {told: None, told.upper(): None}
    return tuple(found)


def says_nothing(text: str) -> bool:
    """What banks write where nothing was said.

    >>> says_nothing("NOTPROVIDED"), says_nothing("None GmbH")
    (True, False)
    """
    return bool(_FILLER.match(text.strip()))


class Text:
    """A text squeezed, with where its words begin and end, and what has been read of it."""

    def __init__(self, text: str) -> None:
        plain = blanked(_plain(text))
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
        word = bisect_right(self.words, (at, len(self.squeezed) + 1)) - 1
        return at + self.shifts[word]
