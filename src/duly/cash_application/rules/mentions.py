"""Which open items a payer's text speaks of, however they wrote the numbers.

Rule: the text is read in capitals without separators. Full numbers count first, the longest before
shorter ones; then digits alone that end a number (at least four), glued ones cut apart; then the
payer's own order numbers; then numbers with one sign wrong. Each place is read once. A place that
may mean several items stays so, and the amount decides. Digits that nothing explains are told: they
may contradict what else is found.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, islice
from operator import attrgetter
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from duly.cash_application.rules.facts import OpenItem
from duly.cash_application.rules.texts import Form, Mention, Text, form_of, squeeze

FULL, SHORT, ORDER, TYPO, CUT = "full", "short", "order", "typo", "cut"
_SHORTEST, _LONGEST_PIECE, _LONG = 4, 12, 6
_distance = OSA.distance
_FEW_HEADS, _MANY = 8, 50  # from when on all places, and all numbers at once, are looked at
_MOST_TYPED = 200  # places of a text that may be mistyped: nobody mistypes more
_BETWEEN = re.compile(r"\s*(?:-|–|—|\.\.+|\bTO\b|\bBIS\b|\bTHRU\b|\bTHROUGH\b|\bA\b|\bAU\b)\s*")
_ON_ACCOUNT = re.compile(
    r"\b(?:ON ACCOUNT|PRE-?PAYMENT|DEPOSIT|DOWN ?PAYMENT|AKONTO|A ?KONTO|ACONTO|ANZAHLUNG|VORAUS\w*"
    r"|ACOMPTE|AVANCE|ANTICIPO|ACCONTO|VOORSCHOT|AANBETALING|FORSKUD|FORSKOTT|ENNAKKO\w*)\b"
)


class Reading(NamedTuple):
    """What a text says: mentions in order, ranges between two of them, and what is not understood.

    `unknown`: runs of digits that mean none of the payer's items.
    """

    mentions: tuple[Mention, ...] = ()
    ranges: tuple[tuple[Mention, Mention], ...] = ()
    unknown: tuple[str, ...] = ()
    is_cut: bool = False  # the last word seems to be the beginning of a number
    text: str = ""  # in plain capitals

    @property
    def says_on_account(self) -> bool:
        """The payer says that it is on account."""
        return bool(_ON_ACCOUNT.search(self.text))


SILENT = Reading()


_Bucket = dict[int, OpenItem]


class Numbers:
    """The numbers of some open items, ready to be found in texts; items come and go."""

    def __init__(self, items: Iterable[OpenItem] = ()) -> None:
        self.by_id: _Bucket = {}
        self.full: dict[str, _Bucket] = {}
        self._tails: dict[str, _Bucket] = {}  # by the last four digits
        self._bare: dict[str, _Bucket] = {}  # short ones, without leading zeros
        self._ordered: dict[str, _Bucket] = {}
        # How numbers look; of what has gone too, for they only say where to look.
        self._heads: set[str] = set()
        self._lengths: list[int] = []  # the longest first
        self._fewest_digits = 99  # of long numbers
        self._typed: list[int] = []  # how long what is mistyped may be
        self.follow({item.id: item for item in items})

    def follow(self, items: Mapping[int, OpenItem]) -> None:
        """Bring them to what is open now."""
        gone = [old for id_, old in self.by_id.items() if items.get(id_) is not old]
        for old in gone:
            self._remove(old)
        if len(items) > len(self.by_id):
            for id_, item in items.items():
                if id_ not in self.by_id:
                    self._add(item)

    def _add(self, item: OpenItem) -> None:
        self.by_id[item.id] = item
        form = form_of(item.number)
        for index, key in self._places(item, form):
            index.setdefault(key, {})[item.id] = item
        if form.squeezed:
            self._heads.add(form.squeezed[:2])
        length = len(form.squeezed)
        if length not in self._lengths:
            self._lengths = sorted({*self._lengths, length}, reverse=True)
            if length >= _LONG:
                self._typed = sorted({*self._typed, length - 1, length, length + 1})
        if length >= _LONG:
            self._fewest_digits = min(self._fewest_digits, len(form.digits))

    def _remove(self, item: OpenItem) -> None:
        del self.by_id[item.id]
        for index, key in self._places(item, form_of(item.number)):
            bucket = index[key]
            del bucket[item.id]
            if not bucket:
                del index[key]

    def _places(self, item: OpenItem, form: Form) -> list[tuple[dict[str, _Bucket], str]]:
        places = [(self.full, form.squeezed)]
        if len(form.digits) >= _SHORTEST:
            places.append((self._tails, form.digits[-_SHORTEST:]))
        if len(form.bare) < _SHORTEST:
            places.append((self._bare, form.bare))
        if item.order:
            places.append((self._ordered, squeeze(item.order)))
        return places

    def read(self, text: str, *, ignore: Sequence[str] = ()) -> Reading:
        """What a text says of these items; `ignore`: digits that mean the customer.

        Returns: a reading; where nothing is mentioned, it has no mentions.
        """
        told = Text(text)
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
            is_cut,
            told.original,
        )

    def _full(self, told: Text) -> None:
        text = told.squeezed
        starts = self._heads_in(text)
        for length in self._lengths if starts else ():
            for start in starts:
                items = self.full.get(text[start : start + length])
                if items and self._stands(told, start, start + length):
                    told.take(start, start + length, items.values(), FULL)

    def _heads_in(self, text: str) -> Sequence[int]:
        """Where a number may begin."""
        if len(self._heads) > _FEW_HEADS:
            return range(len(text))
        found = []
        for head in self._heads:
            at = text.find(head)
            while at >= 0:
                found.append(at)
                at = text.find(head, at + 1)
        return sorted(found)

    def _stands(self, told: Text, start: int, end: int) -> bool:
        """A number stands for itself: no digits go on at its ends, but those of the next number."""
        text = told.squeezed
        if end - start < _SHORTEST:
            return start in told.starts and end in told.ends
        goes_on = end < len(text) and text[end].isdigit() and end not in told.ends
        if text[start].isdigit():
            comes_on = start > 0 and text[start - 1].isdigit() and start not in told.starts
            return not comes_on and not goes_on
        return not goes_on or text[end : end + 2] in self._heads

    def _short(self, told: Text) -> None:
        for start, end in list(told.runs()):
            run = told.squeezed[start:end]
            items = self._ending(run) or self._ending(run.lstrip("0"))
            if items and (len(run) >= _SHORTEST or (start in told.starts and end in told.ends)):
                told.take(start, end, items, FULL if self._is_whole(run, items) else SHORT)
            elif len(run) >= 2 * _SHORTEST:
                at = start
                for piece in self._pieces(run):
                    told.take(at, at + len(piece), self._ending(piece), SHORT)
                    at += len(piece)

    def _ending(self, run: str) -> list[OpenItem]:
        """The items whose number ends in these digits, or is these but for leading zeros."""
        if len(run) < _SHORTEST:
            return list(self._bare.get(run, {}).values())
        if len(run) > _LONGEST_PIECE:
            return []
        found = self._tails.get(run[-_SHORTEST:], {}).values()
        if len(run) == _SHORTEST:
            return list(found)
        return [item for item in found if form_of(item.number).digits.endswith(run)]

    @staticmethod
    def _is_whole(run: str, items: Sequence[OpenItem]) -> bool:
        return len(items) == 1 and len(run) >= _LONG and form_of(items[0].number).digits == run

    def _pieces(self, run: str) -> list[str]:
        """Glued digits cut apart into ends of numbers, long ones first; nothing where some is left.

        From its end on, for a run may be longer than calls may go deep.
        """
        cut = {len(run): 0}  # where the rest can be cut apart: how long its first piece is
        for at in range(len(run) - _SHORTEST, -1, -1):
            longest = min(len(run) - at, _LONGEST_PIECE)
            for length in range(longest, _SHORTEST - 1, -1):
                if at + length in cut and self._ending(run[at : at + length]):
                    cut[at] = length
                    break
        pieces, at = [], 0
        while at < len(run) and at in cut:
            pieces.append(run[at : at + cut[at]])
            at += cut[at]
        return pieces

    def _orders(self, told: Text) -> None:
        if not self._ordered:
            return
        longest = max(map(len, self._ordered))
        for first, (start, _) in enumerate(told.words):
            for _, end in islice(told.words, first, None):
                if end - start > longest:
                    break
                items = self._ordered.get(told.squeezed[start:end])
                if items and end - start >= _SHORTEST:
                    told.take(start, end, items.values(), ORDER)

    def _typos(self, told: Text) -> None:
        """Whole numbers with one sign wrong, missing, too many, or two that changed places."""
        digits = [0, *accumulate(map(str.isdigit, told.squeezed))]
        if digits[-1] < self._fewest_digits - 1:
            return
        places = {m.end for m in told.found if m.end < len(told.squeezed)}
        digit_starts = {start for start, end in told.runs() if end - start >= _SHORTEST}
        stops = {m.start for m in told.found}
        free = (at for at in sorted(told.starts | places | digit_starts) if not told.taken[at])
        for start in islice(free, _MOST_TYPED):
            if not told.taken[start]:
                self._typo_at(told, start, digits, stops)

    def _typo_at(
        self, told: Text, start: int, digits: Sequence[int], stops: Collection[int]
    ) -> None:
        text = told.squeezed
        fewest = self._fewest_digits - 1
        if digits[min(start + self._typed[-1], len(text))] - digits[start] < fewest:
            return
        free = told.taken.find(1, start)
        room = (free if free >= 0 else len(text)) - start
        found: dict[int, list[OpenItem]] = {}
        lengths = [length for length in self._typed if length <= room]
        whole = [length for length in lengths if start + length in told.ends]
        for length in whole + [length for length in lengths if length not in whole]:
            end = start + length
            if found and end not in told.ends:
                break
            if digits[end] - digits[start] < fewest:
                continue
            piece = text[start:end]
            is_bounded = end in told.ends or end in stops or not text[end : end + 1].isdigit()
            for number in self._near(piece):
                if is_bounded or length == len(number):
                    found.setdefault(end, []).extend(self.full[number].values())
        if found:
            end = max(found, key=lambda e: (e in told.ends, len(found[e])))
            told.take(start, end, found[end], TYPO)

    def _near(self, piece: str) -> list[str]:
        """The long numbers that are a piece but for one sign."""
        numbers = list(self.full)
        return [n for n in map(numbers.__getitem__, near_places(piece, numbers)) if len(n) >= _LONG]

    def _cut(self, told: Text) -> bool:
        """Tell whether the text ends amid a number, as banks cut it; read it where it is clear."""
        free = [span for span in told.words[-3:] if not told.taken[span[1] - 1]]
        if not free or len(told.squeezed) < 20:
            return False
        end = free[-1][1]
        start = max((m.end for m in told.found), default=0)
        for at in sorted({start, *(s for s, _ in told.words if s >= start)}):
            piece = told.squeezed[at:end]
            if len(piece) < 2 or piece[:2] not in self._heads:
                continue
            items = [
                i for n, some in self.full.items() if n.startswith(piece) for i in some.values()
            ]
            if items:
                if len(piece) >= _LONG and len(items) == 1:
                    told.take(at, end, items, CUT)
                else:
                    told.taken[at:end] = b"\1" * (end - at)
                return True
        return False


age = attrgetter("due_on", "issued_on", "id")  # items in this order: the oldest first


def is_near(piece: str, number: str) -> bool:
    """Tell whether one sign is wrong, missing or too many, or two changed places.

    >>> is_near("INV2025004132", "INV2025004123"), is_near("INV2025004223", "INV2025004132")
    (True, False)
    """
    if piece == number or not -2 < len(piece) - len(number) < 2:
        return False
    return _distance(piece, number, score_cutoff=1) <= 1


def near_places(piece: str, numbers: Sequence[str]) -> list[int]:
    """The places of the numbers that are a piece but for one sign.

    >>> near_places("INV2025004132", ["INV2025004123", "INV2025004132", "INV2025004138"])
    [0, 2]
    """
    if len(numbers) <= _MANY:
        return [place for place, number in enumerate(numbers) if is_near(piece, number)]
    found = process.extract(piece, numbers, scorer=_distance, score_cutoff=1, limit=None)
    return sorted([place for _, distance, place in found if distance])


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
