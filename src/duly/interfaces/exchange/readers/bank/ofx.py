"""OFX and QFX, in SGML (1.x) and XML (2.x): what a bank's site hands out for download.

Both are read by their tags alone: values of SGML end where the next tag begins, so the same eye
reads XML; entities are no more than the five signs and numbers, so nothing can be expanded.
See: OFX 1.6 and 2.3 (Financial Data Exchange); docs/sources.md, bank files.
"""

import re
from collections.abc import Generator, Iterator
from datetime import date
from typing import BinaryIO

from duly.cash_application.rules.statements import (
    BOOKED,
    INTERIM,
    PENDING,
    Balance,
    Closed,
    Entry,
    Event,
    Opened,
    decimals_of,
)
from duly.interfaces.exchange.readers.bank.decoding import (
    BLOCK_CHARACTERS,
    LONGEST_LINE,
    MOST_PROBLEMS,
    decoded,
    doubtful,
    unreadable,
)
from duly.interfaces.exchange.readers.bank.figures import day_of, minor_of
from duly.interfaces.exchange.readers.bank.references import reference_in
from duly.kernel.currencies import EXPONENTS
from duly.kernel.errors import Problem

_START = re.compile(r"<STMTTRN(P?)>", re.IGNORECASE)
# Where an entry ends: at its end tag, or else at what can't stand in one.
_STOP = re.compile(
    r"<(?:(/STMTTRNP?)|STMTTRNP?|/?[A-Z]+LISTP?|/?(?:CC|INV)?STMTRS)>", re.IGNORECASE
)
_FIELD = re.compile(r"<([A-Za-z][A-Za-z0-9_.]*)>([^<]*(?:<(?![A-Za-z/!?])[^<]*)*)")
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9_.]*+)[^<>]*+>([^<]*(?:<(?![A-Za-z/!?])[^<]*)*)")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos|nbsp)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_TWO_DECIMALS = re.compile(r"[-+]?[0-9]{1,13}\.[0-9]{2}")
_STATEMENTS = frozenset(("STMTRS", "CCSTMTRS", "INVSTMTRS"))


def read_ofx(file: BinaryIO, name: str) -> Iterator[Event]:
    """What an OFX file says: a statement for each STMTRS, CCSTMTRS and INVSTMTRS.

    OFX tells no opening balance, so its statements are of kind INTERIM. Amounts: minor units,
    signed as TRNAMT is. Problems: BANK_LINE_UNREADABLE for an entry without an exact amount,
    BANK_LINE_DOUBTFUL, INCOMPLETE for a file that was cut.
    """
    text, problem = decoded(file, lines=False)
    if problem:
        yield problem
        return
    reader, rest = _Reader(), ""
    while piece := text.read(BLOCK_CHARACTERS):
        rest = yield from reader.read(rest + piece)
        if len(rest) > LONGEST_LINE:
            yield unreadable(reader.place(), "an entry or a value has no end")
            rest = ""
            break
        if reader.unread >= MOST_PROBLEMS:
            rest = ""
            break
    yield from reader.end(rest)


class _Reader:
    """The file as it is read, with the statement that stands open."""

    def __init__(self) -> None:
        self.row, self.number, self.unread, self.statements = 1, 0, 0, 0
        self.has_lines: bool | None = None
        self.is_ended = self.has_error = False
        self._forget()

    def _forget(self) -> None:
        self.head: Opened | None = None
        self.in_statement = self.in_ledger = False
        self.at = ""
        self.told: dict[str, str] = {}
        self.status: dict[str, str] = {}
        self.trades = 0

    def place(self) -> str:
        """Where reading is: the line, or the number of the entry in a file of one line."""
        return f"line {self.row}" if self.has_lines is not False else f"entry {self.number}"

    def read(self, text: str) -> Generator[Event, None, str]:
        """What a piece of the file says. Returns: its end that goes on in the next piece."""
        at = 0
        while found := _START.search(text, at):
            start = found.end()
            stop = _STOP.search(text, start)
            if stop is None:
                break
            yield from self._between(text[at : found.start()])
            block = text[start : stop.start()]
            at = stop.end() if stop[1] else stop.start()  # its end tag may be missing
            if self.has_lines is None:
                self.has_lines = "\n" in block.strip()
            yield from self._entry(block, PENDING if found[1] else BOOKED)
            self.row += text.count("\n", found.start(), at)
            if self.unread >= MOST_PROBLEMS:
                return ""
        cut_at = found.start() if found else max(at, text.rfind("<"))
        yield from self._between(text[at:cut_at])
        return text[cut_at:]

    def end(self, rest: str) -> Iterator[Event]:
        """What is left to say when the file ends."""
        if _START.match(rest):
            yield unreadable(self.place(), "the file ends in the middle of an entry")
        else:
            yield from self._between(rest)
        yield from self._close()
        if not self.is_ended:
            yield _incomplete("end of file", "The file ends before its last tag, </OFX>.")
        elif not self.statements and not self.has_error:
            yield _incomplete(f"line {self.row}", "The file holds no statement.")

    def _between(self, text: str) -> Iterator[Event]:
        """What stands around the entries: accounts, balances, whether the bank answered at all."""
        if text.isspace():
            self.row += text.count("\n")
            return
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            self.unread = MOST_PROBLEMS
            yield unreadable(self.place(), "it declares a document type, by which files are read")
        at = 0
        for found in _TAG.finditer(text):
            self.row += text.count("\n", at, found.start())
            at = found.start()
            yield from self._tag(found[1].upper(), found[2].strip())
        self.row += text.count("\n", at)

    def _tag(self, tag: str, value: str) -> Iterator[Event]:
        if tag in _STATEMENTS:
            yield from self._close()
            self.in_statement, self.at = True, self.place()
            self.statements += 1
        elif tag[0] == "/" and tag[1:] in _STATEMENTS:
            yield from self._close()
        elif tag == "/OFX":
            self.is_ended = True
        elif tag in ("LEDGERBAL", "/LEDGERBAL"):
            self.in_ledger = tag == "LEDGERBAL"
        elif tag in ("AVAILBAL", "BALLIST", "INVBAL"):
            self.in_ledger = False
        elif tag == "INVTRAN":
            self.trades += 1
        elif tag in ("SEVERITY", "CODE", "MESSAGE"):
            self.status[tag] = value
        elif tag == "/STATUS":
            yield from self._answered()
        elif tag in ("BALAMT", "DTASOF"):
            if self.in_ledger:
                self.told.setdefault(tag, value)
        elif self.in_statement and tag in ("CURDEF", "BANKID", "BROKERID", "ACCTID"):
            self.told.setdefault(tag, _text(value))

    def _answered(self) -> Iterator[Event]:
        status, self.status = self.status, {}
        if status.get("SEVERITY", "").upper() == "ERROR":
            self.has_error = True
            yield doubtful(
                self.place(),
                f"The bank did not answer: code {status.get('CODE', '')}, "
                f"{status.get('MESSAGE') or 'no reason told'}.",
                "Download the file again.",
            )

    def _open(self, currency: str) -> Iterator[Event]:
        """The head, once the first entry or the end of the statement is reached."""
        currency = self.told.get("CURDEF", "").upper() or currency
        if currency and currency not in EXPONENTS:
            self.unread += 1
            yield unreadable(self.at, f"{currency!a} is no currency")
        bank = self.told.get("BANKID") or self.told.get("BROKERID", "")
        self.head = Opened(self.at, self.told.get("ACCTID", ""), currency, "", INTERIM, None, bank)
        yield self.head

    def _close(self) -> Iterator[Event]:
        if self.in_statement:
            if self.head is None:
                yield from self._open("")
            closing = None
            amount = self.told.get("BALAMT", "")
            if amount and self.head:
                minor = minor_of(amount, decimals_of(self.head.currency))
                if minor is None:
                    yield doubtful(self.place(), f"The balance {amount!a} is no exact amount.")
                else:
                    closing = Balance(_day(self.told.get("DTASOF", "")), minor)
            if self.trades:
                yield doubtful(
                    self.at,
                    f"The account holds investments: {self.trades} trades are not read, only "
                    "what moved as cash.",
                    "Import statements of the bank account instead.",
                )
            yield Closed(self.place(), closing)
        self._forget()

    def _entry(self, block: str, status: str) -> Iterator[Event]:
        self.number += 1
        place = f"line {self.row}" if self.has_lines else f"entry {self.number}"
        if not self.in_statement:
            self.unread += 1
            yield unreadable(place, "the entry stands in no statement")
            return
        if "<![CDATA[" in block:
            block = _without_cdata(block)
        told = dict(_FIELD.findall(block))
        if "TRNAMT" not in told:
            told = {tag.upper(): value for tag, value in told.items()}
        get = told.get
        currency = get("CURSYM", "").strip().upper() if "CURRENCY" in told else ""
        if self.head is None:
            yield from self._open(currency)
        currency = currency or (self.head.currency if self.head else "")
        amount = get("TRNAMT", "").strip()
        if _TWO_DECIMALS.fullmatch(amount) and decimals_of(currency) == 2:
            minor: int | None = int(amount.replace(".", ""))
        else:
            minor = minor_of(amount, decimals_of(currency))
        if minor is None or (currency and currency not in EXPONENTS):
            self.unread += 1
            yield unreadable(place, f"{amount!a} is no exact amount of {currency or 'money'}")
            return
        day = _day(get("DTPOSTED", ""))
        remittance = _text(get("MEMO", ""))
        code = get("TRNTYPE", "").strip().upper()
        if day is None or (code in _SIDES and minor * _SIDES[code] < 0) or "CORRECTFITID" in told:
            yield from _doubts(place, day, code, minor, told)
        yield Entry(
            place,
            day,
            _day(get("DTAVAIL", "")),
            minor,
            currency,
            get("FITID", "").strip(),
            get("CHECKNUM", "").strip() or get("REFNUM", "").strip(),
            _text(get("NAME", "")),
            get("ACCTID", "").strip(),
            "",
            "",
            reference_in(remittance),
            remittance,
            code,
            False,
            status,
        )


_SIDES = {"CREDIT": 1, "DEBIT": -1}


def _doubts(
    place: str, day: date | None, code: str, minor: int, told: dict[str, str]
) -> Iterator[Problem]:
    if day is None:
        yield doubtful(
            place, f"{told.get('DTPOSTED', '').strip()!a} is no day; the entry has none."
        )
    if code in _SIDES and minor * _SIDES[code] < 0:
        yield doubtful(place, f"The entry is called {code}, its amount says the opposite.")
    if "CORRECTFITID" in told:
        yield doubtful(
            place,
            f"The entry corrects {told['CORRECTFITID'].strip()!a}, which was sent before.",
            "Undo the earlier one.",
        )


def _day(text: str) -> date | None:
    return day_of(text.strip()[:8]) if text else None


def _text(value: str) -> str:
    """A value as a person reads it: entities resolved, line breaks made blanks."""
    if "&" in value:
        value = _ENTITY.sub(_sign, value)
    value = value.strip()
    return " ".join(value.split()) if "\n" in value else value


def _sign(found: re.Match[str]) -> str:
    if found[1]:
        return _SIGNS[found[1]]
    number = int(found[2]) if found[2] else int(found[3], 16)
    is_text = 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000
    return chr(number) if is_text else found[0]


def _without_cdata(block: str) -> str:
    """The same text with entities in place of CDATA sections."""
    first, *parts = block.split("<![CDATA[")
    for part in parts:
        inner, _, rest = part.partition("]]>")
        first += inner.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + rest
    return first


def _incomplete(place: str, message: str) -> Problem:
    return Problem(
        where=place,
        code="INCOMPLETE",
        message=message,
        remedy="Download the file again.",
    )
