"""Tables: what a delimited file or one worksheet holds before anyone knows what it means."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from duly.interfaces.exchange.readers.numbers import Exact
from duly.kernel.errors import Defect, Problem


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
    """A header and what stands under it; the blocks can be read once.

    `name` is the file's name as the person knows it; `part` the worksheet's, '' for a delimited
    file; `header` the cells of row `header_row`, stripped; `reopen` gives the same table from its
    start; `is_typed` tells that cells may be `Exact` (numbers and days of a worksheet).
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    blocks: Iterator[RawBlock]
    part: str = ""
    reopen: Callable[[], "Table"] | None = None
    is_typed: bool = False

    def again(self) -> "Table":
        """The same table from its start, plain when this one is."""
        if self.reopen is None:
            raise Defect(f"The table of {self.name} can be read once only.")
        return self.reopen()

    def plain(self) -> Self:
        """The table with every cell as plain text, for readers that ask nothing of a worksheet."""
        if not self.is_typed:
            return self
        reopen = self.reopen
        return replace(
            self,
            blocks=map(_plain, self.blocks),
            is_typed=False,
            reopen=(lambda: reopen().plain()) if reopen else None,
        )

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


def _plain(block: RawBlock) -> RawBlock:
    block.columns = [
        [str(text) if type(text) is Exact else text for text in column] for column in block.columns
    ]
    return block
