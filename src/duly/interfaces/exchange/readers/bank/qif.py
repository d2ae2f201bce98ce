"""QIF: entries as Quicken and many banks write them, without currency and without balances.

A record is lines of one letter and a value, and ends with "^". Whether 3/4 is March or April the
file must show by one of its other days; else its days are left open.
See: Quicken Interchange Format (Intuit); docs/sources.md, bank files.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    INFORMATION,
    NOTICE,
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
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.interfaces.exchange.readers.bank.references import reference_in
from duly.kernel.errors import Problem

_DAY = re.compile(r"D\s*([0-9]{1,4})\s*[-/.' ]\s*([0-9]{1,2})\s*([-/.' ])\s*([0-9]{1,4})\s*")
_CASH = ("bank", "ccard", "cash", "oth a", "oth l")
_LISTS = ("cat", "class", "tag", "template", "security", "prices", "budget")
_DECIMALS = decimals_of("")
_LONGEST_DAY = 40  # characters
_LONGEST_RECORD = 10_000  # lines


def read_qif(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a QIF file says: a statement of kind NOTICE for each of its lists of entries.

    Amounts: hundredths, for QIF names no currency. Problems: DATE_ORDER_UNCLEAR once, when no day
    of the file tells its order; BANK_LINE_UNREADABLE for a record without an amount.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    reader = _Reader(_order_of(text))
    text.seek(0)
    for row, line in enumerate(text, 1):
        yield from reader.read(row, line.rstrip("\n"))
        if reader.unread >= MOST_PROBLEMS:
            break
    yield from reader.end()


def _order_of(lines: Iterable[str]) -> str:
    """ "dmy" or "mdy", told by a day beyond 12; "" where none tells or two disagree."""
    orders = set()
    for line in lines:
        found = _DAY.match(line) if line[:1] == "D" and len(line) < _LONGEST_DAY else None
        if found and len(found[1]) < 3:
            if int(found[1]) > 12:
                orders.add("dmy")
            elif int(found[2]) > 12:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


class _Reader:
    """The file as it is read: the list and the record that stand open."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.section = self.account = ""
        self.is_open = self.is_order_told = self.has_entries_list = False
        self.unread = self.at = self.row = 0
        self.record: list[str] = []

    def read(self, row: int, line: str) -> Iterator[Event]:
        """What one line adds: an entry where it ends a record."""
        self.row = row
        first = line[:1]
        if first == "!":
            yield from self._ends_record()
            yield from self._section(row, line[1:].strip().lower())
        elif first == "^":
            yield from self._ends_record()
        elif self.section:
            if line.strip() and line != "\x1a":
                self.at = self.at or row
                self.record.append(line)
                if len(self.record) > _LONGEST_RECORD:
                    self.unread += 1
                    yield unreadable(f"line {self.at}", 'the record does not end with "^"')
                    self.record, self.at = [], 0
        elif line.strip() and first != "#":
            self.unread += 1
            yield unreadable(f"line {row}", "it stands before the first list (!Type:Bank)")

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        if self.record and self.section in _CASH:
            yield doubtful(f"line {self.at}", 'The last record does not end with "^".')
        yield from self._ends_record()
        yield from self._close()
        if not self.has_entries_list:
            yield Problem(
                where=f"line {self.row}",
                code="INCOMPLETE",
                message="The file holds no list of a bank account's entries.",
                remedy="Export the entries of the bank account.",
            )

    def _section(self, row: int, told: str) -> Iterator[Event]:
        if told.startswith(("option:", "clear:")):
            return
        yield from self._close()
        self.section = told.removeprefix("type:").strip()
        if self.section in _CASH:
            self.is_open = self.has_entries_list = True
            yield Opened(f"line {row}", self.account, "", "", NOTICE)
        elif self.section != "account" and self.section not in _LISTS:
            yield doubtful(
                f"line {row}",
                f"The list {told!a} is not read: it is none of a bank account's entries.",
                "Export the entries of the bank account.",
            )

    def _close(self) -> Iterator[Event]:
        if self.is_open:
            yield Closed(f"line {self.row}")
        self.is_open = False

    def _ends_record(self) -> Iterator[Event]:
        record, at = self.record, self.at
        self.record, self.at = [], 0
        if not record:
            return
        if self.section == "account":
            names = [line[1:].strip() for line in record if line[0] == "N"]
            self.account = names[0] if names else self.account
        elif self.section in _CASH:
            yield from self._entry(f"line {at}", record)

    def _entry(self, place: str, record: list[str]) -> Iterator[Event]:
        told = {line[0]: line[1:].strip() for line in reversed(record)}  # the first of each counts
        amount = told.get("T") or told.get("U", "")
        minor = minor_of(amount, _DECIMALS)
        details = tuple(_details(record))
        if minor is None or None in [detail.minor for detail in details]:
            self.unread += 1
            yield unreadable(place, f"{amount!a}, or a part of it, is no exact amount")
            return
        day = self._day(told.get("D", ""))
        if day is None:
            yield from self._no_day(place, told.get("D", ""))
        is_opening = told.get("P", "").lower() == "opening balance"
        yield Entry(
            place,
            day,
            None,
            minor,
            "",
            customer_reference=told.get("N", ""),
            name=told.get("P", ""),
            structured_reference=reference_in(told.get("M", "")),
            remittance=told.get("M", ""),
            status=INFORMATION if is_opening else BOOKED,
            details=details,
        )

    def _day(self, text: str) -> date | None:
        found = _DAY.fullmatch(f"D{text}") if len(text) < _LONGEST_DAY else None
        if not found:
            return None
        first, second, mark, third = found.groups()
        order = "ymd" if len(first) > 2 else self.order
        if not order and first.lstrip("0") == second.lstrip("0"):
            order = "dmy"
        if not order:
            return None
        year, month, day = {
            "ymd": (first, second, third),
            "dmy": (third, second, first),
            "mdy": (third, first, second),
        }[order]
        try:
            return date(_year(year, mark), int(month), int(day))
        except ValueError:
            return None

    def _no_day(self, place: str, text: str) -> Iterator[Problem]:
        if not self.order and len(text) < _LONGEST_DAY and _DAY.fullmatch(f"D{text}"):
            if not self.is_order_told:
                self.is_order_told = True
                yield Problem(
                    where=place,
                    code="DATE_ORDER_UNCLEAR",
                    message=f"{text!a} can be two days, and no other day of the file tells which.",
                    remedy="Export a longer time, or take OFX or camt.053 from the bank.",
                )
        else:
            yield doubtful(place, f"{text!a} is no day; the entry has none.")


def _year(text: str, mark: str) -> int:
    """Four digits as they are; of two, an apostrophe or less than 70 says this century."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if mark == "'" or year < 70 else 1900)


def _details(record: list[str]) -> Iterator[Detail]:
    """The parts that an entry is split into: S category, E memo, $ amount."""
    memo = ""
    for line in record:
        if line[0] == "S":
            memo = ""
        elif line[0] == "E":
            memo = line[1:].strip()
        elif line[0] == "$":
            yield Detail(minor_of(line[1:].strip(), _DECIMALS), remittance=memo)
            memo = ""
