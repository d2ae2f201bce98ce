"""A table of firms with outcomes: read with care, each firm once.

Rule: a cell is a number, or it is missing ("?", or nothing). The outcome is 0 or 1, 1 is what went
wrong. Rows that are alike in all of it are one firm told twice. Firms that are alike in all but the
outcome share a group, so that no fold is asked what another has answered.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duly.credit.errors import TableUnfit
from duly.credit.rules.prohibited import refuse_prohibited
from duly.kernel.quoting import CONTROLS, safe_text

MISSING = frozenset({"", "?"})
LEAST_ROWS, LEAST_OF_A_KIND = 200, 25
MOST_ROWS, MOST_COLUMNS, LONGEST_COLUMN = 200_000, 1_000, 160
_NUMBER = re.compile(r"[+-]?(\d{1,300}\.?\d{0,300}|\.\d{1,300})([eE][+-]?\d{1,2})?", re.ASCII)

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


class Firms(NamedTuple):
    """Inputs by column (NaN is missing), the outcomes, and the group of each row.

    `left_out` are (column, why): what says nothing of anybody.
    """

    names: tuple[str, ...]
    inputs: Numbers
    failed: Whole
    groups: Whole
    left_out: tuple[tuple[str, str], ...] = ()


def read_firms(
    header: Sequence[str], rows: Sequence[Sequence[str]], target: str, without: Sequence[str] = ()
) -> Firms:
    """The firms of a table. Refuses: TableUnfit, naming the place, ProhibitedBasis."""
    _refuse_header(header, target, without)
    names = [name for name in header if name not in {target, *without}]
    refuse_prohibited(names)
    if len(rows) > MOST_ROWS:
        raise _unfit("rows", f"More than {MOST_ROWS} rows.", "Take a sample of them.")
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise _unfit(
                f"row {number}", f"{len(row)} cells under {len(header)} columns.", "Mend the row."
            )
    place = {name: n for n, name in enumerate(header)}
    failed = _outcomes([row[place[target]].strip() for row in rows], target)
    columns = [_numbers([row[place[name]].strip() for row in rows], name) for name in names]
    inputs = np.column_stack(columns) if columns else np.empty((len(rows), 0))
    firms = _each_once(names, inputs, failed)
    _refuse_few(firms)
    return firms


def _refuse_header(header: Sequence[str], target: str, without: Sequence[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise _unfit("header", f"{len(header)} columns.", f"Leave at most {MOST_COLUMNS} in.")
    for name in header:
        if not name.strip() or len(name) > LONGEST_COLUMN or CONTROLS.search(name):
            raise _unfit(
                f"column {safe_text(name)}",
                "A column without a name that can be shown.",
                f"Name it in 1 to {LONGEST_COLUMN} characters.",
            )
    if len(set(header)) != len(header):
        twice = next(name for name in header if list(header).count(name) > 1)
        raise _unfit(f"column {twice}", "Two columns have this name.", "Rename one.")
    for name in (target, *without):
        if name not in header:
            raise _unfit(
                f"column {safe_text(name)}",
                "There is no such column.",
                f"The columns are {', '.join(header[:20])}{', ...' * (len(header) > 20)}.",
            )


def _outcomes(cells: list[str], target: str) -> Whole:
    for number, cell in enumerate(cells, 2):
        if cell not in {"0", "1"}:
            raise _unfit(
                f"row {number}, column {target}",
                f"{safe_text(cell)!r} is no outcome.",
                "Write 1 for a firm that failed and 0 for one that did not.",
            )
    return np.array([cell == "1" for cell in cells], dtype=np.int64)


def _numbers(cells: list[str], name: str) -> Numbers:
    for number, cell in enumerate(cells, 2):
        if cell not in MISSING and not _NUMBER.fullmatch(cell):
            raise _unfit(
                f"row {number}, column {name}",
                f"{safe_text(cell)!r} is no number.",
                "Write a number with a decimal point, or leave the column out with --without.",
            )
    return np.array(["nan" if cell in MISSING else cell for cell in cells], dtype=np.float64)


def _each_once(names: list[str], inputs: Numbers, failed: Whole) -> Firms:
    group_of: dict[bytes, int] = {}
    seen: set[tuple[int, int]] = set()
    kept, groups = [], []
    plain = inputs + 0  # minus nothing is nothing
    for row in range(len(failed)):
        group = group_of.setdefault(plain[row].tobytes(), len(group_of))
        if (told := (group, int(failed[row]))) not in seen:
            seen.add(told)
            kept.append(row)
            groups.append(group)
    inputs = inputs[kept]
    says = [len(np.unique(column)) > 1 for column in inputs.T]
    return Firms(
        names=tuple(name for name, is_told in zip(names, says, strict=True) if is_told),
        inputs=inputs[:, says],
        failed=failed[kept],
        groups=np.array(groups, dtype=np.int64),
        left_out=tuple(
            (name, "the same for all")
            for name, is_told in zip(names, says, strict=True)
            if not is_told
        ),
    )


def _refuse_few(firms: Firms) -> None:
    rows, bad = len(firms.failed), int(firms.failed.sum())
    if rows < LEAST_ROWS or min(bad, rows - bad) < LEAST_OF_A_KIND:
        raise _unfit(
            "rows",
            f"{rows} distinct firms, {bad} of which failed, are too few to learn from.",
            f"Take at least {LEAST_ROWS}, with {LEAST_OF_A_KIND} of each outcome.",
        )
    if not firms.names:
        raise _unfit("columns", "No column differs from firm to firm.", "Add inputs.")


def _unfit(place: str, what: str, remedy: str) -> TableUnfit:
    return TableUnfit(f"{place}: {what}", facts={"where": place}, remedy=remedy)
