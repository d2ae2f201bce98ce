"""A table of firms with outcomes, from a CSV file, and the card fitted to it."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from duly.credit.errors import TableUnfit
from duly.credit.rules.training.knobs import KNOBS, Knobs
from duly.credit.rules.training.tables import MOST_ROWS, read_firms

MOST_BYTES = 500_000_000
LONGEST_LINE = 1 << 20
LONGEST_CELL = 4_096


def train_from(
    path: Path,
    target: str,
    *,
    without: Sequence[str] = (),
    version: str,
    knobs: Knobs = KNOBS,
    told: Callable[[int], None] = lambda rows: None,
) -> dict[str, Any]:
    """The report of a card fitted to a file. Writes nothing; nobody but a person adopts a card.

    Refuses: TableUnfit, ProhibitedBasis.
    """
    header, rows = read_table(path)
    firms = read_firms(header, rows, target, without)
    from duly.credit.rules.training.reporting import train  # heavy: only where it is needed

    return train(firms, version=version, knobs=knobs, told=told).report


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of a CSV file in UTF-8, fields parted by comma or semicolon.

    Refuses: TableUnfit.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _unreadable(path, f"It has more than {MOST_BYTES} bytes")
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next(_lines(file), "")
            mark = ";" if first.count(";") > first.count(",") else ","
            file.seek(0)
            rows: list[list[str]] = []
            for row in csv.reader(_lines(file), delimiter=mark, strict=True):
                rows += [row] if row else []
                if len(rows) > MOST_ROWS + 1:
                    raise ValueError(f"it has more than {MOST_ROWS} rows")
    except (ValueError, csv.Error) as error:
        raise _unreadable(path, str(error)[:120]) from None
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise _unreadable(path, "It is empty")
    return rows[0], rows[1:]


def _lines(file: Any) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ValueError(f"a line has more than {LONGEST_LINE} characters")
        yield line


def _unreadable(path: Path, why: str) -> TableUnfit:
    return TableUnfit(
        f"{path.name} can't be read as a table: {why}.",
        facts={"where": path.name},
        remedy="Save it as CSV in UTF-8, with a header and one firm a row.",
    )
