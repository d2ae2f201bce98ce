"""Statements out of files: a table as CSV or XLSX, a JSON document, accounts filed in iXBRL."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from duly.credit.errors import StatementUnfit
from duly.credit.rules.statement_files import months_of, statements_given
from duly.credit.rules.statement_lines import BY_ID, LINES
from duly.credit.rules.statements import Sheet, unit_of
from duly.interfaces.exchange.json_documents import read_document
from duly.interfaces.exchange.readers import open_tables
from duly.interfaces.exchange.readers.filings import is_filing, read_filing
from duly.interfaces.exchange.readers.formats import read_head
from duly.interfaces.exchange.readers.numbers import NumberStyle
from duly.interfaces.exchange.readers.refusals import HeaderUnfit, SourceMissing
from duly.interfaces.exchange.readers.tables import Table
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError, Malformed, Problem
from duly.kernel.quoting import quoted

STYLE = NumberStyle(".", ",")  # as Duly writes numbers
# What accounts call a line, besides its own name and label.
_CALLED = {
    "accounts receivable": "receivables",
    "debtors": "receivables",
    "trade debtors": "receivables",
    "stock": "inventory",
    "stocks": "inventory",
    "intangible assets": "intangibles",
    "accounts payable": "payables",
    "trade creditors": "payables",
    "creditors due within one year": "current_liabilities",
    "shareholders' equity": "equity",
    "shareholders' funds": "equity",
    "net assets": "equity",
    "revenue": "sales",
    "turnover": "sales",
    "cost of sales": "cost_of_goods_sold",
    "operating profit": "ebit",
    "ebit": "ebit",
    "interest expense": "interest",
    "net profit": "net_income",
    "profit for the year": "net_income",
}
_NAMES = (
    {line.id: line.id for line in LINES}
    | {line.id.replace("_", " "): line.id for line in LINES}
    | {line.label.casefold(): line.id for line in LINES}
    | _CALLED
)


class ReadStatements(NamedTuple):
    """What a file says: its sheets, what to know of them, and its SHA-256."""

    sheets: list[Sheet]
    notes: list[str]
    sha256: str
    kind: str


class Said(NamedTuple):
    """What a person says of a table that can't say it itself."""

    unit: object = None
    currency: str = ""


def read_statements(path: Path, name: str, said: Said) -> ReadStatements:
    """The statements of a file, newest first. The unit of a table must be said.

    Refuses: a DulyError with the place for whatever can't be read.
    """
    if not path.is_file():
        raise SourceMissing(
            f"There is no file {name}.",
            facts={"file": name},
            remedy="Look at the name and the folder.",
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    head = read_head(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        given = statements_given(read_document(path))
        notes = [f"{problem.where}: {problem.message}" for problem in given.problems]
        return ReadStatements(given.sheets, notes, digest, "json")
    if is_filing(head):
        filing = read_filing(path.read_bytes(), name)
        return ReadStatements(filing.sheets, filing.notes, digest, "ixbrl")
    unit, currency = unit_of(said.unit), said.currency
    exponent(currency)
    table = open_tables(path, name)[0].plain()
    sheets = _sheets(table, unit, currency)
    newest = sorted(sheets, key=lambda sheet: sheet.year_end, reverse=True)
    return ReadStatements(newest, [], digest, "table")


def line_named(text: str) -> str | None:
    """The line that a text names, by id, label or what accounts call it; None for none.

    >>> line_named("Turnover"), line_named("total_assets"), line_named("Goodwill")
    ('sales', 'total_assets', None)
    """
    return _NAMES.get(" ".join(text.casefold().split()))


def _sheets(table: Table, unit: int, currency: str) -> list[Sheet]:
    """Years in rows where a column is year_end; else lines in rows and years in columns."""
    columns: list[list[str]] = [[] for _ in table.header]
    rows: list[int] = []
    problems: list[Problem] = []
    for block in table.blocks:
        rows += block.rows
        problems += block.problems
        for held, column in zip(columns, block.columns, strict=True):
            held += column
    if problems:
        raise _unread(table.name, problems)
    years = table.place_of("year_end")
    if years is not None:
        named = dict(zip((cell.casefold() for cell in table.header), columns, strict=True))
        cells = {
            place: {name: column[place] for name, column in named.items()}
            for place in range(len(rows))
        }
        places = {place: f"row {rows[place]}" for place in cells}
    else:
        cells, places = _turned(table, columns, rows)
    return _read(table.name, cells, places, unit, currency)


def _turned(
    table: Table, columns: Sequence[Sequence[str]], rows: Sequence[int]
) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    names = [cell.strip() for cell in columns[0]] if columns else []
    days = [(place, cell) for place, cell in enumerate(table.header) if place and cell]
    if not days or not any(line_named(name) for name in names):
        raise HeaderUnfit(
            f"{table.name} is no table of statements.",
            facts={"file": table.name, "header": list(table.header[:10])},
            remedy="Write lines in rows and year ends (2025-12-31) in the header; or a row for "
            "each year, with year_end and lines in the header.",
        )
    cells = {}
    for place, day in days:
        held = {"year_end": day}
        for name, text in zip(names, columns[place], strict=True):
            if name and text.strip():
                held[name] = text
        cells[place] = held
    return cells, {place: f"column {quoted(day)}" for place, day in days}


def _read(
    name: str,
    cells: dict[int, dict[str, str]],
    places: dict[int, str],
    unit: int,
    currency: str,
) -> list[Sheet]:
    sheets, problems = [], []
    for key, held in cells.items():
        figures: dict[str, Decimal] = {}
        year_end, months = date.min, 12
        for told, text in held.items():
            where, line = f"{places[key]}, {told}", line_named(told)
            try:
                if told.casefold() == "year_end":
                    year_end = parse_iso_date(text.strip())
                elif told.casefold() == "months":
                    months = months_of(text.strip(), places[key])
                elif line is None:
                    raise StatementUnfit(
                        f"{quoted(told)} is no line that is kept.",
                        remedy=f"Leave it out, or name one: {', '.join(BY_ID)}.",
                    )
                elif line in figures:
                    raise StatementUnfit(
                        f"{BY_ID[line].label} is told twice.", remedy="Leave one of them."
                    )
                elif text.strip():
                    figures[line] = Decimal(STYLE.read(text)) * unit
            except DulyError as error:
                problems.append(Problem(where, error.code, error.message, error.remedy))
        sheets.append(Sheet(year_end, months, unit, currency, figures))
    if problems:
        raise _unread(name, problems)
    return sheets


def _unread(name: str, problems: list[Problem]) -> Malformed:
    return Malformed(
        f"{name} has {len(problems)} places that can't be read; nothing was taken.",
        code="STATEMENT_UNREADABLE",
        facts={"file": name, "problems": problems[:200]},
        remedy="Mend each of them in the file.",
    )


def kept_document(kept: Any) -> dict[str, Any]:
    """A kept statement as scripts read it."""
    return {
        "id": kept.id,
        "year_end": kept.sheet.year_end.isoformat(),
        "months": kept.sheet.months,
        "currency": kept.sheet.currency,
        "unit": kept.sheet.unit,
        "kind": kept.firm_kind,
        "assurance": kept.assurance,
        "file": kept.file,
        "corrects": kept.corrected,
        "actor": kept.actor,
        "recorded_at": kept.recorded_at.isoformat(),
        "figures": {line: format(value, "f") for line, value in kept.sheet.figures.items()},
    }
