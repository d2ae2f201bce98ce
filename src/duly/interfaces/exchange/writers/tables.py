"""Rows to CSV and XLSX files."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter

from duly.interfaces.exchange.writers.neutral import is_number, neutral


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
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], sheet: str = "Duly"
) -> None:
    """Write rows as XLSX."""
    with replacing(path) as new:
        book = xlsxwriter.Workbook(str(new), {"in_memory": False, "constant_memory": True})
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, columns)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if is_number(cell):
                    page.write_number(number, place, float(cell))
                else:
                    page.write_string(number, place, cell)
        book.close()
