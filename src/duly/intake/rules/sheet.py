"""What a reader hands to intake: one kind of record, as blocks of text columns.

A reader turns bytes of any format into sheets. It says where each row stood, brings dates and
amounts into one written form, and lists what it could not read. It decides nothing about the
business: whether a customer exists, a number repeats or an amount fits is intake's question.

Blocks hold columns, not rows, because a million rows are read, checked and written block by
block: memory stays flat and each column is checked in one go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from duly.cash_application.rules.statements import Closed, Entry, Noticed, Opened
from duly.kernel.errors import Problem

BLOCK_ROWS = 10_000


@dataclass(slots=True)
class Block:
    """Some rows of a sheet, column by column.

    `rows` numbers each row as a spreadsheet does (the header is row 1); `columns` maps a column
    name of `columns.py` to one text a row, '' where the cell is empty; `spoilt` holds the indexes
    of rows that the reader could not read, `told` the cells (index, column) of other rows; what is
    wrong with them stands in `problems`. Of a bank's file, `events` are what the rows come from:
    heads and feet of statements, and between them an entry for each row, and
    those of notices, which are no rows.
    """

    rows: Sequence[int]
    columns: dict[str, list[str]]
    problems: list[Problem] = field(default_factory=list)
    spoilt: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)  # told to the person, refuse nothing
    told: frozenset[tuple[int, str]] = frozenset()
    events: Sequence[Opened | Entry | Noticed | Closed] = ()

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Sheet:
    """One file (or one part of it) of one kind, ready to be read block by block, once.

    `kind` is a key of `columns.KINDS`; `preset` names the reading ("duly", "xero-invoices",
    "ubl", "map:NAME"); `columns` are the column names that the file really has; `place` says what
    a row is called in problems ("row", or for e-invoices "invoice").
    """

    kind: str
    file: str
    preset: str
    columns: tuple[str, ...]
    blocks: Iterator[Block]
    place: str = "row"
    layout: str = ""  # signature of the header, under which a mapping is remembered
