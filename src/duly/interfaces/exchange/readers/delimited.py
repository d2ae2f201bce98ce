"""Delimited text, streamed: decoded strictly, cut into records, handed on in blocks of columns.

A million rows pass here, so whatever must be checked is checked for many cells in one go, and
single cells are looked at only where something is wrong.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Protocol

from duly.intake.rules.sheet import BLOCK_ROWS
from duly.interfaces.exchange.readers.formats import encoding_marked, read_head
from duly.interfaces.exchange.readers.refusals import (
    DelimiterUnclear,
    EncodingUnclear,
    FileEmpty,
    TableBroken,
)
from duly.interfaces.exchange.readers.tables import RawBlock, Table
from duly.interfaces.exchange.readers.writing import Writing
from duly.kernel.errors import Problem
from duly.kernel.quoting import CONTROLS, quoted

CHUNK_BYTES = 1 << 18
LONGEST_LINE = 1 << 22  # characters; the longest record of a real export has a few thousand
LONGEST_CELL = 131_072
MOST_COLUMNS = 1_000
HEADER_ROWS = 40  # the header stands among so many rows
DELIMITERS = (",", ";", "\t", "|")

IsHeader = Callable[[Sequence[str]], bool]


class _BadBytes(Exception):  # noqa: N818 - caught here, where the row is known
    """The next record holds bytes that are no text."""


class Rows(Protocol):
    """What a table's rows are taken from, in the order of the file."""

    has_controls: bool  # whether a cell of what was taken may hold a control character

    def take(self, count: int) -> list[list[str]]:
        """The next rows, at most `count`."""


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
                except UnicodeError as error:
                    is_bad = True
                    text = _text_before(error)
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


def _text_before(error: UnicodeError) -> str:
    """What could be decoded before the bytes that could not; it tells in which row they stand."""
    if not isinstance(error, UnicodeDecodeError):
        return ""  # UTF-16 without its byte order mark
    return error.object[: error.start].decode(error.encoding, "replace")


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


def open_delimited(path: Path, name: str, writing: Writing, is_header: IsHeader) -> Table:
    """The table of a file: its header is the first row that `is_header` knows, or the first row.

    What `writing` leaves open is recognised: the encoding by a byte order mark, else UTF-8; the
    delimiter by the header, else by rows that all have as many cells.
    Refuses: FileEmpty without any row; EncodingUnclear, DelimiterUnclear, TableBroken.
    """
    head = read_head(path)
    encoding = encoding_marked(head) or writing.encoding or "utf-8-sig"
    delimiter = writing.delimiter or _delimiter(head, encoding, name, is_header)
    records = Records(path, name, encoding, delimiter)
    first = records.take(writing.skip_rows + HEADER_ROWS)
    place = header_place(first, writing.skip_rows, is_header)
    if place is None:
        raise FileEmpty(
            f"{name} holds no row.",
            facts={"file": name},
            remedy="Export it again: a file needs at least its header.",
        )
    header = clean_header(first[place], name, place + 1)
    blocks = blocks_of(records, header, first[place + 1 :], place + 2, writing)
    return Table(
        name,
        header,
        place + 1,
        blocks,
        reopen=lambda: open_delimited(path, name, writing, is_header),
    )


def header_place(rows: Sequence[Sequence[str]], skipped: int, is_header: IsHeader) -> int | None:
    """The index of the header among a file's first rows; None when all are blank."""
    first = None
    for place in range(skipped, len(rows)):
        cells = [cell.strip() for cell in rows[place]]
        if any(cells):
            if is_header(cells):
                return place
            first = place if first is None else first
    return first


def _delimiter(head: bytes, encoding: str, name: str, is_header: IsHeader) -> str:
    """The delimiter under which the head of a file is a table."""
    samples = {mark: sample_rows(head, encoding, mark) for mark in DELIMITERS}
    for mark, rows in samples.items():
        if any(is_header([cell.strip() for cell in row]) for row in rows):
            return mark
    fitting = [mark for mark, rows in samples.items() if _is_even(rows)]
    if len(fitting) > 1:
        raise DelimiterUnclear(
            f"{name} can be cut at more than one mark: {' '.join(map(quoted, fitting))}.",
            facts={"file": name, "delimiters": fitting},
            remedy='Say delimiter in a mapping, such as delimiter = ";".',
        )
    return fitting[0] if fitting else _widest(samples)


def _is_even(rows: list[list[str]]) -> bool:
    """Tell whether nearly all rows have as many cells as the first, and that is two or more."""
    widths = [len(row) for row in rows if row]
    return bool(widths) and widths[0] > 1 and widths.count(widths[0]) >= 0.9 * len(widths)


def _widest(samples: dict[str, list[list[str]]]) -> str:
    """The mark at which the rows fall into most cells; a header may still be found among them."""
    return max(samples, key=lambda mark: max(map(len, samples[mark]), default=0))


def sample_rows(head: bytes, encoding: str, delimiter: str) -> list[list[str]]:
    """The first rows of a file's head, read leniently, to look at and never to import."""
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    lines = io.StringIO(text[: _last_end(text)] or text, newline="")
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a cell beyond all bounds: the rows before it tell enough
        rows.extend(islice(csv.reader(lines, delimiter=delimiter), HEADER_ROWS))
    return rows


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


def blocks_of(
    rows: Rows,
    header: Sequence[str],
    taken: list[list[str]],
    number: int,
    writing: Writing,
) -> Iterator[RawBlock]:
    """What follows the header, in blocks; blank rows are left out but counted.

    `taken` are the rows that were read to find the header, the first of them row `number`.
    """
    has_end = bool(writing.footer) or writing.stops_at_blank
    while True:
        taken = taken + rows.take(BLOCK_ROWS - len(taken))
        if not taken:
            return
        end = (
            next((n for n, cells in enumerate(taken) if writing.ends_at(cells)), None)
            if has_end
            else None
        )
        block = block_from_rows(taken[:end], range(number, number + len(taken[:end])), header)
        if rows.has_controls:
            spoil_controls(block, header)
        if end is not None:
            block.notes.append(told_end(number + end, taken[end]))
        if len(block) or block.notes:
            yield block
        if end is not None:
            return
        number += len(taken)
        taken = []


def told_end(row: int, cells: Sequence[str]) -> str:
    """What is said of the rows from a footer on."""
    first = next((cell for cell in cells if cell.strip()), "")
    what = f"begins with {quoted(first)}" if first else "is blank"
    return f"Row {row} {what}: it and what follows is not read."


def block_from_rows(
    taken: list[list[str]], numbers: Sequence[int], header: Sequence[str]
) -> RawBlock:
    """Records as columns; rows of another width than the header's are problems."""
    width = len(header)
    if set(map(len, taken)) == {width}:
        columns = list(map(list, zip(*taken, strict=True)))
        if not any("" in column for column in columns[:1]) or all(map(any, taken)):
            return RawBlock(numbers, columns)
    rows: list[int] = []
    kept: list[list[str]] = []
    problems: list[Problem] = []
    spoilt: set[int] = set()
    for number, cells in zip(numbers, taken, strict=True):
        if not any(cells):
            continue
        if len(cells) != width and any(cells[width:]) | (len(cells) < width):
            spoilt.add(len(rows))
            problems.append(_wrong_width(number, len(cells), width))
        rows.append(number)
        kept.append((cells + [""] * (width - len(cells)))[:width])
    columns = list(map(list, zip(*kept, strict=True))) or [[] for _ in header]
    return RawBlock(rows, columns, problems, frozenset(spoilt))


def _wrong_width(number: int, found: int, width: int) -> Problem:
    return Problem(
        f"row {number}",
        "CELLS_MISCOUNTED",
        f"The row has {found} {'cell' if found == 1 else 'cells'}, the header {width}.",
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
