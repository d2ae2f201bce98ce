"""Tables of remittances: columns known by words of the header, in CSV, workbooks and texts."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import BinaryIO

from duly.cash_application.rules.advices import Event
from duly.interfaces.exchange.readers.bank.decoding import decoded
from duly.interfaces.exchange.readers.remittance.gathering import (
    MONEY,
    OF_PAYMENT,
    Draft,
    Gathered,
)
from duly.interfaces.exchange.readers.remittance.loose import Figure, figure_of, speaks_of
from duly.interfaces.exchange.readers.remittance.telling import (
    MOST_LINES,
    doubtful,
    too_many,
    unreadable,
)
from duly.interfaces.exchange.readers.remittance.words import Columns, columns_of, words
from duly.kernel.quoting import quoted

HEADER_ROWS = 60  # the header stands among so many rows
_DELIMITERS = (";", ",", "\t", "|")
_RULE = re.compile(r"[-=_:+*.\s]+")  # a row of these is a line between rows
_DIGIT = re.compile(r"\d")
_LONGEST_CELL = 10_000
_MOST_CELLS = 1_000  # of a row
Row = tuple[str, Sequence[str]]  # its place, its cells


def read_csv(file: BinaryIO, name: str) -> Iterator[Event]:
    """What a CSV says, its header found by its words and its delimiter by the header."""
    text, problem = decoded(file)
    if problem:
        yield unreadable(problem.where, problem.message)
        return
    head = text.read(1 << 16)
    delimiter = delimiter_of(head)
    if delimiter is None:
        yield unreadable("line 1", "no row of it is a header with numbers and amounts")
        return
    text.seek(0)
    yield from advices_of(_rows(text, delimiter), name)


def delimiter_of(head: str) -> str | None:
    """The delimiter by which a row near the beginning of a text is a header; None without one."""
    lines = head.splitlines()[:HEADER_ROWS]
    for delimiter in _DELIMITERS:
        for line in lines:
            if delimiter in line and columns_of(next(csv.reader([line], delimiter=delimiter), [])):
                return delimiter
    return None


def _rows(text: io.TextIOBase, delimiter: str) -> Iterator[Row]:
    """The rows; a row of None where the table breaks."""
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 20))
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield f"line {rows.line_num}", ["\0"]
            return
        yield f"line {rows.line_num}", row


def advices_of(rows: Iterable[Row], name: str) -> Iterator[Event]:
    """The advices of a table, with the lines above its header."""
    gathered = Gathered(name)
    columns: Columns | None = None
    for count, (place, row) in enumerate(rows):
        cells = [cell.strip() for cell in row[:_MOST_CELLS]]
        if cells == ["\0"] or any(len(cell) > _LONGEST_CELL for cell in cells):
            gathered.problems.append(unreadable(place, "a cell is endless, or a quote is missing"))
            break
        if count > MOST_LINES:
            gathered.problems.append(too_many(name))
            break
        if columns is None:
            columns = columns_of(cells) if count < HEADER_ROWS else None
            if columns is None:
                take_heads(gathered, cells)
            else:
                gathered.currency = columns.currency
        elif any(map(_RULE.sub, repeat(""), cells)) and not _is_header_again(cells):
            take_row(gathered, columns, place, cells)
    if columns is None:
        yield unreadable("line 1", "no row of it is a header with numbers and amounts")
        return
    yield from gathered.events()


def take_heads(gathered: Gathered, cells: Sequence[str]) -> None:
    """Take a row above the table: "key: value" in a cell, or a key and its value beside it."""
    filled = [cell for cell in cells if cell]
    for place, cell in enumerate(filled):
        beside = filled[place + 1] if place + 1 < len(filled) else ""
        if not gathered.head_line(cell) and beside:
            gathered.head(cell, beside)


def _is_header_again(cells: Sequence[str]) -> bool:
    return not any(map(_DIGIT.search, cells)) and columns_of(cells) is not None


def take_row(gathered: Gathered, columns: Columns, place: str, cells: Sequence[str]) -> None:
    """Take a row below the header: a line, a total, a deduction of its own, or a remark."""
    said = {role: cells[at] for role, at in columns.at.items() if at < len(cells) and cells[at]}
    money, unread = {}, []
    for role in MONEY:
        if role in said:
            figure = figure_of(said[role])
            if figure is None:
                unread.append(said[role])
            else:
                money[role] = figure
    number = said.get("number", "")
    text = said.get("text", "")
    label = number or text or next(filter(None, cells), "")
    if is_total(label) or (not number and money and not _has_words(cells)):
        gathered.amounts += [money[role] for role in ("paid", "gross") if role in money][:1]
        return
    if unread:
        gathered.problems.append(unreadable(place, f"{quoted(unread[0])} is no amount"))
        return
    if not money:
        if not gathered.head_line(label) and number:
            gathered.problems.append(doubtful(place, f"{quoted(number)} has no amount."))
            gathered.drafts.append(_draft(place, said, {}))
        return
    gathered.drafts.append(_draft(place, said, money))


def _draft(place: str, said: dict[str, str], money: dict[str, Figure]) -> Draft:
    number, text = said.get("number", ""), said.get("text", "")
    kind = said.get("kind", "")
    told = f"{kind} {text}"
    is_negative = any(one.is_negative for one in money.values())
    return Draft(
        place,
        number,
        money,
        is_credit=speaks_of("credit", told)
        or kind.casefold() in ("credit", "cr")
        or _is_credit_number(number),
        is_deduction=not number and (is_negative or speaks_of("deduction", told)),
        reason=said.get("reason", ""),
        text=text,
        payment=tuple(said.get(role, "") for role in OF_PAYMENT),
        currency=said.get("currency", "").upper()[:3],
    )


def _is_credit_number(number: str) -> bool:
    """A number that says itself that it is a credit note's: "Gutschrift 12"."""
    return " " in number and speaks_of("credit", number)


def is_total(label: str) -> bool:
    """Tell whether a label is that of a total, and not of a part or a tax."""
    known = words().lines
    begins = known["total"].match(label.strip(" *-–=\t").casefold()[:60])
    return begins is not None and not known["not_total"].search(label[:60])


def _has_words(cells: Sequence[str]) -> bool:
    return any(re.search(r"[^\W\d_]{2,}", cell) and figure_of(cell) is None for cell in cells)
