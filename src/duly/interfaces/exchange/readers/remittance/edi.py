"""X12 820 (payment order, remittance advice): whole interchanges, bare sets, and lone segments.

Rule: separators are those of ISA (positions 4 and 106), of a bare set those that stand around its
first elements. SE01 counts the segments from ST on, control numbers agree, GE01 and IEA01 count
what they close; a file that does not keep to them is not taken. An ADX behind an RMR explains that
document; one outside of all RMR is a deduction, or an addition, of its own.
See: F-04; X12 820 (004010).
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from duly.cash_application.rules.advices import (
    MOST_PROBLEMS,
    Advice,
    AdviceLine,
    Event,
    kept_back,
    line_of,
)
from duly.cash_application.rules.statements import decimals_of
from duly.interfaces.exchange.readers.bank.figures import day_of, minor_of
from duly.interfaces.exchange.readers.remittance.telling import (
    MOST_LINES,
    incomplete,
    short,
    too_many,
    unreadable,
)
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

CHUNK = 1 << 16
_LONGEST_SEGMENT = 10_000
_ISA_LENGTH = 106
_BARE = re.compile(
    r"\s*(?:ST(?P<st>[^\w\s])820(?P=st)\w{1,9}(?:(?P=st)\w*)?|RMR(?P<rmr>[^\w\s])[^~\\\r\n]*?)"
    r"(?P<end>[~\\\r\n\x1c\x1d]|\Z)"
)
_CREDITS = ("CM", "CR")
_PAYERS = ("PR", "PY")


class _Marks(NamedTuple):
    """What stands between elements, and behind segments."""

    element: str
    segment: str


class Known(NamedTuple):
    """What is known of a payment beside its 820: what the bank says of who paid, how much, when."""

    place: str = "set 1"
    payer_name: str = ""
    payment_reference: str = ""
    amount_minor: int | None = None
    paid_on: date | None = None


def read_edi(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a file of X12 says: an advice for each set of type 820, others passed over.

    Problems: INCOMPLETE for a count or control number that does not hold and for what is not
    closed; ADVICE_UNREADABLE for what is no X12 and for amounts that are none.
    """
    file.seek(0)
    yield from _read(_pieces(file), Known())


def advices_in(text: str, known: Known) -> Iterator[Event]:
    """The same of a text, as addenda of a bank carry it: a whole 820, or RMR segments alone."""
    yield from _read(iter((text,)), known)


def is_edi(head: str) -> bool:
    """Tell whether a text begins as an X12 interchange, a bare 820, or an RMR segment.

    >>> is_edi("ST*820*0001~BPR*C*1.00"), is_edi("STATEMENT 820"), is_edi("RMR*IV*1**3.00\\\\")
    (True, False, True)
    """
    return _marks_of(head.lstrip()) is not None


def _pieces(file: BinaryIO) -> Iterator[str]:
    while chunk := file.read(CHUNK):
        yield chunk.decode("latin-1")


def _marks_of(head: str) -> _Marks | None:
    if re.match(r"ISA[^\w\s]", head) and len(head) >= _ISA_LENGTH:
        marks = _Marks(head[3], head[_ISA_LENGTH - 1])
        return marks if head[:_ISA_LENGTH].count(marks.element) == 16 else None
    found = _BARE.match(head)
    if found is None:
        return None
    end = found["end"] or "~"
    return _Marks(found["st"] or found["rmr"], "\n" if end in "\r\n" else end)


def _segments(pieces: Iterator[str]) -> Iterator[list[str] | Problem]:
    """The segments as lists of elements; a problem where there are none to be told apart."""
    rest = ""
    for piece in pieces:
        rest += piece
        if len(rest) >= _ISA_LENGTH:
            break
    rest = rest.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    marks = _marks_of(rest)
    if marks is None:
        yield unreadable("segment 1", "it does not begin with ISA or with ST of an 820")
        return
    while True:
        *whole, rest = rest.split(marks.segment)
        for segment in whole:
            if text := segment.strip("\r\n "):
                yield text.split(marks.element)
        piece = next(pieces, "")
        if len(rest) > _LONGEST_SEGMENT:
            yield unreadable("a segment", f"it has more than {_LONGEST_SEGMENT:,} characters")
            return
        if not piece:
            break
        rest += piece
    if text := rest.strip("\r\n\0 "):
        yield text.split(marks.element)


def _read(pieces: Iterator[str], known: Known) -> Iterator[Event]:
    reader = _Reader(known)
    problems = 0
    for segment in _segments(pieces):
        events = [segment] if isinstance(segment, Problem) else reader.take(segment)
        for event in events:
            problems += isinstance(event, Problem)
            yield event
        if problems >= MOST_PROBLEMS:
            return
    yield from reader.end()


class _Set:
    """A transaction set as it is read."""

    def __init__(self, number: str, place: str) -> None:
        self.number, self.place = number, place
        self.segments = 0
        self.amount = self.account = self.reference = self.name = self.code = ""
        self.currency = "USD"
        self.paid_on: date | None = None
        self.lines: list[tuple[list[str], list[tuple[int, str]]]] = []  # RMR, its adjustments
        self.alone: list[tuple[int, str]] = []
        self.is_within = False  # an RMR that what follows belongs to
        self.problems: list[Problem] = []

    def minor(self, text: str) -> int | None:
        """The minor units of an amount; what is none is a problem."""
        found = minor_of(text, decimals_of(self.currency)) if text else None
        if found is None:
            self.problems.append(unreadable(self.place, f"{quoted(text)} is no amount"))
        return found


class _Reader:
    """The sets of an interchange as they come, and what closes them."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.open: dict[str, tuple[str, int]] = {}  # GS, ISA: its control number, how many in it
        self.held: _Set | None = None
        self.is_other = False
        self.sets = self.advices = 0

    def take(self, segment: list[str]) -> Iterator[Event]:
        """What a segment says."""
        code = segment[0].upper()
        said = [*segment, *[""] * 20]
        if code == "ISA":
            yield from self._begin("ISA", said[13].strip())
        elif code == "GS":
            yield from self._begin("GS", said[6])
        elif code == "ST":
            yield from self._start(said)
        elif code == "SE":
            yield from self._finish(said)
        elif code in ("GE", "IEA"):
            yield from self._close(code, said)
        elif not self.is_other:
            if self.held is None:  # segments without a set around them
                self.held = _Set("", self.known.place)
            self.held.segments += 1
            self._tell(self.held, code, said)
            if len(self.held.lines) > MOST_LINES:
                yield too_many(self.held.place)
                self.held, self.is_other = None, True

    def end(self) -> Iterator[Event]:
        """What is left when the text ends."""
        if self.held is not None and self.held.number:
            yield incomplete(self.held.place, f"Set {quoted(self.held.number)} has no end (SE).")
        elif self.held is not None:
            yield from self._told()
        for code, closing in (("GS", "GE"), ("ISA", "IEA")):
            if code in self.open:
                yield incomplete("the end", f"The file lacks the segment {closing}.")
        if not self.advices and self.held is None:
            yield incomplete("segment 1", "The file holds no set of type 820.")

    def _begin(self, code: str, number: str) -> Iterator[Problem]:
        if code in self.open:
            yield incomplete("the head", f"A segment {code} stands within another.")
        if code == "GS" and "ISA" in self.open:
            self.open["ISA"] = (self.open["ISA"][0], self.open["ISA"][1] + 1)
        self.open[code] = (number, 0)

    def _start(self, said: list[str]) -> Iterator[Event]:
        if self.held is not None and self.held.number:
            yield incomplete(self.held.place, f"Set {quoted(self.held.number)} has no end (SE).")
        self.sets += 1
        if "GS" in self.open:
            self.open["GS"] = (self.open["GS"][0], self.open["GS"][1] + 1)
        self.is_other = said[1] != "820"
        place = self.known.place if self.known.amount_minor is not None else f"set {self.sets}"
        self.held = None if self.is_other else _Set(said[2].strip() or "-", place)
        if self.held:
            self.held.segments = 1

    def _finish(self, said: list[str]) -> Iterator[Event]:
        held, self.is_other = self.held, False
        if held is None:
            return
        count = held.segments + 1
        if said[1].strip() != str(count) and said[1].strip().lstrip("0") != str(count):
            told = f"SE counts {quoted(said[1])} segments; there are {count}."
            held.problems.append(incomplete(held.place, told))
        if said[2].strip() != held.number:
            told = f"SE closes set {quoted(said[2])}, and {quoted(held.number)} is open."
            held.problems.append(incomplete(held.place, told))
        yield from self._told()

    def _close(self, code: str, said: list[str]) -> Iterator[Problem]:
        begins = {"GE": "GS", "IEA": "ISA"}[code]
        number, count = self.open.pop(begins, ("", -1))
        if count < 0:
            yield incomplete("the end", f"{code} closes nothing.")
            return
        if said[1].strip().lstrip("0") != (str(count) if count else ""):
            yield incomplete("the end", f"{code} counts {quoted(said[1])}; there are {count}.")
        if said[2].strip().lstrip("0") != number.lstrip("0"):
            yield incomplete(
                "the end", f"{code} closes {quoted(said[2])}, and not {quoted(number)}."
            )

    def _tell(self, held: _Set, code: str, said: list[str]) -> None:
        """Keep what a segment says of the payment."""
        if code == "BPR":
            held.amount, held.account = said[2], said[9]
            held.paid_on = day_of(said[16])
            held.code = held.code or said[10]
        elif code == "TRN":
            held.reference = held.reference or said[2]
        elif code == "CUR" and said[2]:
            held.currency = said[2][:3]
        elif code == "N1":
            if said[1] in _PAYERS:
                held.name, held.code = said[2], said[4] or held.code
        elif code == "ENT":
            held.is_within = False
        elif code == "RMR":
            held.lines.append((said, []))
            held.is_within = True
        elif code == "ADX":
            minor = held.minor(said[1])
            into = held.lines[-1][1] if held.is_within else held.alone
            into.append((minor or 0, said[2]))
        elif code == "REF" and held.is_within and not held.lines[-1][0][2]:
            held.lines[-1][0][2] = said[2]

    def _told(self) -> Iterator[Event]:
        """The advice of the set that is read."""
        held, known, self.held = self.held, self.known, None
        if held is None:
            return
        self.advices += 1
        total = held.minor(held.amount) if held.amount else known.amount_minor
        lines = [_line(held, said, adjusted) for said, adjusted in held.lines]
        lines = _credits_turned(held, lines, total)
        lines += [kept_back(-minor, short(code)) for minor, code in held.alone]
        yield from held.problems
        if not any(one.code.endswith("UNREADABLE") for one in held.problems):
            yield Advice(
                held.place,
                short(held.name) or known.payer_name,
                short(held.account),
                short(held.code),
                short(held.reference) or known.payment_reference,
                total,
                held.currency,
                held.paid_on or known.paid_on,
                tuple(lines),
            )


def _line(held: _Set, said: list[str], adjusted: list[tuple[int, str]]) -> AdviceLine:
    """The line of an RMR: 04 paid, 05 before the discount, 06 discount, 07 and 08 adjustment."""
    paid, gross, discount, own = (held.minor(said[n]) if said[n] else None for n in (4, 5, 6, 8))
    deduction = -sum(minor for minor, _ in adjusted)
    reasons = [code for _, code in adjusted if code]
    if own:
        deduction += abs(own) if not adjusted else 0
        reasons = [said[7], *reasons]
    text = said[1] if said[1] not in ("IV", *_CREDITS) else ""
    return line_of(
        short(said[2]), gross, paid, discount or 0, deduction, short(" ".join(reasons)), text
    )


def _credits_turned(held: _Set, lines: list[AdviceLine], total: int | None) -> list[AdviceLine]:
    """Credit memos written without a sign are negative where the total then is right."""
    alone = sum(minor for minor, _ in held.alone)
    made = sum(line.paid_minor or 0 for line in lines) + alone
    turned = [
        line_of(line.number, _turned(line.gross_minor), _turned(line.paid_minor))
        if said[1] in _CREDITS and (line.paid_minor or 0) > 0
        else line
        for line, (said, _) in zip(lines, held.lines, strict=True)
    ]
    is_right = sum(line.paid_minor or 0 for line in turned) + alone == total
    return turned if made != total and is_right else lines


def _turned(minor: int | None) -> int | None:
    return None if minor is None else -minor


def write_edi(advice: Advice, number: str = "0001") -> str:
    """An advice as a bare 820, as `read_edi` reads it back: for those who answer in X12."""
    decimals = decimals_of(advice.currency)

    def amount(minor: int | None) -> str:
        return "" if minor is None else f"{Decimal(minor).scaleb(-decimals):f}"

    on = advice.paid_on.strftime("%Y%m%d") if advice.paid_on else ""
    bpr = ["BPR", "I", amount(advice.amount_minor), "C", "ACH", *[""] * 4, advice.payer_account]
    segments = [
        ["ST", "820", number],
        [*bpr, *[""] * 6, on],
        ["TRN", "1", advice.payment_reference],
        ["CUR", "PR", advice.currency],
        ["N1", "PR", advice.payer_name, "92", advice.payer_code],
        ["ENT", "1"],
    ]
    for line in advice.lines:
        if not line.number:
            continue
        paid = [amount(line.paid_minor), amount(line.gross_minor), amount(line.discount_minor)]
        segments.append(["RMR", "IV", line.number, "", *paid])
        if line.deduction_minor:
            segments.append(["ADX", amount(-line.deduction_minor), line.reason])
    segments += [["ENT", "2"]] if any(not line.number for line in advice.lines) else []
    segments += [
        ["ADX", amount(-line.deduction_minor), line.reason]
        for line in advice.lines
        if not line.number
    ]
    segments.append(["SE", str(len(segments) + 1), number])
    return "".join("*".join(one).rstrip("*") + "~" for one in segments)
