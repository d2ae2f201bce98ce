"""BAI2: balances and entries of accounts, as banks in the US and many others report them.

Records end with "/" and a line; 88 goes on with the record before it. Amounts are whole minor
units. Every control total and count of the file is held against what stands in it.
See: F-01; docs/sources.md, bank files.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    INFORMATION,
    INTERIM,
    STATEMENT,
    Balance,
    Claimed,
    Closed,
    Entry,
    Event,
    Opened,
)
from duly.interfaces.exchange.readers.bank.bai2_fields import (
    AMOUNT,
    entry_fields,
    extra_fields,
    told_by_tags,
)
from duly.interfaces.exchange.readers.bank.bai2_totals import Totals
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    blocks,
    decoded,
    doubtful,
    lacking,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import day_of
from duly.interfaces.exchange.readers.bank.references import LONGEST, has_mark, reference_in
from duly.kernel.currencies import EXPONENTS

_CODES = frozenset(("01", "02", "03", "16", "49", "98", "99"))
# Several records in one line, which some banks write.
_NEXT = re.compile(r"/[ \t]+(?=(?:01|02|03|49|88|98|99),|16,[0-9]{3},)")
_ENTRY = re.compile(
    r"16,([0-9]{3}),([-+]?[0-9]{0,18}),[Z012]?,([^,/]*),([^,/]*)(?:,(.*))?", re.DOTALL
)
_SIMPLE = re.compile(
    r"^16,([0-9]{3}),([0-9]{1,18}),[Z012]?,([^,/\n]*),([^,/\n]*),([^\n]*)\n(?=16,|49,)",
    re.MULTILINE,
)
_RETURN = re.compile(r"\bR[0-9]{2}\b")
_UNDOING = frozenset(("252", "255", "257", "258", "266", "552", "555", "556", "557", "558"))
_NOT_MONEY = "890"
_IS_CREDIT = {f"{code}": code < 400 for code in range(100, 700) if f"{code}" not in _UNDOING}
_NOTHING = ("", "\x1a")  # blank lines, and the end of file of old systems
_WIDTH = 80
_INTERIM = ("1", "3", "4")  # as-of date modifier: interim, or of the same day
_STATUS = {"2": "a deletion of what was sent before", "4": "a test"}


def read_bai2(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a BAI2 file says, a statement for each account of each group.

    Amounts: minor units of the account's currency, USD where none is told (the format's rule).
    Problems: DOES_NOT_ADD_UP for control totals and counts, INCOMPLETE for a file that ends early,
    BANK_LINE_UNREADABLE with its line.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    reader = _Reader()
    for block in blocks(text):
        yield from reader.read(block)
        if reader.unread >= MOST_PROBLEMS:
            break
    yield from reader.end()


class _Reader:
    """The file as it is read: the group and the account that stand open, and what is to be said."""

    def __init__(self) -> None:
        self.said: list[Event] = []
        self.totals = Totals()
        self.unread = self.row = 0
        self.record, self.more, self.at, self.count = "", list[str](), 0, 0  # the newest one
        self.day: date | None = None
        self.kind = STATEMENT
        self.bank = self.group_currency = self.currency = ""
        self.width = _WIDTH
        self.is_open = self.is_ended = self.has_begun = False
        self.is_crowded = False  # lines with several records: told once
        self.closing: Balance | None = None
        self.claimed: list[Claimed] = []

    def read(self, block: str) -> Iterator[Event]:
        """What some whole lines say. Entries of one simple line are read here, a million of them;
        whatever stands between goes line by line."""
        at, new, day, currency = 0, tuple.__new__, self.day, self.currency
        row, total = self.row, 0
        # A text that is short refers to nothing where no text of the block has a mark.
        most = 0 if has_mark(block) else LONGEST
        for found in _SIMPLE.finditer(block):
            code, amount, bank_reference, reference, remittance = found.groups()
            credit = _IS_CREDIT.get(code)
            start, end = found.span()
            if credit is None or "/ " in remittance:
                continue
            if start != at or self.record:
                self._passed(row, total)
                yield from self._lines(block[at:start])
                yield from self._flush()
                if self.unread >= MOST_PROBLEMS:
                    return
                row, total, at, day, currency = self.row, 0, start, self.day, self.currency
            if not self.is_open:
                continue
            at = end
            row += 1
            minor = int(amount)
            total += minor
            if remittance[-1:] == "/":
                remittance = remittance[:-1]
            remittance = remittance.strip()
            yield new(  # as Entry(...), in half the time
                Entry,
                (
                    f"line {row}",
                    day,
                    None,
                    minor if credit else -minor,
                    currency,
                    bank_reference,
                    reference,
                    "",
                    "",
                    "",
                    "",
                    reference_in(remittance) if len(remittance) >= most else "",
                    remittance,
                    code,
                    False,
                    BOOKED,
                    "",
                    0,
                    (),
                    (),
                ),
            )
        self._passed(row, total)
        yield from self._lines(block[at:])

    def _passed(self, row: int, minor: int) -> None:
        """Simple entries were read, up to this line and with this sum."""
        self.totals.records += row - self.row
        self.totals.minor += minor
        self.row = row

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        yield from self._flush()
        self._close_early("end of file")
        if not self.is_ended:
            self.said.append(lacking("end of file", "its trailer 99"))
        yield from self.said

    def _lines(self, block: str) -> Iterator[Event]:
        """Lines put together to records: 88 goes on, and so does a text broken into lines."""
        if not block:
            return
        for line in block.removesuffix("\n").split("\n"):
            self.row += 1
            parts = _NEXT.split(line) if "/" in line else [line]
            if len(parts) > 1 and not self.is_crowded:
                self.is_crowded = True
                yield doubtful(f"line {self.row}", "Several records stand in one line.")
            for part in parts:
                part = part.strip().removesuffix("/")
                if part[:3] == "88," and self.record:
                    self.more.append(part[3:])
                    self.count += 1
                elif part[2:3] == "," and part[:2] in _CODES:
                    yield from self._flush()
                    self.at, self.record, self.more, self.count = self.row, part, [], 1
                elif self.record[:2] == "16" and part not in _NOTHING:
                    self.more.append(part)
                elif part not in _NOTHING:
                    yield from self._flush()
                    self._unread(f"line {self.row}", "it is no record of BAI2")
            if self.unread >= MOST_PROBLEMS:
                return

    def _flush(self) -> Iterator[Event]:
        """What the record says that is complete now."""
        if self.record:
            self.totals.records += self.count
            self._record(self.at, self.record, self.more, self.count)
            self.record = ""
        if self.said:
            yield from self.said
            self.said.clear()

    def _record(self, row: int, line: str, more: list[str], count: int) -> None:
        code = line[:2]
        if code == "16" and self.is_open:
            self._entry(row, line, more)
            return
        place = f"line {row}"
        fields = [field.strip() for field in ",".join([line, *more]).split(",")]
        if self.is_ended or (not self.has_begun and code != "01"):
            self._unread(place, "it stands outside of the file's records 01 and 99")
        elif code == "01":
            self.has_begun = True
            if len(fields) > 6 and fields[6].isdecimal() and len(fields[6]) < 4:
                self.width = int(fields[6])
        elif code == "02":
            self._group(place, fields)
        elif code == "03":
            self._account(place, fields, count)
        elif code == "49" and self.is_open:
            self._close(place)
            self.said += self.totals.account(place, fields)
        elif code == "98":
            self._close_early(place)
            self.said += self.totals.group(place, fields)
        elif code == "99":
            self._close_early(place)
            self.said += self.totals.file(place, fields)
            self.is_ended = True
        else:
            self._unread(place, "no account is open for this record, or it is none of BAI2")

    def _unread(self, place: str, why: str) -> None:
        self.unread += 1
        self.said.append(unreadable(place, why))

    def _group(self, place: str, fields: list[str]) -> None:
        self._close_early(place)
        self.totals.open_group()
        fields += [""] * (8 - len(fields))
        self.day = day_of(fields[4])
        self.bank, self.group_currency = fields[2], fields[6]
        self.kind = INTERIM if fields[7] in _INTERIM else STATEMENT
        if self.day is None:
            self.said.append(doubtful(place, "The group does not tell its day (YYMMDD)."))
        if fields[3] in _STATUS:
            self.said.append(
                doubtful(
                    place,
                    f"The group is {_STATUS[fields[3]]}: its entries are no money.",
                    "Do not import it; ask the bank what it is for.",
                )
            )

    def _account(self, place: str, fields: list[str], count: int) -> None:
        self._close_early(place)
        fields += [""] * (3 - len(fields))
        self.currency = fields[2] or self.group_currency or "USD"
        self.is_open = True
        self.totals.open_account(count)
        self.closing, self.claimed = None, []
        if self.currency not in EXPONENTS:
            self._unread(place, f"{self.currency!a} is no currency")
        opening = None
        for code, minor, items in self._summaries(place, fields[3:]):
            if code == "010":
                opening = Balance(self.day, minor)
            elif code == "015":
                self.closing = Balance(self.day, minor)
            elif code in ("100", "400"):
                what = "credits" if code == "100" else "debits"
                self.claimed.append(Claimed(what, int(items) if items else None, minor))
        self.said.append(Opened(place, fields[1], self.currency, "", self.kind, opening, self.bank))

    def _summaries(self, place: str, fields: list[str]) -> Iterator[tuple[str, int, str]]:
        """Type code, minor units and item count of each summary."""
        at = 0
        while at < len(fields):
            code, amount, count, funds = (*fields[at : at + 4], "", "", "", "")[:4]
            if not code:
                at += 1
                continue
            if not code.isdecimal() or len(code) != 3 or not AMOUNT.fullmatch(amount or "0"):
                self._unread(place, f"type code {code!a} with amount {amount!a} can't be")
                return
            at += 4 + extra_fields(funds, fields[at + 4 : at + 5])
            if amount:
                self.totals.minor += int(amount)
                is_count = count.isascii() and count.isdecimal() and len(count) < 10
                yield code, int(amount), count if is_count else ""

    def _entry(self, row: int, line: str, more: list[str]) -> None:
        found = _ENTRY.fullmatch(line)
        value_on = None
        if found and (not more or found[5] is not None):
            code, amount, bank_reference, reference, remittance = found.groups()
        else:
            fields, value_on = entry_fields(line, more)
            if fields is None:
                self._unread(
                    f"line {row}", "an entry needs a type code, an amount and whole fields"
                )
                return
            code, amount, bank_reference, reference, remittance, line, more = fields
        credit = "100" <= code < "400" or "920" <= code < "960"
        if not credit and not ("400" <= code < "700" or code >= "960" or code == _NOT_MONEY):
            self._unread(
                f"line {row}", f"type code {code} does not tell whether money came or went"
            )
            return
        minor = int(amount) if amount else 0
        self.totals.minor += minor
        if not amount and code != _NOT_MONEY:
            self.said.append(doubtful(f"line {row}", "The entry has no amount; it counts as zero."))
        told = told_by_tags(more, credit) if more else ("", "", "")
        text = self._joined(line, remittance or "", more) if more else (remittance or "").strip()
        undone = code in _UNDOING
        reason = _RETURN.search(text) if undone else None
        self.said.append(
            Entry(
                f"line {row}",
                self.day,
                value_on,
                minor if credit else -minor,
                self.currency,
                bank_reference.strip(),
                reference.strip(),
                told[0],
                told[1],
                told[2],
                "",
                reference_in(text),
                text,
                code,
                undone,
                INFORMATION if code == _NOT_MONEY else BOOKED,
                reason[0] if reason else "",
            )
        )

    def _joined(self, line: str, text: str, more: list[str]) -> str:
        """The text over its lines: one that was cut at the record's width goes on without blank."""
        parts, is_full = [text], len(line) == self.width
        for part in more:
            parts.append(part if is_full else f" {part.strip()}")
            is_full = len(part) + 3 == self.width
        return "".join(parts).strip()

    def _close(self, place: str) -> None:
        self.said.append(Closed(place, self.closing, tuple(self.claimed)))
        self.is_open = False

    def _close_early(self, place: str) -> None:
        if self.is_open:
            self._close(place)
            self.said.append(lacking(place, "the trailer 49 of its account"))
