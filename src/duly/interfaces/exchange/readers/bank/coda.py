"""CODA: statements of Belgian banks, records of 128 characters.

Rule: a movement (21) may go on in 22 and 23; further movements under its number are its details;
31 to 33 tell more of the last one. Amounts have three decimals. The trailer (9) has the sums of
debits and credits and the number of records from 1 to 8, without 4.
See: Febelfin, Coded statement of account (CODA), version 2.6.
"""

import re
from collections.abc import Generator, Iterator
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    Balance,
    Claimed,
    Closed,
    Detail,
    Entry,
    Event,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    decoded,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import day_of
from duly.interfaces.exchange.readers.bank.references import reference_in
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

WIDTH = 128
_RECORDS = ("1", "21", "22", "23", "31", "32", "33", "8")  # those that the trailer counts
_PARTS = {"22": (10, 63), "23": (82, 125)}  # where a communication goes on
_MORE = {"31": (40, 113), "32": (10, 115), "33": (10, 100)}
_AMOUNT = re.compile(r"([01])([0-9]{15})").fullmatch
_CORRECTIONS = ("49", "99")  # operations that undo an earlier one, of every family
_REFERENCES = ("100", "101", "102")  # kinds of structured communication that are references
_DIRECT_DEBIT = "127"


class _Movement:
    """A movement as its records come."""

    def __init__(self, at: int, line: str, minor: int) -> None:
        self.at, self.line, self.minor = at, line, minor
        self.communication = line[62:115]
        self.two = self.three = " " * WIDTH  # records 22 and 23
        self.more: list[str] = []  # of records 31 to 33
        self.kind_of_more = ""
        self.name = ""
        self.details: list[_Movement] = []


def read_coda(file: BinaryIO, name: str) -> Iterator[Event]:
    """Read CODA version 2, an entry at a time.

    Args: `file`: bytes, seekable; `name` is not looked at.
    Returns: `Opened`, `Entry`..., `Closed` of each statement; places are "line 17".
    Problems: BANK_LINE_UNREADABLE for records that are none, and amounts with more decimals than
    the currency has; BANK_LINE_DOUBTFUL for days that are none; DOES_NOT_ADD_UP where the trailer
    counts other records.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    reader = _Reader()
    for at, line in enumerate(text, 1):
        if line.strip():
            yield from reader.take(at, line.rstrip("\r\n").ljust(WIDTH))
        if reader.unreadable >= MOST_PROBLEMS:
            break
    yield from reader.end()


class _Reader:
    """What has been read of the statement that is open."""

    def __init__(self) -> None:
        self.unreadable = 0
        self._bank = ""
        self._start()

    def _start(self) -> None:
        self._head: Opened | None = None
        self._closing: Balance | None = None
        self._movement: _Movement | None = None
        self._last: _Movement | None = None
        self._claims: tuple[Claimed, ...] = ()
        self._records = 0
        self._decimals = 2

    def take(self, at: int, line: str) -> Iterator[Event]:
        """What a record tells, and what it brings to an end."""
        kind = line[0] if line[0] not in "23" else line[:2]
        if kind in ("0", "1") or (kind == "9" and self._head is None):
            yield from self.end()
        self._records += kind in _RECORDS
        if len(line.rstrip()) > WIDTH:
            yield self._unread(at, f"it has {len(line)} characters instead of {WIDTH}")
        elif kind == "0":
            self._bank = line[60:71].strip()
            if line[127] not in "2 ":
                yield self._unread(at, f"version {quoted(line[127])} of CODA is not read")
        elif kind == "1":
            yield from self._open(at, line)
        elif kind == "4":
            return
        elif self._head is None:
            if kind != "9":
                yield self._unread(at, "it stands before the old balance (record 1)")
        elif kind == "21":
            yield from self._move(at, line)
        elif kind in _PARTS or kind in _MORE:
            yield from self._go_on(at, kind, line)
        elif kind == "8":
            self._closing = yield from self._balance(at, line[41:57], line[57:63])
        elif kind == "9":
            yield from self._trailer(at, line)
        else:
            yield self._unread(at, f"{quoted(line[:2])} is no record of CODA")

    def end(self) -> Iterator[Event]:
        """The end of the statement, where one was begun."""
        yield from self._moved()
        if self._head is not None:
            yield Closed(self._head.place, self._closing, self._claims)
        self._start()

    def _unread(self, at: int, why: str) -> Problem:
        self.unreadable += 1
        return unreadable(f"line {at}", why)

    def _open(self, at: int, line: str) -> Iterator[Event]:
        self._records = 1
        held = line[5:42]
        account, currency = held[:34], held[34:]
        if line[1] == "0":  # a Belgian account of twelve digits
            account, currency = held[:12], held[13:16]
        elif line[1] == "2":
            account = held[:31]
        currency = currency.strip()
        self._decimals = decimals_of(currency)
        opening = yield from self._balance(at, line[42:58], line[58:64])
        self._head = Opened(
            place=f"line {at}",
            account=account.replace(" ", ""),
            currency=currency,
            number=line[125:128].strip() or line[2:5].strip(),
            opening=opening,
            bank=self._bank,
            owner=line[64:90].strip(),
        )
        yield self._head

    def _balance(self, at: int, amount: str, day: str) -> Generator[Problem, None, Balance | None]:
        """The balance that a record tells; None and a problem where none can be read."""
        minor = self._minor(amount)
        if minor is None:
            yield self._unread(at, f"{quoted(amount)} is no amount with its side")
            return None
        return Balance((yield from self._day(at, day)), minor)

    def _minor(self, text: str) -> int | None:
        """Minor units of a side (0 credit, 1 debit) and 15 digits, three of them decimals."""
        found = _AMOUNT(text)
        if not found:
            return None
        minor, rest = divmod(int(found[2]) * 10**self._decimals, 1000)
        if rest:
            return None
        return -minor if found[1] == "1" else minor

    def _day(self, at: int, text: str) -> Generator[Problem, None, date | None]:
        """The day of "DDMMYY"; None where it is not told."""
        if not text.strip("0 "):
            return None
        on = day_of(text[4:] + text[2:4] + text[:2])
        if on is None:
            yield doubtful(f"line {at}", f"{quoted(text)} is no day; it is left out.")
        return on

    def _move(self, at: int, line: str) -> Iterator[Event]:
        minor = self._minor(line[31:47])
        is_detail = self._movement is not None and self._movement.line[2:6] == line[2:6]
        if not is_detail:
            yield from self._moved()
        if minor is None:
            self._last = None
            yield self._unread(at, f"{quoted(line[31:47])} is no amount with its side")
            return
        self._last = _Movement(at, line, minor)
        if is_detail and self._movement is not None:
            self._movement.details.append(self._last)
        else:
            self._movement = self._last

    def _go_on(self, at: int, kind: str, line: str) -> Iterator[Problem]:
        """A record that tells more of the last movement."""
        movement = self._last
        if movement is None:
            if not self.unreadable:
                yield self._unread(at, "it belongs to no movement (record 21)")
            return
        if kind in _PARTS:
            begins, ends = _PARTS[kind]
            missing = 53 if kind == "23" and len(movement.communication) == 53 else 0
            movement.communication += " " * missing + line[begins:ends]
            if kind == "22":
                movement.two = line
            else:
                movement.three = line
            return
        begins, ends = _MORE[kind]
        told = line[begins:ends]
        if kind == "31":
            movement.kind_of_more = told[:3] if line[39] == "1" else ""
            told = told[3:] if line[39] == "1" else told
            if movement.kind_of_more == "001":  # the other party: name, then address
                movement.name = told.strip()
        if movement.kind_of_more != "001":
            movement.more.append(told)

    def _moved(self) -> Iterator[Event]:
        """The entry of the movement whose records have all come."""
        movement, self._movement, self._last = self._movement, None, None
        if movement is None or self._head is None:
            return
        line = movement.line
        value_on: date | None = yield from self._day(movement.at, line[47:53])
        booked_on: date | None = yield from self._day(movement.at, line[115:121])
        parts = _facts(movement)
        yield Entry(
            place=f"line {movement.at}",
            booked_on=booked_on,
            value_on=value_on,
            minor=movement.minor,
            currency=self._head.currency,
            bank_reference=line[10:31].strip(),
            customer_reference=parts.end_to_end,
            name=parts.name,
            account=parts.account,
            end_to_end=parts.end_to_end,
            mandate=parts.mandate,
            structured_reference=parts.structured_reference,
            remittance=parts.remittance,
            code=line[53:61].strip(),
            is_reversal=line[56:58] in _CORRECTIONS,
            return_reason=parts.return_reason,
            details=tuple(map(_facts, movement.details)),
        )

    def _trailer(self, at: int, line: str) -> Iterator[Event]:
        yield from self._moved()
        debits, credits = self._minor("0" + line[22:37]), self._minor("0" + line[37:52])
        if debits is None or credits is None or not line[16:22].isdecimal():
            yield self._unread(at, "its totals are no amounts")
        else:
            self._claims = (Claimed("debits", None, debits), Claimed("credits", None, credits))
            if int(line[16:22]) != self._records:
                yield Problem(
                    where=f"line {at}",
                    code="DOES_NOT_ADD_UP",
                    message=f"The file claims {int(line[16:22]):,} records; there are "
                    f"{self._records:,}.",
                    remedy="Ask the bank for the file again.",
                )
        yield from self.end()


def _facts(movement: _Movement) -> Detail:
    """Who and what for, of a movement."""
    two, three, said = movement.two, movement.three, movement.communication
    reference = mandate = ""
    if movement.line[61] == "1":
        kind, said = said[:3], said[3:]
        if kind in _REFERENCES:
            reference, said = said.strip(), ""
        elif kind == _DIRECT_DEBIT:  # day, kind, scheme, result, creditor, mandate, text
            mandate, said = said[44:79].strip(), said[79:141]
    remittance = " ".join(" ".join([said, *movement.more]).split())
    end_to_end = two[63:98].strip()
    return Detail(
        minor=movement.minor,
        name=three[47:82].strip() or movement.name,
        account=three[10:44].replace(" ", ""),
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end,
        mandate=mandate,
        bank_reference=movement.line[10:31].strip(),
        structured_reference=reference or reference_in(remittance),
        remittance=remittance or reference,
        return_reason=two[113:117].strip(),
    )
