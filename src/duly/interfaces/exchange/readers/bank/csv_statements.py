"""Bank CSV read by a layout: entries, and the running balance held where a column has it.

See: csv_layouts.py; docs/sources.md, bank files.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    NOTICE,
    PENDING,
    Closed,
    Entry,
    Event,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.csv_layouts import (
    Found,
    Layout,
    choose_layout,
    find_layout,
)
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    decoded,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import minor_of
from duly.interfaces.exchange.readers.bank.references import reference_in
from duly.interfaces.exchange.readers.bank.running_balance import RunningBalance
from duly.interfaces.exchange.readers.bank.written_days import WrittenDays
from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem

HEAD_BYTES = 1 << 16
_LONGEST_TEXT = 1 << 16  # characters, over all its rows
_NO_FIGURE = re.compile(r"[\s\u00a0\u202f£$€]")
_WRITTEN = {
    ",": re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:[.'\u2019][0-9]{3})+)(?:,[0-9]*)?"),
    ".": re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:[,'\u2019][0-9]{3})+)(?:\.[0-9]*)?"),
}


def read_csv(
    file: BinaryIO, name: str, layouts: Sequence[Layout] | None = None, layout_name: str = ""
) -> Iterator[Event]:
    """What a bank's CSV says: a statement of kind NOTICE for each run of rows of an account.

    `layouts`: the user's own in place of those that come with Duly; `layout_name`: the one to read
    a file without header by. Amounts: minor units of the currency that a column or the layout
    tells, hundredths where none does. Problems:
    BANK_LAYOUT_UNKNOWN where no layout fits or several do, DATE_ORDER_UNCLEAR, DOES_NOT_ADD_UP for
    a running balance, BANK_LINE_UNREADABLE for a row without an exact amount.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    file.seek(0)
    found = choose_layout(layout_name, layouts) or find_layout(file.read(HEAD_BYTES), layouts)
    file.seek(0)
    if found is None or len(found.layouts) > 1:
        yield _unknown(found)
        return
    layout = found.layouts[0]
    if layout.encoding:
        text.reconfigure(encoding=layout.encoding)
    reader = _Reader(layout, found)
    if not layout.dates:
        reader.days.learn(day for _, row in _rows(text, found) if (day := reader.day_cell(row)))
        text.seek(0)
    for line, row in _rows(text, found):
        if row is None:
            reader.unread += 1
            yield unreadable(f"line {line}", "a quotation mark is missing, or a cell is endless")
        else:
            yield from reader.read(line, row)
        if reader.unread >= MOST_PROBLEMS:
            break
    yield from reader.end()


def _rows(text: Iterator[str], found: Found) -> Iterator[tuple[int, list[str] | None]]:
    """Line and cells of the rows behind the header; None for one that breaks the table."""
    rows = csv.reader(text, delimiter=found.delimiter, strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield rows.line_num, None
            return
        if rows.line_num > found.row and any(map(str.strip, row)):
            yield rows.line_num, row


def _unknown(found: Found | None) -> Problem:
    told = "No layout fits its header."
    if found:
        told = f"Several layouts fit: {', '.join(one.name for one in found.layouts)}."
    return Problem(
        where=f"line {found.row if found else 1}",
        code="BANK_LAYOUT_UNKNOWN",
        message=told,
        remedy="Name one with --layout."
        if found
        else "Describe the bank's CSV in a layout, and name it: --layout FILE.toml.",
    )


class _Reader:
    """The rows as they are read, with the statement that stands open."""

    def __init__(self, layout: Layout, found: Found) -> None:
        names = [plain_header(cell) for cell in found.header]
        self.layout = layout
        self.days = WrittenDays(layout.dates)
        self.at = {
            role: [names.index(name) for name in headers]
            for role, headers in layout.columns.items()
        }
        self.left_out = [(names.index(name), words) for name, words in layout.not_entries.items()]
        self.account: str | None = None
        self.balance = RunningBalance()
        self.held: Entry | None = None
        self.unread = self.line = 0

    def day_cell(self, row: list[str] | None) -> str:
        """What stands where the day is to be."""
        return self._cell(row, "booked_on") if row else ""

    def read(self, line: int, row: list[str]) -> Iterator[Event]:
        """What a row says; an entry is told when the next row does not go on with its text."""
        self.line = line
        if any(at < len(row) and row[at].strip() in words for at, words in self.left_out):
            return
        if self.layout.is_continued and self.held and not self._has_entry(row):
            more = self._cell(row, "remittance")
            if len(self.held.remittance) > _LONGEST_TEXT:
                self.unread += 1
                yield unreadable(f"line {line}", "the text before it goes on and on")
                return
            self.held = self.held._replace(remittance=f"{self.held.remittance} {more}".strip())
            return
        yield from self._flush()
        yield from self._entry(f"line {line}", row)

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        yield from self._flush()
        if self.account is not None:
            yield Closed(f"line {self.line}")

    def _flush(self) -> Iterator[Event]:
        if self.held:
            yield self.held
        self.held = None

    def _has_entry(self, row: list[str]) -> bool:
        return any(self._cell(row, role) for role in ("booked_on", "amount", "credit", "debit"))

    def _cell(self, row: list[str], role: str) -> str:
        cells = [row[at].strip() for at in self.at.get(role, ()) if at < len(row)]
        return " ".join(filter(None, cells))

    def _entry(self, place: str, row: list[str]) -> Iterator[Event]:
        cell = self._cell
        currency = cell(row, "currency").upper() or self.layout.currency
        decimals = decimals_of(currency)
        minor = self._minor(row, decimals)
        if minor is None or (currency and currency not in EXPONENTS):
            self.unread += 1
            yield unreadable(place, self._why_unread(row, currency))
            return
        account = cell(row, "own_account") or self.account or ""
        if account != self.account:
            if self.account is not None:
                yield Closed(place)
            self.account, self.balance = account, RunningBalance()
            yield Opened(place, account, currency, "", NOTICE)
        text = self.day_cell(row)
        is_pending = text in self.layout.pending
        day, problem = (None, None) if is_pending else self.days.day(place, text)
        if problem:
            yield problem
        yield from self._running(place, row, minor, decimals)
        self.held = Entry(
            place,
            day,
            self._value_on(row),
            minor,
            currency,
            cell(row, "bank_reference"),
            cell(row, "customer_reference"),
            cell(row, "name"),
            cell(row, "account"),
            cell(row, "end_to_end"),
            cell(row, "mandate"),
            self._reference(row),
            cell(row, "remittance"),
            cell(row, "code"),
            False,
            PENDING if is_pending else BOOKED,
        )

    def _why_unread(self, row: list[str], currency: str) -> str:
        if currency and currency not in EXPONENTS:
            return f"{currency!a} is no currency"
        roles = ("amount", "side", "credit", "debit")
        told = ", ".join(f"{role} {self._cell(row, role)!a}" for role in roles if role in self.at)
        return f"{told} is no exact amount of {currency or 'money'}"

    def _reference(self, row: list[str]) -> str:
        marked = self._cell(row, "structured_reference")
        return reference_in(marked) or marked or reference_in(self._cell(row, "remittance"))

    def _value_on(self, row: list[str]) -> date | None:
        text = self._cell(row, "value_on")
        return self.days.day("", text)[0] if text else None

    def _running(self, place: str, row: list[str], minor: int, decimals: int) -> Iterator[Problem]:
        text = self._cell(row, "balance")
        balance = self._figure(text, decimals) if text else None
        if text and balance is None:
            yield doubtful(place, f"The balance {text!a} is no exact amount.")
        yield from self.balance.take(place, minor, balance, decimals)

    def _minor(self, row: list[str], decimals: int) -> int | None:
        """Signed minor units: of the amount, by its side, or of credit and debit."""
        if "amount" not in self.at:
            return self._by_columns(row, decimals)
        minor = self._figure(self._cell(row, "amount"), decimals)
        if minor is None or "side" not in self.at:
            return minor
        side = self._cell(row, "side")
        if side in self.layout.ins:
            return abs(minor)
        return -abs(minor) if side in self.layout.outs else None

    def _by_columns(self, row: list[str], decimals: int) -> int | None:
        credit, debit = self._cell(row, "credit"), self._cell(row, "debit")
        came = self._figure(credit, decimals) if credit else 0
        went = self._figure(debit, decimals) if debit else 0
        if came is None or went is None or (came and went) or not (credit or debit):
            return None
        return abs(came) - abs(went)

    def _figure(self, text: str, decimals: int) -> int | None:
        text = _NO_FIGURE.sub("", text)
        if text[-1:] in "+-" and text[:1] not in ("+", "-"):
            text = text[-1:] + text[:-1]  # SAP and others write the sign behind
        mark = self.layout.decimal
        if not mark:
            return minor_of(text, decimals)
        if not _WRITTEN[mark].fullmatch(text):
            return None
        whole, _, part = text.partition(mark)
        return minor_of(re.sub(r"[^-+0-9]", "", whole) + (f".{part}" if part else ""), decimals)
