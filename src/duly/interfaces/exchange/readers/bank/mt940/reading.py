"""The stream of an MT940 or MT942 file: statements, entries, and what can't be read.

Rule: a field begins with its tag at the start of a line and goes on until the next; a line that
merely looks like one (":12:11" of a time that was broken) is text. RC and RD undo: RC takes money
out, RD brings it in. A day of entry has the year nearest to its value day; 30 February is the
month's last day, because some banks count 30 days in every month.
See: SWIFT MT940, MT942; F-02.
"""

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    INTERIM,
    PENDING,
    STATEMENT,
    Balance,
    Claimed,
    Closed,
    Entry,
    Event,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    blocks,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.mt940.figures import (
    charges_in,
    day_in,
    days_of,
    long_reference,
    minor_in,
)
from duly.interfaces.exchange.readers.bank.mt940.lines import opened
from duly.interfaces.exchange.readers.bank.mt940.narrative import (
    Narrative,
    narrative,
    structured_lines,
)
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

_TAG = re.compile(
    r"(?:\{[^}]*\})*(?:\{4:)?"
    r":(20|21|25P?|28C?|60[FM]|61|86|62[FM]|64|65F?|NSF?|34F|13D?|90[CD]|940|942):"
)
# An entry as most banks write it, up to the field of the next.
_SIMPLE = re.compile(
    r"^:61:([0-9]{6}(?:[0-9]{4})?)(R?[CD])[A-Z]?([0-9]{1,15}),([0-9]*)([A-Z][A-Z0-9]{3})"
    r"([^\n/]{0,16})(?://([^\n]*))?\n((?::86:[^\n]*\n(?:[^\n:{-][^\n]*\n){0,20})?)(?=:6[12])",
    re.MULTILINE,
)
_COMES = ("C", "RD")
_BROKEN = ("20", "21", "25", "28", "13")
_HEADS = ("20", "25", "25P", "28", "28C", "60F", "60M")
_TIME = re.compile(r"[0-9]{2}(?![0-9])")
_LINE = re.compile(
    r"([0-9]{6}(?:[0-9]{4}| {4})?) *([ER]?[CD])([A-Z]?) ?([0-9]+(?:[,.][0-9]*)?) *"
    r"([A-Z].{3})?(.*)"
)
_BALANCE = re.compile(r"(R?[CD])([0-9]{6})([A-Z]{3})? *([0-9]*(?:[,.][0-9]*)?)\s*$")
_TOTAL = re.compile(r"([0-9]{1,9})([A-Z]{3})([0-9]*(?:[,.][0-9]*)?)\s*$")
_CURRENCY = re.compile(r"([A-Z]{3})[CD]? ?[0-9,]*$")
_NOTHING = frozenset(("NONREF", "NOREF", "KREF+", "EREF", "EREF+", ""))
_LONGEST_FIELD = 10_000  # lines: field 86 has six, and a bank's that knows no limit a few dozen
_NO_TEXT = Narrative()


def read_mt940(file: BinaryIO, name: str) -> Iterator[Event]:
    """Read MT940 or MT942, an entry at a time; one file may have both.

    Args: `file`: bytes, seekable; `name` is not looked at.
    Returns: `Opened`, `Entry`..., `Closed` of each statement; places are "line 17". A field 61
    without an entry date gives no booking date.
    Problems: BANK_LINE_UNREADABLE for a field 61 without a readable side or amount;
    BANK_LINE_DOUBTFUL for days, balances and amounts that are not as they should be.
    """
    text, problem = opened(file)
    if problem:
        yield problem
        return
    reader = _Reader()
    for block in blocks(text):
        yield from reader.read(block)
        if reader.unreadable >= MOST_PROBLEMS:
            break
    yield from reader.end()


def _time(told: str) -> bool:
    return _TIME.match(told) is not None and not told.strip().isdigit()


class _Reader:
    """What has been read of the statement that is open."""

    def __init__(self) -> None:
        self.unreadable = 0
        self._row = 0
        self._tag, self._begins, self._lines = "", 0, list[str]()  # the field that goes on
        self._doubts: list[Problem] = []  # about the entry that is being made
        self._start()

    def _start(self) -> None:
        self._place = ""
        self._account = self._number = self._currency = ""
        self._opening: Balance | None = None
        self._closing: Balance | None = None
        self._is_interim = self._is_open = False
        self._claims: list[Claimed] = []
        self._line: tuple[int, list[str]] | None = None  # field 61 that waits for its 86
        self._text: list[str] = []  # of its field 86, or of several: some banks write one a line
        self._decimals = 2

    def read(self, block: str) -> Iterator[Event]:
        """What some whole lines say. Entries as most banks write them are read here, a million of
        them; whatever stands between goes line by line."""
        at = 0
        for found in _SIMPLE.finditer(block):
            start, end = found.span()
            if start != at or self._tag:
                yield from self._between(block[at:start])
                yield from self._flush()
                at = start
                if self.unreadable >= MOST_PROBLEMS:
                    return
            entry = self._simple(found) if self._is_open else None
            if entry is not None:
                yield entry
                self._row += 1 + found[8].count("\n")
                at = end
        yield from self._between(block[at:])

    def _simple(self, found: re.Match[str]) -> Entry | None:
        """An entry of one line 61 and its text; None where something of it is not as usual."""
        days, mark, whole, part, kind, reference, bank_reference, text = found.groups()
        value_on, booked_on = days_of(days)
        is_dated = value_on is not None and (booked_on is not None or len(days) == 6)
        if not is_dated or len(part) != self._decimals or "  " in reference:
            return None
        minor = int(whole + part)
        told = narrative(text[4:-1].split("\n")) if text else _NO_TEXT
        name, account, end_to_end, mandate, own, structured, remittance, code, reason = told
        reference, bank_reference = reference.strip(), (bank_reference or "").strip()
        return tuple.__new__(  # as Entry(...), in half the time
            Entry,
            (
                f"line {self._row + 1}",
                booked_on,
                value_on,
                minor if mark in _COMES else -minor,
                self._currency,
                "" if bank_reference == "NONREF" else bank_reference,
                own if reference in _NOTHING else reference,
                name,
                account,
                end_to_end,
                mandate,
                structured,
                remittance,
                f"{kind}-{code}" if code else kind,
                mark[0] == "R",
                BOOKED,
                reason,
                0,
                (),
                (),
            ),
        )

    def _between(self, text: str) -> Iterator[Event]:
        """Lines put together to fields; those outside of fields are left out (headers of SWIFT and
        of banks, the "-" of an end)."""
        if not text:
            return
        for line in text.removesuffix("\n").split("\n"):
            self._row += 1
            first = line[:1]
            found = _TAG.match(line) if first in (":", "{") else None
            if found:
                told = line[found.end() :]
                # A time that was broken across lines, in the midst of text.
                if self._tag == "86" and found[1] in _BROKEN and _time(told):
                    self._lines.append(line)
                    continue
                yield from self._field()
                self._tag, self._begins, self._lines = found[1], self._row, [told]
            elif first == "-" and (line.rstrip() in ("-", "-}") or line.startswith("-}")):
                yield from self._field()
                if (start := line.find("{4:")) >= 0 and (found := _TAG.match(line, start)):
                    self._tag, self._begins = found[1], self._row
                    self._lines = [line[found.end() :]]
            elif self._tag and len(self._lines) < _LONGEST_FIELD:
                self._lines.append(line)
            if self.unreadable >= MOST_PROBLEMS:
                return

    def _field(self) -> Iterator[Event]:
        """What the field says that is complete now, if one was open."""
        tag, self._tag = self._tag, ""
        if tag == "86" and self._line is not None:
            self._text += self._lines
        elif tag:
            yield from self._take(tag, self._begins, self._lines)

    def _flush(self) -> Iterator[Event]:
        """The field that stands open, and the entry that waits for more text: another begins."""
        yield from self._field()
        if self._line is not None:
            yield self._entry()
            yield from self._told_doubts()

    def _take(self, tag: str, at: int, lines: list[str]) -> Iterator[Event]:
        """What a field brings to an end, or begins."""
        if self._line is not None:
            if tag == "25" and lines[0][3:4] == "?":
                yield doubtful(f"line {at}", "Field 25 stands where field 86 should; it is taken.")
                self._text += lines
                return
            is_told = tag in ("NS", "NSF")
            yield self._entry(structured_lines(lines) if is_told else None)
            yield from self._told_doubts()
            if is_told:
                return
        elif tag in ("86", "NS", "NSF"):  # of the whole statement
            return
        if tag == "61":
            self._place = self._place or f"line {at}"
            if not self._is_open:
                yield self._opened()
            self._line = (at, lines)
            return
        if tag in _HEADS and (self._is_open or self._closing):
            yield from self._end()
        self._place = self._place or f"line {at}"
        yield from self._told(tag, at, lines)

    def _told(self, tag: str, at: int, lines: list[str]) -> Iterator[Problem]:
        """What a field tells of the statement."""
        text = lines[0].strip()
        if tag in ("25", "25P"):
            self._account = text
            if not self._currency and text[-3:] in EXPONENTS and len(text) > 3:
                self._tell_currency(text[-3:])
        elif tag in ("28", "28C"):
            self._number = text
        elif tag in ("60F", "60M"):
            self._opening = yield from self._balance(at, text)
        elif tag in ("62F", "62M"):
            self._closing = yield from self._balance(at, text)
        elif tag in ("90C", "90D"):
            self._is_interim = True
            yield from self._claim(tag, at, text)
        elif tag in ("34F", "13D", "13", "942"):
            self._is_interim = True
            if tag == "34F" and (found := _CURRENCY.match(text)):
                self._tell_currency(found[1])

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        if self.unreadable < MOST_PROBLEMS:
            yield from self._field()
        yield from self._end()

    def _end(self) -> Iterator[Event]:
        """The end of the statement, where one was begun."""
        if self._line is not None and self.unreadable < MOST_PROBLEMS:
            yield self._entry()
            yield from self._told_doubts()
        if self._place:
            if not self._is_open:
                yield self._opened()
            yield Closed(self._place, self._closing, tuple(self._claims))
        self._start()

    def _opened(self) -> Opened:
        self._is_open = True
        account = self._account.replace(" ", "")
        if len(account) > 3 and account[-3:] == self._currency:
            account = account[:-3]
        kind = INTERIM if self._is_interim and self._opening is None else STATEMENT
        return Opened(self._place, account, self._currency, self._number, kind, self._opening)

    def _tell_currency(self, currency: str) -> None:
        self._currency = currency
        self._decimals = decimals_of(currency)

    def _balance(self, at: int, text: str) -> Generator[Problem, None, Balance | None]:
        """The balance that a field tells, or None and a problem."""
        found = _BALANCE.match(text)
        minor = None
        if found:
            if found[3] and not self._currency:
                self._tell_currency(found[3])
            minor = minor_in(found[4], self._decimals)
        if not found or minor is None or (found[3] and found[3] != self._currency):
            yield doubtful(f"line {at}", f"{quoted(text)} is no balance; it is left out.")
            return None
        if self._currency not in EXPONENTS and self._currency and self._opening is None:
            yield doubtful(
                f"line {at}",
                f"{quoted(self._currency)} is no currency of today; two decimals are read.",
            )
        on = day_in(found[2])
        if on is None:
            yield doubtful(f"line {at}", f"{quoted(found[2])} is no day; it is left out.")
        return Balance(on, minor if found[1] in ("C", "RD") else -minor)

    def _claim(self, tag: str, at: int, text: str) -> Iterator[Problem]:
        found = _TOTAL.match(text)
        if found and not self._currency:
            self._tell_currency(found[2])
        minor = minor_in(found[3], self._decimals) if found else None
        if not found or minor is None:
            yield doubtful(f"line {at}", f"{quoted(text)} is no total; it is left out.")
            return
        what = "credits" if tag == "90C" else "debits"
        self._claims.append(Claimed(what, int(found[1]), minor))

    def _told_doubts(self) -> list[Problem]:
        """What is doubtful about the last entry, told once."""
        told, self._doubts = self._doubts, []
        return told

    def _doubt(self, at: int, why: str) -> None:
        self._doubts.append(doubtful(f"line {at}", why))

    def _unread(self, at: int, why: str) -> Problem:
        self.unreadable += 1
        return unreadable(f"line {at}", why)

    def _entry(self, told: Narrative | None = None) -> Entry | Problem:
        """The entry of the field 61 that waits, with what its field 86 tells."""
        at, lines = self._line or (0, [])
        if told is None:
            told = narrative(self._text) if self._text else _NO_TEXT
        self._line, self._text = None, []
        found = _LINE.match(lines[0])
        if not found and len(lines) > 1 and (found := _LINE.match(lines[0] + lines[1])):
            self._doubt(at, "Field 61 is broken across two lines; they are joined.")
        if not found:
            return self._unread(at, f"field 61 {quoted(lines[0].strip())} has no side and amount")
        days, mark, _, amount, kind, rest = found.groups()
        whole, _, part = amount.partition(",")
        if len(part) == self._decimals and len(whole) < 16 and "." not in whole:
            minor = int(whole + part)
        else:
            odd = minor_in(amount, self._decimals)
            if odd is None:
                why = f"{quoted(amount)} is no amount in {quoted(self._currency)}"
                return self._unread(at, why)
            minor = odd
            if "," not in amount and self._decimals:
                self._doubt(at, f"The amount {quoted(amount)} has no decimal comma.")
        value_on, booked_on = days_of(days)
        if value_on is None or (booked_on is None and len(days) == 10 and days[6:].strip()):
            self._doubt(at, f"{quoted(days)} are no days; the entry is read without.")
        if mark not in ("C", "RD", "EC"):
            minor = -minor
        reference, _, bank_reference = rest.partition("//")
        if len(reference) > 16 or "  " in reference:
            reference, told = long_reference(reference, told)
        reference = reference.strip()
        name, account, end_to_end, mandate, own, structured, remittance, code, reason = told
        charges = 0
        if len(lines) > 1:
            remittance = remittance or " ".join(line.strip() for line in lines[1:]).strip()
            charges = charges_in("".join(lines[1:]), self._currency, self._decimals, minor)
        return Entry(
            f"line {at}",
            booked_on,
            value_on,
            minor,
            self._currency,
            "" if (bank_reference := bank_reference.strip()) == "NONREF" else bank_reference,
            own if reference in _NOTHING else reference,
            name,
            account,
            end_to_end,
            mandate,
            structured,
            remittance,
            f"{kind}-{code}" if code and kind else (kind or code).rstrip(),
            mark[0] == "R",
            PENDING if mark[0] == "E" else BOOKED,
            reason,
            charges,
        )
