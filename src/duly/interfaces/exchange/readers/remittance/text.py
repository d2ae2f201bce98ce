"""Pasted text, the body of a mail, the text of a PDF: lines with numbers and amounts, and tables.

Rule: where a row of words is a header, rows below it that have as many cells are read by it; any
other line is read by how its parts look. A line without amounts counts where it says that it names
invoices. Totals are held against the lines.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from duly.cash_application.rules.advices import Event
from duly.interfaces.exchange.readers.bank.decoding import decoded
from duly.interfaces.exchange.readers.remittance.gathering import MONEY, Draft, Gathered
from duly.interfaces.exchange.readers.remittance.loose import Figure, loose_line, speaks_of
from duly.interfaces.exchange.readers.remittance.tables import is_total, take_row
from duly.interfaces.exchange.readers.remittance.telling import (
    MOST_LINES,
    MOST_TEXT,
    too_many,
    unreadable,
)
from duly.interfaces.exchange.readers.remittance.words import Columns, columns_of

_CELLS = re.compile(r" *[\t|;] *| {2,}")
_LONGEST_LINE = 20_000


def read_text(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a text says: one advice."""
    text, problem = decoded(file, lines=False)
    if problem:
        yield unreadable(problem.where, problem.message)
        return
    said = text.read(MOST_TEXT + 1)
    if len(said) > MOST_TEXT:
        yield unreadable("line 1", "a text of this length is no remittance", "Give a CSV.")
        return
    yield from advice_in(said.splitlines(), name)


def advice_in(lines: Iterable[str], name: str) -> Iterator[Event]:
    """The advice in some lines of text, or INCOMPLETE where there is none."""
    gathered = Gathered(name)
    columns: Columns | None = None
    for row, line in enumerate(lines, 1):
        if row > MOST_LINES:
            gathered.problems.append(too_many(name))
            break
        text = line.strip()[:_LONGEST_LINE]
        if not text:
            continue
        cells = [cell.strip() for cell in _CELLS.split(text.strip("|"))]
        found = columns_of(cells) if len(cells) > 1 else None
        if found is not None:
            columns, gathered.currency = found, found.currency
        elif columns is not None and len(cells) == columns.width:
            take_row(gathered, columns, f"line {row}", cells)
        else:
            _take_line(gathered, columns, f"line {row}", text)
    yield from gathered.events()


def _take_line(gathered: Gathered, columns: Columns | None, place: str, text: str) -> None:
    """Take a line by how its parts look."""
    told = loose_line(text)
    if is_total(text) and told.figures:
        gathered.amounts.append(told.figures[-1])
        return
    if gathered.head_line(text):
        return
    number = told.numbers[0] if told.numbers else ""
    if not told.figures:
        if told.numbers and speaks_of("invoice", text):
            gathered.drafts += [Draft(place, each, {}, text=text) for each in told.numbers]
        elif told.numbers and speaks_of("advice", text):
            gathered.heads.setdefault("payment_reference", number)
        return
    is_deduction = speaks_of("deduction", text)
    if not number and not is_deduction:
        gathered.amounts += told.figures[:1] if speaks_of("advice", text) else ()
        return
    roles = {} if is_deduction else _roles(columns, told.figures)
    gathered.drafts.append(
        Draft(
            place,
            number,
            roles,
            () if roles else told.figures,
            is_credit=speaks_of("credit", text),
            is_deduction=is_deduction,
            text=text,
        )
    )


def _roles(columns: Columns | None, figures: tuple[Figure, ...]) -> dict[str, Figure]:
    """Amounts by the order of the header's columns, where there are as many."""
    if columns is None:
        return {}
    order = sorted((at, role) for role, at in columns.at.items() if role in MONEY)
    if len(order) != len(figures):
        return {}
    return {role: figure for (_, role), figure in zip(order, figures, strict=True)}
