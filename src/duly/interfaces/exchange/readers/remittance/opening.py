"""Remittances opened: from a path to a stream of the advices in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from duly.cash_application.rules.advices import Event, prove
from duly.interfaces.exchange.readers.bank.csv_layouts import find_layout
from duly.interfaces.exchange.readers.bank.recognising import recognise_bank
from duly.interfaces.exchange.readers.limits import check_size
from duly.interfaces.exchange.readers.refusals import FileEmpty, FormatUnreadable, SourceMissing
from duly.interfaces.exchange.readers.remittance.recognising import (
    HEAD_BYTES,
    recognise_remittance,
)
from duly.interfaces.exchange.readers.remittance.telling import MOST_BYTES

# Where the reader of a kind stands: each is loaded when a file needs it.
_STREAMED = {
    "edi": ("edi", "read_edi"),
    "nacha": ("nacha", "read_addenda"),
    "fedwire": ("wires", "read_wires"),
    "pain.001": ("iso20022", "read_pain"),
    "remt.001": ("iso20022", "read_remt"),
    "ubl": ("ubl", "read_ubl"),
    "csv": ("tables", "read_csv"),
    "text": ("text", "read_text"),
}
_BY_PATH = {"pdf": ("pdf", "read_pdf"), "xlsx": ("workbook", "read_workbook")}
KINDS = (*_STREAMED, *_BY_PATH, "mail")
_PACKAGE = "duly.interfaces.exchange.readers.remittance"


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    """A remittance: its name, its kind, where it lies, and what it says when read."""

    name: str
    kind: str
    path: Path

    def events(self) -> Iterator[Event]:
        """Its advices, with a problem behind each that contradicts itself."""
        if self.kind in _BY_PATH:
            yield from prove(_reader(_BY_PATH[self.kind])(self.path, self.name))
            return
        with self.path.open("rb") as file:
            yield from prove(reader_of(self.kind)(file, self.name))


def reader_of(kind: str) -> Callable[[BinaryIO, str], Iterator[Event]]:
    """The reader of a kind that is a stream."""
    return _reader(_STREAMED[kind])


def _reader(place: tuple[str, str]) -> Callable[..., Iterator[Event]]:
    reader: Callable[..., Iterator[Event]] = getattr(
        import_module(f"{_PACKAGE}.{place[0]}"), place[1]
    )
    return reader


def open_remittance(path: Path, name: str) -> RemittanceFile:
    """A file as a remittance; a mail is of the kind "mail" and opened by who reads mails.

    Refuses: SourceMissing; FileEmpty and FileTooBig; FormatUnreadable for what is none.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {name}.",
            facts={"file": name, "where": name},
            remedy="Look at the name and the folder.",
        )
    check_size(path, name, limit=MOST_BYTES)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileEmpty(
            f"{name} holds nothing but blanks.",
            facts={"file": name, "where": "line 1"},
            remedy="Ask the payer for it again.",
        )
    kind = recognise_remittance(head)
    if kind in ("text", "csv") and (recognise_bank(head) or find_layout(head)):
        raise FormatUnreadable(
            f"{name} is a bank's file, which tells what came in and not what a payer says.",
            facts={"file": name, "where": "line 1"},
            remedy="Take it in with `duly import`.",
        )
    if kind is None:
        raise FormatUnreadable(
            f"{name} is no remittance of a kind that is read.",
            facts={"file": name, "where": "line 1", "formats": sorted(KINDS)},
            remedy="Ask the payer for a CSV, or paste the lines as text.",
        )
    return RemittanceFile(name, kind, path)
