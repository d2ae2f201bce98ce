"""XLSX remittances: the first visible worksheet that has a header with numbers and amounts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from duly.cash_application.rules.advices import Event
from duly.interfaces.exchange.readers.remittance.tables import HEADER_ROWS, advices_of
from duly.interfaces.exchange.readers.remittance.telling import MOST_LINES, unreadable
from duly.interfaces.exchange.readers.remittance.words import columns_of
from duly.interfaces.exchange.readers.workbook import check_workbook, text_of

_MOST_CELLS = 1_000


def read_workbook(path: Path, name: str) -> Iterator[Event]:
    """What a workbook says. Refuses, before it is parsed: what `check_workbook` does."""
    check_workbook(path, name)
    # openpyxl takes a fifth of a second to load: only those who read a workbook wait for it.
    import openpyxl

    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for page in book.worksheets:
                if page.sheet_state == "visible":
                    rows = list(_rows(page))
                    if any(columns_of(cells) for _, cells in rows[:HEADER_ROWS]):
                        yield from advices_of(rows, name)
                        return
    except Exception as error:  # whatever broken XML makes openpyxl raise
        yield unreadable("the workbook", f"it is damaged ({type(error).__name__})")
        return
    yield unreadable("row 1", "no row of it is a header with numbers and amounts")


def _rows(page: Any) -> Iterator[tuple[str, list[str]]]:
    """The rows as texts, and one more than may be."""
    if not hasattr(page, "iter_rows"):  # a chart
        return
    if hasattr(page, "reset_dimensions"):
        page.reset_dimensions()  # what a file says of its own size need not be true
    for row, cells in enumerate(page.iter_rows(values_only=True, max_col=_MOST_CELLS), 1):
        yield f"row {row}", [text_of(cell) for cell in cells]
        if row > MOST_LINES:
            return
