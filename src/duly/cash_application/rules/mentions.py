"""Which open items a payer's text speaks of, however they wrote the numbers.

Rule: the text is read in capitals without separators. Full numbers count first, the longest before
shorter ones; then digits alone that end a number (at least four), glued ones cut apart; then the
payer's own order numbers; then numbers with one sign wrong. Each place is read once. A place that
may mean several items stays so, and the amount decides. Digits that nothing explains are told: they
may contradict what else is found.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from duly.cash_application.rules.facts import OpenItem
from duly.parties.rules.search import fold

FULL, SHORT, ORDER, TYPO, CUT = "full", "short", "order", "typo", "cut"
_SHORTEST, _LONGEST_PIECE, _MOST_MEANINGS = 4, 12, 6
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|20\d\d-\d\d-\d\d)(?!\d)")
_WORD = re.compile(r"[A-Z0-9]+")
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"\s*(?:-|–|—|\.\.+|\bTO\b|\bBIS\b|\bTHRU\b|\bTHROUGH\b|\bA\b|\bAU\b)\s*")
_ON_ACCOUNT = re.compile(
    r"\b(?:ON ACCOUNT|PRE-?PAYMENT|DEPOSIT|DOWN ?PAYMENT|AKONTO|A ?KONTO|ACONTO|ANZAHLUNG|VORAUS\w*"
    r"|ACOMPTE|AVANCE|ANTICIPO|ACCONTO|VOORSCHOT|AANBETALING|FORSKUD|FORSKOTT|ENNAKKO\w*)\b"
)


class Mention(NamedTuple):
    """A place in the text: from where to where, which items it may mean, and how it is written."""

    start: int
    end: int
    items: tuple[OpenItem, ...]
    how: str


class Reading(NamedTuple):
    """What a text says: mentions in order, ranges between two of them, and what is not understood.

    `unknown`: runs of digits that mean none of the payer's items.
    """

    mentions: tuple[Mention, ...] = ()
    ranges: tuple[tuple[Mention, Mention], ...] = ()
    unknown: tuple[str, ...] = ()
    says_on_account: bool = False
    is_cut: bool = False  # the last word seems to be the beginning of a number


class Form(NamedTuple):
    """A number as payers write it: squeezed, its digits, and those without leading zeros."""

    squeezed: str
    digits: str
    bare: str


@lru_cache(maxsize=1 << 20)
def form_of(number: str) -> Form:
    """The forms of a number.

    >>> form_of("INV-2025-004123"), form_of("00042")
    (Form(squeezed='INV2025004123', digits='2025004123', bare='2025004123'), \
Form(squeezed='00042', digits='00042', bare='42'))
    """
    squeezed = squeeze(number)
    digits = "".join(_DIGITS.findall(squeezed))
    return Form(squeezed, digits, digits.lstrip("0"))


def squeeze(text: str) -> str:
    """Capitals and digits alone.

    >>> squeeze("Re. 25/00881-a")
    'RE2500881A'
    """
    return "".join(_WORD.findall(fold(text).upper()))


def places_of(text: str) -> list[int]:
    """Where each sign of a squeezed text stands in the text as it was written.

    >>> places_of("Re. 25/8")
    [0, 1, 4, 5, 7]
    """
    signs = [(sign, at) for at, one in enumerate(text) for sign in fold(one).upper()]
    plain = "".join(sign for sign, _ in signs)
    return [signs[n][1] for match in _WORD.finditer(plain) for n in range(*match.span())]


class _Text:
    """A text squeezed, with where its words begin and end, and what has been read of it."""

    def __init__(self, text: str) -> None:
        plain = _DATE.sub(lambda m: " " * len(m.group()), fold(text).upper())
        self.original = plain
        self.words: list[tuple[int, int]] = []
        self.places: list[int] = []  # of each squeezed sign, in the original
        parts = []
        for match in _WORD.finditer(plain):
            start = len(self.places)
            self.places += range(*match.span())
            self.words.append((start, len(self.places)))
            parts.append(match.group())
        self.squeezed = "".join(parts)
        self.taken = bytearray(len(self.squeezed))
        self.found: list[Mention] = []
        self.starts = {start for start, _ in self.words}
        self.ends = {end for _, end in self.words}

    def take(self, start: int, end: int, items: Sequence[OpenItem], how: str) -> bool:
        """Read a place, unless it has been read."""
        if any(self.taken[start:end]):
            return False
        self.taken[start:end] = b"\1" * (end - start)
        unique = tuple({item.id: item for item in items}.values())
        self.found.append(Mention(start, end, unique, how))
        return True

    def runs(self) -> Iterator[tuple[int, int]]:
        """Runs of digits within a word that have not been read."""
        for start, end in self.words:
            for match in _DIGITS.finditer(self.squeezed, start, end):
                yield from self._free(*match.span())

    def _free(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = start
        while at < end:
            if self.taken[at]:
                at += 1
                continue
            stop = at
            while stop < end and not self.taken[stop]:
                stop += 1
            yield at, stop
            at = stop

    def between(self, one: Mention, other: Mention) -> str:
        """What is written between two mentions."""
        return self.original[self.places[one.end - 1] + 1 : self.places[other.start]]


class Numbers:
    """The numbers of some open items, ready to be found in texts."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items = tuple(items)
        self.full: dict[str, list[OpenItem]] = defaultdict(list)
        self.tails: dict[str, list[OpenItem]] = defaultdict(list)
        self.orders: dict[str, list[OpenItem]] = defaultdict(list)
        for item in self.items:
            form = form_of(item.number)
            self.full[form.squeezed].append(item)
            for length in range(_SHORTEST, min(len(form.digits), _LONGEST_PIECE) + 1):
                self.tails[form.digits[-length:]].append(item)
            if len(form.bare) >= 2 and form.bare != form.digits[-len(form.bare) :]:
                self.tails[form.bare].append(item)
            if len(form.digits) < _SHORTEST or len(form.bare) < _SHORTEST:
                self.tails[form.bare].append(item)
            if item.order:
                self.orders[squeeze(item.order)].append(item)
        self.lengths = sorted({len(n) for n in self.full}, reverse=True)

    def read(self, text: str, *, ignore: Sequence[str] = ()) -> Reading:
        """What a text says of these items; `ignore`: digits that mean the customer.

        Returns: a reading; where nothing is mentioned, it has no mentions.
        """
        told = _Text(text)
        self._full(told)
        self._short(told)
        self._orders(told)
        self._typos(told)
        told.found.sort()
        is_cut = self._cut(told)
        unknown = [told.squeezed[a:b] for a, b in told.runs() if b - a >= _SHORTEST]
        ranges = tuple(
            (one, other)
            for one, other in zip(told.found, told.found[1:], strict=False)
            if _BETWEEN.fullmatch(told.between(one, other))
        )
        return Reading(
            tuple(told.found),
            ranges,
            tuple(one for one in unknown if one.lstrip("0") not in ignore),
            bool(_ON_ACCOUNT.search(told.original)),
            is_cut,
        )

    def _full(self, told: _Text) -> None:
        text = told.squeezed
        for length in self.lengths:
            for start in range(len(text) - length + 1):
                items = self.full.get(text[start : start + length])
                if items and self._stands(told, start, start + length):
                    told.take(start, start + length, items, FULL)

    def _stands(self, told: _Text, start: int, end: int) -> bool:
        """A number stands for itself: no digits go on at its ends, but those of the next number."""
        text = told.squeezed
        if end - start < _SHORTEST:
            return start in told.starts and end in told.ends
        goes_on = end < len(text) and text[end].isdigit() and end not in told.ends
        if text[start].isdigit():
            comes_on = start > 0 and text[start - 1].isdigit() and start not in told.starts
            return not comes_on and not goes_on
        return not goes_on or any(text.startswith(n[:2], end) for n in self.full)

    def _short(self, told: _Text) -> None:
        for start, end in list(told.runs()):
            run = told.squeezed[start:end]
            items = self.tails.get(run) or self.tails.get(run.lstrip("0"), [])
            if items and (len(run) >= _SHORTEST or (start in told.starts and end in told.ends)):
                told.take(start, end, items, FULL if self._is_whole(run, items) else SHORT)
            elif len(run) >= 2 * _SHORTEST:
                at = start
                for piece in self._pieces(run) or ():
                    told.take(at, at + len(piece), self.tails[piece], SHORT)
                    at += len(piece)

    @staticmethod
    def _is_whole(run: str, items: Sequence[OpenItem]) -> bool:
        return len(items) == 1 and len(run) >= 6 and form_of(items[0].number).digits == run

    def _pieces(self, run: str) -> list[str] | None:
        """Glued digits cut apart into ends of numbers, long ones first."""
        if not run:
            return []
        for length in range(min(len(run), _LONGEST_PIECE), _SHORTEST - 1, -1):
            if run[:length] in self.tails:
                rest = self._pieces(run[length:])
                if rest is not None:
                    return [run[:length], *rest]
        return None

    def _orders(self, told: _Text) -> None:
        for order, items in self.orders.items():
            start = told.squeezed.find(order) if len(order) >= _SHORTEST else -1
            if start in told.starts and start + len(order) in told.ends:
                told.take(start, start + len(order), items, ORDER)

    def _typos(self, told: _Text) -> None:
        """Whole numbers with one sign wrong, missing, too many, or two that changed places."""
        places = sorted(told.starts | {m.end for m in told.found if m.end < len(told.squeezed)})
        digit_starts = {start for start, end in told.runs() if end - start >= _SHORTEST}
        for start in sorted({*places, *digit_starts}):
            if start < len(told.taken) and not told.taken[start]:
                self._typo_at(told, start)

    def _typo_at(self, told: _Text, start: int) -> None:
        found: dict[int, list[OpenItem]] = defaultdict(list)
        stops = {m.start for m in told.found if m.start > start}
        for number, items in self.full.items():
            if len(number) < 6:
                continue
            for length in (len(number), len(number) - 1, len(number) + 1):
                end = start + length
                piece = told.squeezed[start:end]
                is_bounded = (
                    end in told.ends or end in stops or not told.squeezed[end : end + 1].isdigit()
                )
                if len(piece) < length or any(told.taken[start:end]):
                    continue
                if (is_bounded or length == len(number)) and is_near(piece, number):
                    found[end] += items
        if found:
            end = max(found, key=lambda e: (e in told.ends, len(found[e])))
            told.take(start, end, found[end], TYPO)

    def _cut(self, told: _Text) -> bool:
        """Tell whether the text ends amid a number, as banks cut it; read it where it is clear."""
        free = [span for span in told.words[-3:] if not told.taken[span[1] - 1]]
        if not free or len(told.squeezed) < 20:
            return False
        end = free[-1][1]
        start = max((m.end for m in told.found), default=0)
        for at in sorted({start, *(s for s, _ in told.words if s >= start)}):
            piece = told.squeezed[at:end]
            items = [i for n, some in self.full.items() if n.startswith(piece) for i in some]
            if len(piece) >= 2 and items:
                if len(piece) >= 6 and len(items) == 1:
                    told.take(at, end, items, CUT)
                else:
                    told.taken[at:end] = b"\1" * (end - at)
                return True
        return False


def is_near(piece: str, number: str) -> bool:
    """Tell whether one sign is wrong, missing or too many, or two changed places.

    >>> is_near("INV2025004132", "INV2025004123"), is_near("INV2025004223", "INV2025004132")
    (True, False)
    """
    return piece != number and OSA.distance(piece, number, score_cutoff=1) <= 1


def between(one: OpenItem, other: OpenItem, items: Iterable[OpenItem]) -> list[OpenItem]:
    """The items of a range of numbers, both ends included: those of the same series."""
    low, high = sorted(int(form_of(item.number).bare or 0) for item in (one, other))
    length = len(form_of(one.number).digits)
    return [
        item
        for item in items
        if len(form_of(item.number).digits) == length
        and low <= int(form_of(item.number).bare or 0) <= high
    ]
