"""A table held in memory by the columns that a preset reads.

An invoice may have its lines anywhere in a file, and which number of a date is the day may be
settled by the last row: both need the whole file. Only the columns that are read are held, and
texts that repeat are held once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from duly.interfaces.exchange.readers.presets.preset import plain_header
from duly.interfaces.exchange.readers.refusals import HeaderUnfit
from duly.interfaces.exchange.readers.tables import Table
from duly.kernel.errors import Problem

_POOL_TEXTS = 200_000

Fields = Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Gathered:
    """The rows of a table: `cells[field][index]`, and for each row what was wrong with it."""

    file: str
    rows: list[int] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def row(self, index: int) -> "Row":
        """One row, by field."""
        return Row(self.cells, index)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `row["number"]` is its text, '' where the cell or the whole column is missing."""

    cells: dict[str, list[str]]
    index: int

    def __getitem__(self, name: str) -> str:
        column = self.cells.get(name)
        return column[self.index] if column is not None else ""

    def first(self, *names: str) -> str:
        """The first of some fields that is not empty."""
        return next((text for name in names if (text := self[name])), "")


def gather(table: Table, fields: Fields) -> Gathered:
    """A table's rows by field; each field names its headers, the first that is there counts.

    Refuses: HeaderUnfit when a column that is read stands twice in the header.
    """
    headers = [plain_header(cell) for cell in table.header]
    places: dict[str, int] = {}
    for name, aliases in fields.items():
        alias = next((alias for alias in aliases if alias in headers), None)
        if alias is None:
            continue
        if alias and headers.count(alias) > 1:
            raise HeaderUnfit(
                f"{table.name}, row {table.header_row}: the header has {alias!r} twice.",
                code="HEADER_TWICE",
                facts={"file": table.name, "columns": [alias]},
                remedy="Remove one of the two columns.",
            )
        places[name] = headers.index(alias)
    gathered = Gathered(table.name, cells={name: [] for name in places})
    pool: dict[str, str] = {}
    for block in table.blocks:
        start = len(gathered.rows)
        gathered.rows.extend(block.rows)
        gathered.notes += block.notes
        for name, place in places.items():
            texts = map(str.strip, block.columns[place])
            if len(pool) < _POOL_TEXTS:
                gathered.cells[name].extend(pool.setdefault(text, text) for text in texts)
            else:
                gathered.cells[name].extend(pool.get(text, text) for text in texts)
        of_place: dict[str, list[Problem]] = {}
        for problem in block.problems:
            of_place.setdefault(problem.where.partition(",")[0], []).append(problem)
        for index in block.spoilt:
            gathered.problems[start + index] = of_place.get(f"row {block.rows[index]}", [])
    return gathered


def need_fields(gathered: Gathered, wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse an export without a column that nothing else can stand for.

    `wanted` tells for each field the headers that would do. Refuses: HeaderUnfit.
    """
    for name, headers in wanted.items():
        if name not in gathered.cells:
            raise HeaderUnfit(
                f"{gathered.file} has no column {' or '.join(headers)}, which its rows need.",
                code="EXPORT_INCOMPLETE",
                facts={"file": gathered.file, "missing": list(headers)},
                remedy="Add the column to the export, or say how to read the file with --map.",
            )
