"""XLSX workbooks: every visible worksheet that holds rows is a table.

A workbook is a ZIP of XML, so it is looked over before anything parses it: how much it unpacks to,
whether XML in it declares entities, whether its formulas have saved values.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from duly.interfaces.exchange.readers.delimited import (
    HEADER_ROWS,
    MOST_COLUMNS,
    IsHeader,
    blocks_of,
    clean_header,
    header_place,
)
from duly.interfaces.exchange.readers.limits import (
    MIB,
    WORKBOOK_CELLS,
    WORKBOOK_PARTS,
    WORKBOOK_RATIO,
    WORKBOOK_ROW_TAGS,
    WORKBOOK_STRINGS_BYTES,
    WORKBOOK_UNPACKED_BYTES,
)
from duly.interfaces.exchange.readers.numbers import Exact
from duly.interfaces.exchange.readers.refusals import (
    FileTooBig,
    FormatUnreadable,
    MappingUnfit,
    TableBroken,
)
from duly.interfaces.exchange.readers.tables import RawBlock, Table
from duly.interfaces.exchange.readers.writing import Writing
from duly.kernel.errors import DulyError, Problem
from duly.kernel.quoting import quoted

_CHUNK = 1 << 20
_OVERLAP = 4_096  # so that what a search looks for is never cut in two
_SMALL_PART = 1 << 20  # a small part may be packed as tightly as it likes
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNSAVED = re.compile(
    rb"(?:<f\b[^<>]*+(?<=/)>|</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?\s*+</c>"
)  # a formula, and no value after it
_ROW = re.compile(
    rb"""<(/?)(?:([^\s<>:/]{1,40}):)?row(?=[\s/>])(?:[^<>"']|"[^<"]*"|'[^<']*')*+>"""
)  # the start or the end of a row, under some prefix
_SHEETS = rb"""["']http://schemas\.openxmlformats\.org/spreadsheetml/2006/main["']"""
_MAIN = re.compile(
    rb"""\sxmlns(?::([^\s<>=:"']{1,40}))?\s*=\s*""" + _SHEETS
)  # the prefix of what is a worksheet's own
_ERRORS = frozenset(
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)
_MOST_EXACT = 10**15  # a worksheet keeps 15 digits of a number


def check_workbook(path: Path, name: str) -> None:
    """Look a workbook over before it is parsed.

    Refuses: FileTooBig for more parts, bytes or compression than any real workbook has;
    FormatUnreadable for XML that declares entities, for formulas without saved values, for parts
    that can't be unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts, name)
            for part in parts:
                _look_through(archive, part, name)
    except DulyError:
        raise
    except Exception as error:  # whatever a broken archive makes zipfile and zlib raise
        raise _broken(name, error) from None


def _broken(name: str, error: Exception) -> FormatUnreadable:
    return FormatUnreadable(
        f"{name} is a damaged workbook: {quoted(str(error) or type(error).__name__, 120)}.",
        facts={"file": name},
        remedy="Open it in a spreadsheet and save it again, or save it as CSV UTF-8.",
    )


def _refuse_bomb(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    worst = max(
        (part.file_size / max(part.compress_size, 1) for part in parts
         if part.file_size > _SMALL_PART),
        default=0.0,
    )  # fmt: skip
    strings = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
    for is_over, told in (
        (len(parts) > WORKBOOK_PARTS, f"it has {len(parts):,} parts"),
        (unpacked > WORKBOOK_UNPACKED_BYTES, f"it unpacks to {unpacked / MIB:,.0f} MiB"),
        (worst > WORKBOOK_RATIO, f"a part unpacks to {worst:,.0f} times its size"),
        (strings > WORKBOOK_STRINGS_BYTES, f"its texts take {strings / MIB:,.0f} MiB"),
    ):
        if is_over:
            raise FileTooBig(
                f"{name} is not opened: {told}.",
                facts={"file": name, "unpacked_bytes": unpacked},
                remedy="Save the one worksheet that is needed as CSV UTF-8.",
            )


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Look through the bytes of one part, if they are XML: by what it holds, not by its ending."""
    before = b""
    load: _RowLoad | None = None
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            if not before:
                if not part.filename.endswith((".xml", ".rels", ".vml")) and _is_binary(chunk):
                    return
                if part.filename.startswith("xl/worksheets/") or b"sheetData" in chunk:
                    load = _RowLoad(name)
            text = before + chunk
            if _DECLARES.search(text) or b"\x00" in chunk:
                raise FormatUnreadable(
                    f"{name} holds XML that declares entities ({part.filename}); "
                    "no spreadsheet writes that.",
                    code="XML_DECLARES",
                    facts={"file": name, "part": part.filename},
                    remedy="Save it again in a spreadsheet, or ask whoever sent it.",
                )
            if load:
                load.add(chunk)
                if _UNSAVED.search(text):
                    raise FormatUnreadable(
                        f"{name} has formulas whose results are not saved in it.",
                        code="FORMULAS_UNSAVED",
                        facts={"file": name, "part": part.filename},
                        remedy="Open it in a spreadsheet, save it, and import it again.",
                    )
            before = text[-_OVERLAP:]


def _is_binary(chunk: bytes) -> bool:
    """Tell whether a part that begins so can't be XML, in any encoding."""
    start = chunk.lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")
    return not start.startswith(b"<") if start else len(chunk) < _CHUNK


class _RowLoad:
    """Counts the tags from row to row: a parser holds a row in memory until it ends."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tags = 0
        self._depth = 0
        self._own: bytes | None = None  # the prefix of real rows, once it is declared
        self._again: re.Pattern[bytes] | None = None  # what would give it another meaning
        # Comments and the like, in which a row may only seem to end; a prefix declared twice.
        self._has_unread = False
        self._rest = b""

    def add(self, chunk: bytes) -> None:
        """Count on. Refuses: TableBroken for a row of more tags than any real one has."""
        text = self._rest + chunk
        cut = text.rfind(b"<")
        cut = len(text) if cut < 0 else cut
        self._rest = text[cut:]
        if len(self._rest) > _CHUNK:
            raise _broken(self._name, ValueError("one of its cells has no end"))
        self._has_unread = self._has_unread or b"<!" in text or self._is_declared_again(text, cut)
        start = 0
        for row in _ROW.finditer(text, 0, cut):
            if self._own is None or (row[2] or b"") != self._own:
                continue  # of another vocabulary: no parser lets go of it
            if row[1]:
                self._depth -= 1
            elif not row[0].endswith(b"/>"):
                self._depth += 1
            if not self._depth and not self._has_unread:
                self._count(text.count(b"<", start, row.start()))
                self._tags, start = 0, row.end()
        self._count(text.count(b"<", start, cut))

    def _is_declared_again(self, text: bytes, cut: int) -> bool:
        """Find which prefix real rows have, and tell whether it is given another meaning later."""
        start = 0
        if self._again is None:
            found = _MAIN.search(text, 0, cut)
            if found is None:
                return False
            self._own, start = found[1] or b"", found.end()
            colon = b":" + re.escape(self._own) if self._own else b""
            self._again = re.compile(rb"\sxmlns" + colon + rb"\s*=\s*+(?!" + _SHEETS + rb")")
        return self._again.search(text, start, cut) is not None

    def _count(self, tags: int) -> None:
        self._tags += tags
        if self._tags > WORKBOOK_ROW_TAGS:
            raise TableBroken(
                f"{self._name} has a row of more than {MOST_COLUMNS:,} columns.",
                facts={"file": self._name},
                remedy="Save the rows and columns that are needed as CSV UTF-8.",
            )


def open_workbook(
    path: Path, name: str, writing: Writing, is_header: IsHeader, sheet: str = ""
) -> list[Table]:
    """The tables of a workbook's visible worksheets, or of the one named `sheet`.

    Refuses: what `check_workbook` does; MappingUnfit when no worksheet has this name.
    """
    check_workbook(path, name)
    book = _load(path, name)
    titles = [page.title for page in book.worksheets]
    shown = [page.title for page in book.worksheets if page.sheet_state == "visible"]
    if sheet and sheet not in titles:
        raise MappingUnfit(
            f"{name} has no worksheet {quoted(sheet)}.",
            facts={"file": name, "sheets": titles},
            remedy=f"Its worksheets are: {', '.join(titles)}.",
        )
    hidden = [title for title in titles if title not in shown and title != sheet]
    tables = []
    for title in [sheet] if sheet else shown:
        table = _open_sheet(book, path, name, title, writing, is_header)
        if table is not None:
            tables.append(table)
    if hidden and tables:
        note = f"Hidden worksheets are not read: {', '.join(hidden)[:300]}."
        tables[0].blocks = _noted(tables[0].blocks, note)
    return tables


def _noted(blocks: Iterator[RawBlock], note: str) -> Iterator[RawBlock]:
    notes = [note]
    for block in blocks:
        block.notes = block.notes + notes
        notes = []
        yield block


def _load(path: Path, name: str) -> Any:
    """The workbook, its cells as values."""
    # openpyxl takes a fifth of a second to load: only those who read a workbook wait for it.
    import openpyxl

    try:
        # A path is judged by its extension, an open file by what it holds.
        file = path.open("rb")
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever broken XML makes openpyxl raise
        raise _broken(name, error) from None


def _open_sheet(
    book: Any, path: Path, name: str, title: str, writing: Writing, is_header: IsHeader
) -> Table | None:
    """The table of one worksheet; None when it holds nothing."""
    rows = _Rows(book[title], name)
    first = rows.take(writing.skip_rows + HEADER_ROWS)
    place = header_place(first, writing.skip_rows, is_header)
    if place is None:
        return None
    header = clean_header([str(cell) for cell in first[place]], name, place + 1)
    rows.width = len(header)
    under = [rows.filled(cells) for cells in first[place + 1 :]]
    blocks = (
        _without_errors(block, header)
        for block in blocks_of(rows, header, under, place + 2, writing)
    )

    def reopen() -> Table:
        again = _open_sheet(_load(path, name), path, name, title, writing, is_header)
        if again is None:
            raise _broken(name, ValueError(f"worksheet {title} is empty"))
        return again

    return Table(name, header, place + 1, blocks, title, reopen, is_typed=True)


class _Rows:
    """The rows of a worksheet as texts, filled up to the width of its header once that is known."""

    has_controls = True  # nobody looks while they are taken

    def __init__(self, page: Any, name: str) -> None:
        self.width = 0
        self._name = name
        self._cells = 0
        if hasattr(page, "reset_dimensions"):
            page.reset_dimensions()  # what a file says of its own size need not be true
        self._rows = page.iter_rows(values_only=True) if hasattr(page, "iter_rows") else iter(())

    def take(self, count: int) -> list[list[str]]:
        """The next rows, at most `count`."""
        taken = []
        try:
            for row in islice(self._rows, count):
                taken.append(self.filled(self._texts(row)))
        except DulyError:
            raise
        except Exception as error:  # whatever broken XML makes openpyxl raise
            raise _broken(self._name, error) from None
        return taken

    def filled(self, cells: list[str]) -> list[str]:
        """A row ends with its last filled cell: a short one is whole all the same."""
        return cells + [""] * (self.width - len(cells))

    def _texts(self, row: Sequence[Any]) -> list[str]:
        texts = [text_of(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        self._cells += len(row)
        if len(texts) > MOST_COLUMNS or self._cells > WORKBOOK_CELLS:
            raise TableBroken(
                f"{self._name} has more than {MOST_COLUMNS:,} columns, or more than "
                f"{WORKBOOK_CELLS:,} cells.",
                facts={"file": self._name},
                remedy="Save the rows and columns that are needed as CSV UTF-8.",
            )
        return texts


def _without_errors(block: RawBlock, header: Sequence[str]) -> RawBlock:
    """Name each cell that holds an error instead of a value; its row falls out."""
    spoilt = set(block.spoilt)
    for name, column in zip(header, block.columns, strict=True):
        if _ERRORS.isdisjoint(column) and _TOO_LONG not in column:
            continue
        for index, text in enumerate(column):
            if text in _ERRORS or text == _TOO_LONG:
                spoilt.add(index)
                is_error = text in _ERRORS
                told = f"{name} holds the error {text}." if is_error else f"{name}: {text}."
                remedy = "Mend the formula." if is_error else "Format the column as text."
                block.problems.append(
                    Problem(f"row {block.rows[index]}", "CELL_UNREADABLE", told, remedy)
                )
                column[index] = ""
    block.spoilt = frozenset(spoilt)
    return block


_TOO_LONG = "a number of more than 15 digits, of which worksheets keep only 15"


def text_of(value: Any) -> str:
    """A cell as text: days in ISO form, numbers in full, both marked as `Exact`.

    A number is a binary fraction in the file; its first 15 digits are what the person saw.

    >>> text_of(0.1 + 0.2), text_of(1200.0), text_of(1e-7), text_of(None), text_of(True)
    ('0.3', '1200', '0.0000001', '', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if not -_MOST_EXACT < value < _MOST_EXACT:
            return _TOO_LONG
        plain = format(Decimal(format(value, ".15g")), "f")
        return Exact(plain.rstrip("0").rstrip(".") if "." in plain else plain)
    if isinstance(value, datetime):
        return Exact(value.date().isoformat())
    if isinstance(value, date):
        return Exact(value.isoformat())
    if isinstance(value, time | timedelta):
        return Exact(str(value))
    return str(value)
