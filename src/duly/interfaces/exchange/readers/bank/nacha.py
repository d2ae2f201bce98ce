"""NACHA: ACH entries with their addenda, as a bank hands them on; CTX and CCD+ carry remittances.

Records have 94 characters; a batch is of one company, which pays (credit) or collects (debit).
An EDI 820 in the addenda is put together, kept as text, and read for the documents that it names.
See: F-05; Nacha Operating Rules, appendix on file formats.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import BinaryIO, NamedTuple

from duly.cash_application.rules.statements import (
    BOOKED,
    INFORMATION,
    NOTICE,
    Closed,
    Entry,
    Event,
    Opened,
)
from duly.interfaces.exchange.readers.bank.addenda import documents_in_addenda
from duly.interfaces.exchange.readers.bank.decoding import (
    MOST_PROBLEMS,
    decoded,
    doubtful,
    lacking,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import day_of
from duly.interfaces.exchange.readers.bank.nacha_totals import Totals
from duly.interfaces.exchange.readers.bank.references import reference_in

_LENGTH = 94
_FILLER = "9" * _LENGTH
_WITH_COUNT = ("CTX", "TRX", "ATX", "ENR", "ACK")  # the name stands behind the count of addenda
_ACCOUNTING = "ADV"
_ZERO = "3489"  # second digit of a transaction code: prenote, or remittance without money
_MOST_ADDENDA = 9_999
_RETURNED = "16"  # a return, or a notice of change


class _Batch(NamedTuple):
    """What record 5 says of all entries of a batch."""

    company: str
    company_id: str
    kind: str  # the SEC code: CCD, CTX, PPD ...
    number: str
    effective_on: date | None
    settled_on: date | None


class _Held(NamedTuple):
    """An entry that waits for its addenda."""

    place: str
    line: str
    addenda: list[str]


def read_nacha(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a NACHA file says: a statement of kind NOTICE for each account of each batch.

    Amounts: US cents; credits came in, debits went out. The account is the one that an entry names,
    of a return the id of the company that sent it, for that is who gets it back. Problems:
    DOES_NOT_ADD_UP for counts, hashes and totals of records 8 and 9; BANK_LINE_UNREADABLE.
    """
    text, problem = decoded(file)
    if problem:
        yield problem
        return
    reader = _Reader()
    for row, line in _records(text):
        yield from reader.read(f"line {row}", line)
        if reader.unread >= MOST_PROBLEMS:
            break
    yield from reader.end()


def _records(text: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Records, from lines or from one long line of them; blanks at the end may be lost."""
    row = 0
    for line in text:
        line = line.rstrip("\n")
        many = len(line) > _LENGTH and len(line) % _LENGTH == 0
        for at in range(0, len(line), _LENGTH) if many else (0,):
            row += 1
            record = line[at : at + _LENGTH] if many else line.rstrip()
            if record.strip() and record != "\x1a":
                yield row, record.ljust(_LENGTH)


class _Reader:
    """The file as it is read, with the batch and the statement that stand open."""

    def __init__(self) -> None:
        self.totals = Totals()
        self.unread = 0
        self.file_number = ""
        self.batch: _Batch | None = None
        self.account: str | None = None  # of the open statement
        self.held: _Held | None = None
        self.is_ended = self.is_accounting = False

    def read(self, place: str, line: str) -> Iterator[Event]:
        """What a record says; an entry is told when its addenda are over."""
        code = line[0]
        if len(line) > _LENGTH or code not in "156789":
            yield from self._unread(place, "it is no record of 94 characters")
        elif line == _FILLER:
            return
        elif code == "7":
            yield from self._addenda(place, line)
        elif code == "6":
            yield from self._flush()
            yield from self._entry(place, line)
        else:
            yield from self._flush()
            yield from self._close(place)
            yield from self._frame(place, code, line)

    def end(self) -> Iterator[Event]:
        """What is left to say when the file ends."""
        yield from self._flush()
        yield from self._close("end of file")
        if self.batch:
            yield lacking("end of file", "the record 8 of its batch")
        if not self.is_ended:
            yield lacking("end of file", "its record 9")

    def _unread(self, place: str, why: str) -> Iterator[Event]:
        self.unread += 1
        yield unreadable(place, why)

    def _frame(self, place: str, code: str, line: str) -> Iterator[Event]:
        """Records 1, 5, 8 and 9."""
        if code == "1":
            self.file_number = f"{line[23:29]}{line[33]}".strip()
        elif code == "5":
            if self.batch:
                yield lacking(place, "the record 8 of its batch")
            self.batch = _batch(line)
            self.totals.open()
            self.is_accounting = self.batch.kind == _ACCOUNTING
            if self.is_accounting:
                yield doubtful(place, "ADV entries are between banks; they are not read.")
        elif code == "8":
            if self.batch is None:
                yield from self._unread(place, "no batch is open")
            elif not self.is_accounting:
                yield from self.totals.batch(place, line)
            self.batch = None
        else:
            self.is_ended = True
            if not self.is_accounting:
                yield from self.totals.file(place, line)

    def _entry(self, place: str, line: str) -> Iterator[Event]:
        if self.is_accounting:
            return
        amount, number = line[29:39], line[3:11]
        if self.batch is None:
            yield from self._unread(place, "no batch is open")
            return
        if not (_is_digits(amount) and _is_digits(number) and _is_digits(line[1:3])):
            yield from self._unread(place, "transaction code, bank and amount are to be digits")
            return
        self.totals.entry(number, int(amount), is_credit=line[2] < "5")
        if line[11] != check_digit(number):
            yield doubtful(place, f"The bank number {number}{line[11]} has a wrong check digit.")
        self.held = _Held(place, line, [])

    def _addenda(self, place: str, line: str) -> Iterator[Event]:
        self.totals.addenda()
        if self.held and len(self.held.addenda) < _MOST_ADDENDA:
            self.held.addenda.append(line)
        elif not self.is_accounting:
            yield from self._unread(place, "it belongs to no entry, or to one with too many")

    def _flush(self) -> Iterator[Event]:
        held, self.held = self.held, None
        if held is None or self.batch is None:
            return
        batch, line = self.batch, held.line
        is_returned = line[2] in _RETURNED
        own = batch.company_id if is_returned else _account(batch, line)
        if own != self.account:
            yield from self._close(held.place)
            self.account = own
            number = "/".join(filter(None, (self.file_number, batch.number)))
            yield Opened(held.place, own, "USD", number, NOTICE, None, line[3:12])
        yield _told(held, batch, is_returned)

    def _close(self, place: str) -> Iterator[Event]:
        if self.account is not None:
            yield Closed(place)
        self.account = None


def _batch(line: str) -> _Batch:
    effective_on = day_of(line[69:75])
    kind = line[50:53]
    return _Batch(
        company="" if kind == "IAT" else line[4:20].strip(),
        company_id=line[40:50].strip(),
        kind=kind,
        number=line[87:94].strip().lstrip("0"),
        effective_on=effective_on,
        settled_on=_settled_on(line[75:78], effective_on),
    )


def _settled_on(text: str, effective_on: date | None) -> date | None:
    """The day of the year that the operator wrote, in the year that brings it nearest."""
    if effective_on is None or not _is_digits(text) or not 1 <= int(text) <= 366:
        return effective_on
    days = [
        date(year, 1, 1) + timedelta(days=int(text) - 1)
        for year in range(effective_on.year - 1, effective_on.year + 2)
        if 1 < year < 9999
    ]
    return min(days, key=lambda day: abs(day - effective_on))


def _account(batch: _Batch, line: str) -> str:
    return (line[39:74] if batch.kind == "IAT" else line[12:29]).strip()


def _told(held: _Held, batch: _Batch, is_returned: bool) -> Entry:
    line, addenda = held.line, held.addenda
    is_iat = batch.kind == "IAT"
    minor = int(line[29:39])
    reasons = [one[3:6] for one in addenda if one[1:3] == "99"]
    changes = [one[3:6] for one in addenda if one[1:3] == "98"]
    code = " ".join([batch.kind, line[1:3], *changes]).strip()
    remittance = _remittance(addenda, is_iat)
    is_money = not changes and line[2] not in _ZERO
    return Entry(
        held.place,
        batch.settled_on,
        batch.effective_on,
        minor if line[2] < "5" else -minor,
        "USD",
        bank_reference=line[79:94].strip(),
        customer_reference="" if is_iat else line[39:54].strip(),
        name=_name(held, batch, is_returned),
        account=_account(batch, line) if is_returned else "",
        structured_reference=reference_in(remittance),
        remittance=remittance,
        code=code,
        is_reversal=bool(reasons),
        status=BOOKED if is_money else INFORMATION,
        return_reason=reasons[0].strip() if reasons else "",
        documents=documents_in_addenda(remittance) if is_money and line[2] < "5" else (),
    )


def _name(held: _Held, batch: _Batch, is_returned: bool) -> str:
    """The other side: the batch's company, of a return the one it had been sent to."""
    line = held.line
    if batch.kind == "IAT":
        record, start = ("710", 46) if is_returned else ("711", 3)
        names = [one[start : start + 35].strip() for one in held.addenda if one[:3] == record]
        return names[0] if names else ""
    if is_returned:
        return (line[58:74] if batch.kind in _WITH_COUNT else line[54:76]).strip()
    return batch.company


def _remittance(addenda: list[str], is_iat: bool) -> str:
    """The payment information, its slices of 80 put together as they were cut."""
    kind = "717" if is_iat else "705"
    return "".join(one[3:83] for one in addenda if one[:3] == kind).rstrip()


def check_digit(number: str) -> str:
    """The ninth digit of a bank's routing number of eight.

    Rule: weights 3, 7, 1; what lacks to the next ten. See: F-05.

    >>> check_digit("07100001"), check_digit("02100002")
    ('3', '1')
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, (3, 7, 1) * 3, strict=False))
    return str(-total % 10)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
