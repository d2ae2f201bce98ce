"""Tables: what a delimited file or one worksheet holds before anyone knows what it means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from duly.kernel.errors import Problem


@dataclass(slots=True)
class RawBlock:
    """Some rows of a table, column by column, as text.

    `rows` numbers each row as a spreadsheet does; `columns[i]` is the column under `header[i]`,
    one text a row, '' where the cell is empty; `spoilt` holds the indexes of rows that could not
    be read, each told in `problems`. Whoever turns this into a block of a sheet passes all three
    on.
    """

    rows: Sequence[int]
    columns: list[list[str]]
    problems: list[Problem] = field(default_factory=list)
    spoilt: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Table:
    """A header and what stands under it, to be read once.

    `name` is the file's name as the person knows it; `part` the worksheet's, '' for a delimited
    file; `header` the cells of row `header_row`, stripped, none of them twice.
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    blocks: Iterator[RawBlock]
    part: str = ""

    def place_of(self, header: str) -> int | None:
        """The position of a column by its header, in whatever case; None if there is none.

        >>> Table("a.csv", ("Number", "Amount"), 1, iter(())).place_of("amount")
        1
        """
        wanted = header.strip().casefold()
        for place, cell in enumerate(self.header):
            if cell.casefold() == wanted:
                return place
        return None
