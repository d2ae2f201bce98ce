"""What a file really is, told by its first bytes and never by its name."""

import re
import zipfile
from pathlib import Path

from duly.interfaces.exchange.readers.bank.recognising import recognise_bank
from duly.interfaces.exchange.readers.limits import DELIMITED_BYTES, OTHER_BYTES, check_size
from duly.interfaces.exchange.readers.refusals import FormatUnreadable, SourceMissing

HEAD_BYTES = 1 << 16

DELIMITED, WORKBOOK, EINVOICE, BANK = "delimited", "workbook", "einvoice", "bank"

# Byte order marks, the longer first: UTF-32's begins as UTF-16's does.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)

# First bytes, what they tell, what to do instead.
_OTHERS = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it and give the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and give the file inside."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it and give the file inside."),
    (b"(\xb5/\xfd", "a zstd archive", "Unpack it and give the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and give the file inside."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it and give the file inside."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls) or one locked with a password",
        "Open it, take the password off, and save it as .xlsx or CSV UTF-8.",
    ),
    (b"\x89PNG", "a picture", "Give the file that the accounting system exports."),
    (b"\xff\xd8\xff", "a picture", "Give the file that the accounting system exports."),
    (b"GIF8", "a picture", "Give the file that the accounting system exports."),
    (b"II*\x00", "a picture", "Give the file that the accounting system exports."),
    (b"SQLite format 3\x00", "a database", "Export the tables as CSV."),
    (b"PAR1", "a Parquet file", "Export it as CSV."),
    (b"\x7fELF", "a program", "Give the file that the accounting system exports."),
    (b"MZ\x90\x00", "a program", "Give the file that the accounting system exports."),
    (b"{\\rtf", "an RTF document", "Export the table as CSV."),
)

_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]0-9])")
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)
_NOT_MONEY_IN = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (
            rb"<(?:\w+:)?(?:CstmrCdtTrf|CstmrPmtSts|Document\b[^>]*pain\.0)",
            "a payment order (pain)",
        ),
        (rb"\AISA[^A-Za-z0-9]", "an EDI interchange (X12)"),
    )
)
_BANK_HEAD = 4_096
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13, 12, 26}) + b"\x7f"
_MOST_CONTROLS = 0.05  # of a text; of random bytes a tenth are controls


def recognise(path: Path, name: str, *, encoding: str | None = None) -> str:
    """Which reader takes a file: DELIMITED, WORKBOOK, EINVOICE or BANK.

    Refuses: SourceMissing; FileEmpty and FileTooBig; FormatUnreadable for everything else, saying
    what the file is.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {name}.",
            facts={"file": name},
            remedy="Look at the name and the folder.",
        )
    check_size(path, name, limit=DELIMITED_BYTES)
    head = read_head(path)
    for start, told, remedy in _OTHERS:
        if head.startswith(start):
            raise _not_read(name, told, remedy)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        check_size(path, name, limit=OTHER_BYTES)
        return _held(path, name)
    text = _as_ascii(head)
    if recognise_bank(text) is not None:
        return BANK
    if b"%PDF-" in head[:1024]:
        check_size(path, name, limit=OTHER_BYTES)
        return EINVOICE
    _refuse_other_texts(text, name)
    if text.lstrip().startswith(b"<"):
        check_size(path, name, limit=OTHER_BYTES)
        return EINVOICE
    _refuse_binary(head, name, encoding)
    return DELIMITED


def read_head(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def encoding_marked(head: bytes) -> str | None:
    """The encoding that a byte order mark tells; None without one.

    >>> encoding_marked(b"\\xef\\xbb\\xbfname"), encoding_marked(b"name")
    ('utf-8-sig', None)
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    return None


def _as_ascii(head: bytes) -> bytes:
    """The head without byte order mark, and of UTF-16 and UTF-32 the letters alone."""
    encoding = encoding_marked(head)
    if encoding is None:
        return head
    return head.decode(encoding, "replace").encode("ascii", "replace")


def _not_read(name: str, told: str, remedy: str) -> FormatUnreadable:
    return FormatUnreadable(
        f"{name} is {told}, which is not read.",
        facts={"file": name, "is": told},
        remedy=remedy,
    )


def _held(path: Path, name: str) -> str:
    """What a ZIP is: WORKBOOK, or BANK where a bank's file is in it; refuses all else."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
            if "xl/workbook.xml" in parts:
                return WORKBOOK
            if _is_of_bank(archive):
                return BANK
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise FormatUnreadable(
            f"{name} is a damaged ZIP archive or workbook: its end is missing or broken.",
            facts={"file": name},
            remedy="It may have been cut off on its way. Export or send it again.",
        ) from None
    for part, told in (
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("word/document.xml", "a Word document"),
        ("content.xml", "an OpenDocument file"),
        ("Index/Document.iwa", "a Numbers file"),
    ):
        if part in parts:
            raise _not_read(name, told, "Open it and save it as .xlsx or CSV UTF-8.")
    raise _not_read(name, "a ZIP archive", "Unpack it and give the files inside.")


def _is_of_bank(archive: zipfile.ZipFile) -> bool:
    """Tell whether the first file of a ZIP is one of a bank."""
    first = next((one for one in archive.infolist() if not one.is_dir()), None)
    if first is None:
        return False
    with archive.open(first) as file:
        return recognise_bank(file.read(HEAD_BYTES)) is not None


def _refuse_other_texts(text: bytes, name: str) -> None:
    """Refuse other messages to and from banks, web pages and JSON."""
    for pattern, told in _NOT_MONEY_IN:
        if pattern.search(text, 0, _BANK_HEAD):
            raise FormatUnreadable(
                f"{name} is {told}, which tells of no money that came in.",
                code="BANK_FILE",
                facts={"file": name, "is": told},
                remedy="Import the statement that the bank sends: camt.053, MT940, BAI2 or OFX.",
            )
    if _HTML.match(text):
        raise _not_read(
            name, "a web page (HTML)", "Open it in a spreadsheet and save it as .xlsx or CSV UTF-8."
        )
    if _JSON.match(text):
        raise _not_read(name, "a JSON file", "Export CSV.")


def _refuse_binary(head: bytes, name: str, encoding: str | None) -> None:
    """Refuse bytes that are no text; a stray control character is left to the row it stands in."""
    if encoding_marked(head) in ("utf-16", "utf-32"):
        return
    if encoding is not None and encoding.startswith(("utf-16", "utf-32")):
        return
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if controls > max(1, len(head) * _MOST_CONTROLS):
        zeros = head.count(b"\x00")
        is_wide = zeros > len(head) * 0.3
        raise FormatUnreadable(
            f"{name} is no text: {controls:,} of its first {len(head):,} bytes are control bytes.",
            facts={"file": name},
            remedy="It looks like UTF-16 without its mark: save it as UTF-8, or say encoding = "
            '"utf-16-le" in a mapping.'
            if is_wide
            else "Export it again as CSV or .xlsx.",
        )
