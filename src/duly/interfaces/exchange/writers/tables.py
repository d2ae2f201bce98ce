"""Rows to CSV and XLSX files."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter

from duly.interfaces.exchange.writers.neutral import is_number, neutral
from duly.kernel.errors import Malformed

MOST_DIGITS = 15
MOST_ROWS = 1_048_576  # of a worksheet, with its heading


class WorkbookFull(Malformed):
    """More rows than a worksheet has."""

    code = "WORKBOOK_FULL"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` that takes its place when all of it is written."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    new = Path(name)
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV, UTF-8 with a byte order mark."""
    with replacing(path) as new, new.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows([neutral(cell) for cell in row] for row in rows)


def write_xlsx(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    texts: int = 0,
    sheet: str = "Duly",
) -> None:
    """Write rows as XLSX.

    The first `texts` columns are texts also where they look like numbers: an id keeps its zeros.
    So does a number of more digits than a spreadsheet keeps. Refuses: WorkbookFull.
    """
    # Rows wait in a file until the book is closed; where one fails, that file goes all the same.
    with replacing(path) as new, tempfile.TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(new), {"constant_memory": True, "tmpdir": scratch})
        page = book.add_worksheet(sheet)
        for place, name in enumerate(columns):
            page.write_string(0, place, name)
        for number, row in enumerate(rows, 1):
            if number >= MOST_ROWS:
                raise WorkbookFull(
                    f"A workbook has room for {MOST_ROWS - 1:,} rows, and these are more.",
                    facts={"most_rows": MOST_ROWS - 1},
                    remedy="Take them as CSV, or narrow the list.",
                )
            for place, cell in enumerate(row):
                is_figure = place >= texts and is_number(cell)
                if is_figure and sum(map(str.isdigit, cell)) <= MOST_DIGITS:
                    page.write_number(number, place, float(cell))
                else:
                    page.write_string(number, place, cell)
        book.close()
