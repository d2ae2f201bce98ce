"""Delimited text, streamed: decoded strictly, cut into records, handed on in blocks of columns.

A million rows pass here, so whatever must be checked is checked for many cells in one go, and
single cells are looked at only where something is wrong.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from duly.intake.rules.sheet import BLOCK_ROWS
from duly.interfaces.exchange.readers.refusals import EncodingUnclear, FileEmpty, TableBroken
from duly.interfaces.exchange.readers.tables import RawBlock, Table
from duly.kernel.errors import Problem
from duly.kernel.quoting import quoted

CHUNK_BYTES = 1 << 18
LONGEST_LINE = 1 << 22  # characters; the longest record of a real export has a few thousand
LONGEST_CELL = 131_072
MOST_COLUMNS = 1_000

# Tab, line feed and carriage return are how text is laid out; NEL to U+009F are C1 controls.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


class _BadBytes(Exception):  # noqa: N818 - caught here, where the row is known
    """The next record holds bytes that are no text."""


class Records:
    """The records of a delimited file, one list of cells each; `row` counts those taken."""

    def __init__(self, path: Path, name: str, encoding: str, delimiter: str) -> None:
        self.name = name
        self.encoding = encoding
        self.row = 0
        self.has_controls = False
        csv.field_size_limit(LONGEST_CELL)
        lines = chain.from_iterable(self._chunks(path.open("rb")))
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)

    def take(self, count: int) -> list[list[str]]:
        """The next records, at most `count`; blank lines are empty lists.

        Refuses: EncodingUnclear and TableBroken with the row at which reading ended.
        """
        taken: list[list[str]] = []
        try:
            taken.extend(islice(self._reader, count))  # keeps what came before an exception
        except _BadBytes:
            row = self.row + len(taken) + 1
            raise EncodingUnclear(
                f"{self.name}, row {row}: these bytes are no {_told(self.encoding)} text.",
                facts={"file": self.name, "where": f"row {row}", "encoding": self.encoding},
                remedy="Save the file as UTF-8 (spreadsheets call it CSV UTF-8), or name its "
                'encoding in a mapping, such as encoding = "windows-1252".',
            ) from None
        except csv.Error as error:
            row = self.row + len(taken) + 1
            raise TableBroken(
                f"{self.name}, row {row}: {_why_broken(str(error))}",
                facts={"file": self.name, "where": f"row {row}"},
                remedy="Look for a quotation mark that is missing, or that stands in a cell "
                "without being doubled.",
            ) from None
        self.row += len(taken)
        return taken

    def _chunks(self, file: BinaryIO) -> Iterator[Iterator[str]]:
        """Lines with their ends, some at a time."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        rest, is_bad, is_over = "", False, False
        with file:
            while not (is_bad or is_over):
                data = file.read(CHUNK_BYTES)
                is_over = not data
                try:
                    text = decoder.decode(data, final=is_over)
                except UnicodeDecodeError as error:
                    is_bad = True
                    text = _text_before(error, self.encoding)
                if not self.has_controls and CONTROLS.search(text):
                    self.has_controls = True
                rest += text
                cut = len(rest) if is_over else _last_end(rest)
                if cut:
                    yield io.StringIO(rest[:cut], newline="")
                    rest = rest[cut:]
                elif len(rest) > LONGEST_LINE:
                    raise TableBroken(
                        f"{self.name}: a line near row {self.row + 1} has more than "
                        f"{LONGEST_LINE:,} characters.",
                        facts={"file": self.name, "where": f"row {self.row + 1}"},
                        remedy="This is no table of rows. Export it again as CSV.",
                    )
        if is_bad:
            raise _BadBytes


def _text_before(error: UnicodeDecodeError, encoding: str) -> str:
    """What could be decoded before the bytes that could not."""
    good = error.object[: error.start]
    return codecs.getincrementaldecoder(encoding)().decode(good) if good else ""


def _last_end(text: str) -> int:
    """Where the last whole line ends; a carriage return at the very end may go on."""
    return (text.rfind("\n") + 1) or (text.rfind("\r", 0, len(text) - 1) + 1)


def _told(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8", "utf-8": "UTF-8"}.get(encoding, encoding)


def _why_broken(told: str) -> str:
    if "field larger" in told:
        return f"a cell is longer than {LONGEST_CELL:,} characters."
    if "unexpected end" in told:
        return "a quotation mark opens here and never closes."
    if "expected after" in told:
        return "text follows a closing quotation mark."
    return f"this is no delimited text ({told})."


def open_delimited(
    path: Path, name: str, *, encoding: str = "utf-8-sig", delimiter: str = ","
) -> Table:
    """The table of a file whose first row that is not blank is the header.

    Refuses: FileEmpty without any row; EncodingUnclear, TableBroken.
    """
    records = Records(path, name, encoding, delimiter)
    for record in iter(lambda: records.take(1), []):
        if any(map(str.strip, record[0])):
            header = clean_header(record[0], name, records.row)
            return Table(name, header, records.row, blocks_of(records, header))
    raise FileEmpty(
        f"{name} holds no row.",
        facts={"file": name},
        remedy="Export it again: a file needs at least its header.",
    )


def clean_header(cells: Sequence[str], name: str, row: int) -> tuple[str, ...]:
    """The header's cells, stripped; empty ones at the end are dropped.

    Refuses: TableBroken for more columns than any export has, or for control characters.
    """
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise TableBroken(
            f"{name} has {len(header):,} columns; at most {MOST_COLUMNS:,} are read.",
            facts={"file": name, "columns": len(header)},
            remedy="Export only the columns that are needed.",
        )
    for place, cell in enumerate(header, 1):
        if CONTROLS.search(cell):
            raise TableBroken(
                f"{name}, row {row}: the header of column {place}, {quoted(cell)}, holds a "
                "control character.",
                facts={"file": name, "where": f"row {row}, column {place}"},
                remedy="This may be no text file. Export it again as CSV.",
            )
    return tuple(header)


def blocks_of(records: Records, header: Sequence[str]) -> Iterator[RawBlock]:
    """What follows the header, in blocks; blank rows are left out but counted."""
    while True:
        first = records.row + 1
        taken = records.take(BLOCK_ROWS)
        if not taken:
            return
        block = block_from_rows(taken, range(first, first + len(taken)), header)
        if records.has_controls:
            spoil_controls(block, header)
        if len(block):
            yield block


def block_from_rows(
    taken: list[list[str]], numbers: Sequence[int], header: Sequence[str]
) -> RawBlock:
    """Records as columns; rows of another width than the header's are problems."""
    width = len(header)
    if set(map(len, taken)) == {width}:
        columns = list(map(list, zip(*taken, strict=True)))
        if not any("" in column for column in columns[:1]) or all(map(any, taken)):
            return RawBlock(numbers, columns)
    rows, kept, problems, spoilt = [], [], [], set()
    for number, cells in zip(numbers, taken, strict=True):
        if not any(cells):
            continue
        if len(cells) != width and any(cells[width:]) | (len(cells) < width):
            spoilt.add(len(rows))
            problems.append(_wrong_width(number, len(cells), width))
        rows.append(number)
        kept.append((cells + [""] * (width - len(cells)))[:width])
    columns = list(map(list, zip(*kept, strict=True)))
    return RawBlock(rows, columns, problems, frozenset(spoilt))


def _wrong_width(number: int, found: int, width: int) -> Problem:
    return Problem(
        f"row {number}",
        "CELLS_MISCOUNTED",
        f"The row has {found} cells, the header {width}.",
        "Put quotation marks around a cell that holds the delimiter, or fill the row up.",
    )


def spoil_controls(block: RawBlock, header: Sequence[str]) -> None:
    """Name each cell with NUL or another control character; its row falls out.

    The character is replaced, so that nothing behind meets it: PostgreSQL takes no NUL.
    """
    spoilt = set(block.spoilt)
    for name, column in zip(header, block.columns, strict=True):
        if not CONTROLS.search("\n".join(column)):
            continue
        for index, text in enumerate(column):
            if CONTROLS.search(text):
                column[index] = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
                spoilt.add(index)
                block.problems.append(
                    Problem(
                        f"row {block.rows[index]}",
                        "CONTROL_CHARACTER",
                        f"{name}: {quoted(text)} holds a control character.",
                        "Type the cell again, or leave it empty.",
                    )
                )
    block.spoilt = frozenset(spoilt)
