"""Bank files opened: from a path, plain or in a ZIP, to streams of what they say."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from duly.cash_application.rules.statements import Event, prove
from duly.interfaces.exchange.readers.bank.csv_layouts import find_layout
from duly.interfaces.exchange.readers.bank.csv_statements import read_csv
from duly.interfaces.exchange.readers.bank.recognising import HEAD_BYTES, recognise_bank
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.interfaces.exchange.readers.limits import DELIMITED_BYTES, MIB, check_size
from duly.interfaces.exchange.readers.refusals import (
    FileEmpty,
    FileTooBig,
    FormatUnreadable,
    SourceMissing,
)
from duly.kernel.quoting import safe_text

MEMBERS = 1_000
RATIO = 250  # unpacked to packed; statements in XML reach about 40
_ZIP = b"PK\x03\x04"
Reader = Callable[[BinaryIO, str], Iterator[Event]]

# Where the reader of a format stands: each is loaded when a file needs it.
_READERS = {
    "camt.052": ("camt", "read_camt"),
    "camt.053": ("camt", "read_camt"),
    "camt.054": ("camt", "read_camt"),
    "mt940": ("mt940", "read_mt940"),
    "mt942": ("mt940", "read_mt940"),
    "bai2": ("bai2", "read_bai2"),
    "ofx": ("ofx", "read_ofx"),
    "qif": ("qif", "read_qif"),
    "coda": ("coda", "read_coda"),
    "norma43": ("norma43", "read_norma43"),
    "nacha": ("nacha", "read_nacha"),
    "fedwire": ("fedwire", "read_fedwire"),
    "csv": ("csv_statements", "read_csv"),
}
FORMATS = tuple(_READERS)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file of a bank, or one inside a ZIP: its name, its format, and what it says when read."""

    name: str
    format: str
    _open: Callable[[], BinaryIO]
    said: Said = NOTHING_SAID

    def events(self) -> Iterator[Event]:
        """What it says, with a problem behind whatever does not add up."""
        said, layouts = self.said, self.said.layouts
        with self._open() as file:
            if layouts is not None and self.format == "csv":
                only = layouts[0].name if len(layouts) == 1 else ""
                events = read_csv(file, self.name, layouts, only)
            else:
                events = reader_of(self.format)(file, self.name)
            yield from prove(said.fill(events) if said.account or said.currency else events)


def reader_of(format: str) -> Reader:
    """The reader of a format that `recognise_bank` told."""
    module, name = _READERS[format]
    reader: Reader = getattr(import_module(f"duly.interfaces.exchange.readers.bank.{module}"), name)
    return reader


def open_bank_files(path: Path, name: str, said: Said = NOTHING_SAID) -> list[BankFile]:
    """The bank's files at a path: one, or those of a ZIP in the order of their names.

    `said`: what a person said of them; with a layout, what is no other format is a CSV.

    Refuses: SourceMissing; FileEmpty and FileTooBig; FormatUnreadable for what is no bank file, a
    ZIP in a ZIP, or a ZIP that unpacks to more than it may.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {name}.",
            facts={"file": name, "where": name},
            remedy="Look at the name and the folder.",
        )
    check_size(path, name, limit=DELIMITED_BYTES)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(_ZIP):
        return _members(path, name, said)
    return [BankFile(name, _format_of(head, name, said), lambda: path.open("rb"), said)]


def _format_of(head: bytes, name: str, said: Said) -> str:
    if not head.strip():
        raise FileEmpty(
            f"{name} holds nothing but blanks.",
            facts={"file": name, "where": "line 1"},
            remedy="The export may have failed. Ask the bank for it again.",
        )
    found = recognise_bank(head) or ("csv" if said.layouts or find_layout(head) else None)
    if found is None:
        raise FormatUnreadable(
            f"{name} is no bank file of a format that is read.",
            facts={"file": name, "where": "line 1", "formats": sorted(_READERS)},
            remedy="Ask the bank for camt.053, MT940 or BAI2, describe its CSV in a layout, or "
            "import a CSV of payments.",
        )
    return found


def _members(path: Path, name: str, said: Said) -> list[BankFile]:
    try:
        archive = zipfile.ZipFile(path)
        held = sorted(
            (one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename
        )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _bad_zip(name, "is damaged: its end is missing or broken") from None
    with archive:
        total = sum(one.file_size for one in held)
        packed = max(1, sum(one.compress_size for one in held))
        if not held:
            raise _bad_zip(name, "holds no file")
        if len(held) > MEMBERS or total > DELIMITED_BYTES or total > RATIO * packed + MIB:
            raise FileTooBig(
                f"{name} unpacks to {len(held):,} files of {total / MIB:,.0f} MiB.",
                facts={"file": name, "where": name, "files": len(held), "bytes": total},
                remedy="Unpack it and give the files of the bank in it.",
            )
        return [_member(archive, path, name, one, said) for one in held]


def _member(
    archive: zipfile.ZipFile, path: Path, name: str, held: zipfile.ZipInfo, said: Said
) -> BankFile:
    inner = f"{name}/{safe_text(held.filename, 120)}"
    try:
        with archive.open(held) as file:
            head = file.read(HEAD_BYTES)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise _bad_zip(inner, "can't be unpacked: it is damaged or locked") from None
    if head.startswith(_ZIP):
        raise _bad_zip(inner, "is a ZIP in a ZIP")
    return BankFile(
        inner, _format_of(head, inner, said), lambda: _unpacked(path, held.filename), said
    )


def _unpacked(path: Path, member: str) -> BinaryIO:
    with zipfile.ZipFile(path) as archive:
        return io.BytesIO(archive.read(member))


def _bad_zip(name: str, told: str) -> FormatUnreadable:
    return FormatUnreadable(
        f"{name} {told}.",
        facts={"file": name, "where": name},
        remedy="Unpack it, and give the files of the bank in it.",
    )
