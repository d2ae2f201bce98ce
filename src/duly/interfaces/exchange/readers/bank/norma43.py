"""Norma 43: statements of Spanish banks, records of 80 characters.

Rule: 11 opens an account, 22 is an entry, 23 its text, 24 its amount in another currency, 33 closes
with totals, 88 counts the records of the file. Amounts have two decimals; 1 is the debit, 2 the
credit. See: AEB, Cuaderno 43, series of June 2012.
"""

import re
from collections.abc import Generator, Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from duly.cash_application.rules.statements import (
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
    decoded,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import day_of
from duly.interfaces.exchange.readers.bank.references import reference_in
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

WIDTH = 80
# ISO 4217 numbers of the currencies that Spanish banks keep accounts in.
_CURRENCIES = {
    "978": "EUR", "840": "USD", "826": "GBP", "756": "CHF", "392": "JPY", "752": "SEK",
    "578": "NOK", "208": "DKK", "985": "PLN", "203": "CZK", "348": "HUF", "124": "CAD",
    "036": "AUD", "554": "NZD", "484": "MXN", "504": "MAD", "986": "BRL", "156": "CNY",
    "344": "HKD", "702": "SGD", "710": "ZAR", "949": "TRY", "946": "RON", "788": "TND",
    "152": "CLP", "170": "COP", "604": "PEN", "784": "AED", "682": "SAR", "356": "INR",
}  # fmt: skip
_AMOUNT = re.compile(r"[0-9]{14}").fullmatch
_COUNT = re.compile(r"[0-9]+").fullmatch
_SIDES = {"1": -1, "2": 1}
_CORRECTION = "98"  # common concept: annulments and corrections


class _Line(NamedTuple):
    """A record 22 that waits for its texts."""

    at: int
    text: str
    minor: int


def read_norma43(file: BinaryIO, name: str) -> Iterator[Event]:
    """Read Norma 43, an entry at a time; one file may have many accounts.

    Args: `file`: bytes, seekable; `name` is not looked at.
    Returns: `Opened`, `Entry`..., `Closed` of each account; places are "line 17". The account is
    bank, branch and number as they stand, 18 digits.
    Problems: BANK_LINE_UNREADABLE for records that are none, and amounts or sides that can't be
    read; BANK_LINE_DOUBTFUL for days and currencies; DOES_NOT_ADD_UP where counts are not right.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    reader = _Reader()
    for at, line in enumerate(text, 1):
        if line.strip(" \r\n\x1a"):
            yield from reader.take(at, line.rstrip("\r\n").ljust(WIDTH))
        if reader.unreadable >= MOST_PROBLEMS:
            break
    yield from reader.end()


class _Reader:
    """What has been read of the account that is open."""

    def __init__(self) -> None:
        self.unreadable = 0
        self._records = 0
        self._start()

    def _start(self) -> None:
        self._head: Opened | None = None
        self._closing: Balance | None = None
        self._claims: tuple[Claimed, ...] = ()
        self._line: _Line | None = None
        self._texts: list[str] = []
        self._debits = self._credits = 0
        self._decimals = 2
        self._ends_on: date | None = None

    def take(self, at: int, line: str) -> Iterator[Event]:
        """What a record tells, and what it brings to an end."""
        kind = line[:2]
        if len(line.rstrip()) > WIDTH:
            yield self._unread(at, f"it has {len(line)} characters instead of {WIDTH}")
            return
        if kind == "88":
            yield from self.end()
            yield from self._counted(at, "records", line[20:26], self._records)
            return
        self._records += kind != "00"
        if kind == "11":
            yield from self.end()
            yield from self._open(at, line)
        elif kind == "00":
            return
        elif self._head is None:
            yield self._unread(at, "it stands before the head of an account (record 11)")
        elif kind == "22":
            yield from self._entered()
            yield from self._enter(at, line)
        elif kind == "23":
            if self._line is None and not self.unreadable:
                yield self._unread(at, "it belongs to no entry (record 22)")
            else:
                self._texts += (line[4:42], line[42:80])
        elif kind == "33":
            yield from self._entered()
            yield from self._close(at, line)
        elif kind != "24":
            yield self._unread(at, f"{quoted(kind)} is no record of Norma 43")

    def end(self) -> Iterator[Event]:
        """The end of the account, where one was begun."""
        yield from self._entered()
        if self._head is not None:
            yield Closed(self._head.place, self._closing, self._claims)
        self._start()

    def _unread(self, at: int, why: str) -> Problem:
        self.unreadable += 1
        return unreadable(f"line {at}", why)

    def _open(self, at: int, line: str) -> Iterator[Event]:
        currency = _CURRENCIES.get(line[47:50], "")
        if not currency:
            yield doubtful(f"line {at}", f"The currency {quoted(line[47:50])} is not known.")
        self._decimals = decimals_of(currency)
        minor = self._minor(line[33:47])
        if minor is None:
            yield self._unread(at, f"{quoted(line[33:47])} is no amount")
        side = yield from self._side(at, line[32])
        self._ends_on = day_of(line[26:32])
        on = day_of(line[20:26])
        if on is None:
            yield doubtful(f"line {at}", f"{quoted(line[20:26])} is no day; it is left out.")
        self._head = Opened(
            place=f"line {at}",
            account=line[2:20].strip(),
            currency=currency,
            opening=None if minor is None else Balance(on, minor * side),
            bank=line[2:6].strip(),
            owner=line[51:77].strip(),
        )
        yield self._head

    def _minor(self, text: str) -> int | None:
        """Minor units of 14 digits, two of them decimals; None where the currency has fewer."""
        if not _AMOUNT(text):
            return None
        minor, rest = divmod(int(text) * 10**self._decimals, 100)
        return None if rest else minor

    def _side(self, at: int, text: str) -> Generator[Problem, None, int]:
        """The sign of a balance: credit where the side is not told."""
        if text not in _SIDES:
            told = f"The side {quoted(text)} of a balance is neither 1 nor 2; credit is taken."
            yield doubtful(f"line {at}", told)
        return _SIDES.get(text, 1)

    def _enter(self, at: int, line: str) -> Iterator[Problem]:
        minor, side = self._minor(line[28:42]), _SIDES.get(line[27])
        self._line, self._texts = None, []
        if minor is None or side is None:
            yield self._unread(at, f"{quoted(line[27:42])} is no side and amount")
            return
        self._debits += side < 0
        self._credits += side > 0
        self._line = _Line(at, line, minor * side)

    def _entered(self) -> Iterator[Event]:
        """The entry whose texts have all come."""
        held, self._line = self._line, None
        if held is None or self._head is None:
            return
        line = held.text
        days = []
        for text in (line[10:16], line[16:22]):
            days.append(day_of(text))
            if days[-1] is None:
                told = f"{quoted(text)} is no day; it is left out."
                yield doubtful(f"line {held.at}", told)
        remittance = " ".join(" ".join(self._texts).split())
        references = [part.strip() for part in (line[52:64], line[64:80]) if part.strip(" 0")]
        yield Entry(
            place=f"line {held.at}",
            booked_on=days[0],
            value_on=days[1],
            minor=held.minor,
            currency=self._head.currency,
            bank_reference=line[42:52].strip() if line[42:52].strip(" 0") else "",
            customer_reference=" ".join(references),
            structured_reference=reference_in(remittance),
            remittance=remittance,
            code=f"{line[22:24]}-{line[24:27]}",
            is_reversal=line[22:24] == _CORRECTION,
        )

    def _close(self, at: int, line: str) -> Iterator[Event]:
        """Totals and the closing balance; counts are proved here, sums by whoever proves all."""
        debits, credits = self._minor(line[25:39]), self._minor(line[44:58])
        minor = self._minor(line[59:73])
        if debits is None or credits is None or minor is None:
            yield self._unread(at, "its totals are no amounts")
            return
        side = yield from self._side(at, line[58])
        self._closing = Balance(self._ends_on, minor * side)
        self._claims = (Claimed("debits", None, debits), Claimed("credits", None, credits))
        yield from self._counted(at, "debits", line[20:25], self._debits)
        yield from self._counted(at, "credits", line[39:44], self._credits)

    def _counted(self, at: int, what: str, claimed: str, there: int) -> Iterator[Problem]:
        if not _COUNT(claimed):
            yield self._unread(at, f"{quoted(claimed)} is no number of {what}")
        elif int(claimed) != there:
            yield Problem(
                where=f"line {at}",
                code="DOES_NOT_ADD_UP",
                message=f"The file claims {int(claimed):,} {what}; there are {there:,}.",
                remedy="Ask the bank for the file again.",
            )
