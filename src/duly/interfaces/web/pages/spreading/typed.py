"""The grid as it was typed: lines by years, kept as text until every cell can be read."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from duly.credit.actions.statements import StatementDraft
from duly.credit.queries.statements import Kept
from duly.credit.rules.statement_files import months_of, positive_given
from duly.credit.rules.statement_lines import LINES
from duly.credit.rules.statements import Sheet, plain, unit_of
from duly.interfaces.exchange.statement_files import STYLE, ReadStatements
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError

YEARS = 3
LONGEST = 40
T = TypeVar("T")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Column(NamedTuple):
    """A year as it is typed."""

    year_end: str = ""
    months: str = "12"
    cells: Mapping[str, str] = {}


class Typed(NamedTuple):
    """Everything that was typed; `file` is what it was read from."""

    unit: str = ""
    currency: str = ""
    firm_kind: str = ""
    assurance: str = ""
    market_value: str = ""
    price_index: str = ""
    file: str = ""
    sha256: str = ""
    columns: tuple[Column, ...] = (Column(),) * YEARS


class Fault(NamedTuple):
    """A cell that can't be read, by the id of its field."""

    field: str
    message: str


def typed_in(posted: Mapping[str, str]) -> Typed:
    """What a form says, each text cut to what a cell may hold."""
    told = {name: posted.get(name, "")[:LONGEST] for name in Typed._fields[:6]}
    columns = tuple(
        Column(
            posted.get(f"year_end-{place}", "")[:LONGEST],
            posted.get(f"months-{place}", "12")[:LONGEST],
            {line.id: posted.get(f"{line.id}-{place}", "")[:LONGEST] for line in LINES},
        )
        for place in range(YEARS)
    )
    sha256 = posted.get("sha256", "")
    is_digest = bool(_SHA256.fullmatch(sha256))
    return Typed(
        **told,
        file=posted.get("file_name", "")[:200] if is_digest else "",
        sha256=sha256 if is_digest else "",
        columns=columns,
    )


def typed_from(kept: Sequence[Kept], currency: str, on: date) -> Typed:
    """What is kept, to be gone on with; for a firm without statements the last year ends."""
    if not kept:
        ends = [date(on.year - back, 12, 31) for back in range(1, YEARS + 1)]
        return Typed(currency=currency, columns=tuple(Column(str(day)) for day in ends))
    newest = kept[0]
    return Typed(
        str(newest.sheet.unit),
        newest.sheet.currency,
        newest.firm_kind,
        newest.assurance,
        _in_unit(newest.market_value, newest.sheet.unit),
        "" if newest.price_index is None else plain(newest.price_index),
        columns=_columns([one.sheet for one in kept], newest.sheet.unit),
    )


def typed_with(typed: Typed, read: ReadStatements, name: str) -> Typed:
    """The grid with the years of a file in it, in the unit of the grid where it says one."""
    unit = int(typed.unit) if typed.unit in ("1", "1000", "1000000") else read.sheets[0].unit
    return typed._replace(
        unit=str(unit),
        currency=read.sheets[0].currency,
        file=name[:200],
        sha256=read.sha256,
        columns=_columns(read.sheets, unit),
    )


def _columns(sheets: Sequence[Sheet], unit: int) -> tuple[Column, ...]:
    found = [
        Column(
            str(sheet.year_end),
            str(sheet.months),
            {line: _in_unit(value, unit) for line, value in sheet.figures.items()},
        )
        for sheet in sheets[:YEARS]
    ]
    return (*found, *(Column() for _ in range(YEARS - len(found))))


def _in_unit(value: Decimal | None, unit: int) -> str:
    return "" if value is None else plain(value / unit)


class _Reader:
    """Reads cells, and collects what can't be read by the field it stands in."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def read(self, field: str, make: Callable[..., T], *given: object) -> T | None:
        """What is made of a cell; None, and a fault, where it is refused."""
        try:
            return make(*given)
        except DulyError as error:
            self.faults.append(Fault(field, f"{error.message} {error.remedy}".strip()))
            return None


def drafts_of(typed: Typed) -> tuple[list[StatementDraft], list[Fault]]:
    """The statements that were typed, or every cell that can't be read."""
    cells = _Reader()
    currency = typed.currency.strip().upper()
    told = int(typed.unit) if typed.unit.isdecimal() else None
    unit = cells.read("unit", unit_of, told) or 1
    cells.read("currency", exponent, currency)
    market = cells.read("market_value", _amount, typed.market_value, unit)
    index = cells.read("price_index", _index, typed.price_index)
    for field, message in (
        ("firm_kind", "Say what kind of firm it is: it decides the model."),
        ("assurance", "Say who looked at the statement."),
    ):
        if not getattr(typed, field):
            cells.faults.append(Fault(field, message))
    filled = [
        (place, column)
        for place, column in enumerate(typed.columns)
        if any(text.strip() for text in column.cells.values())
    ]
    if not filled:
        cells.faults.append(Fault(f"{LINES[0].id}-0", "No figure is typed yet."))
    sheets = [_sheet(cells, place, column, unit, currency) for place, column in filled]
    firm = (typed.firm_kind, typed.assurance, market, index, typed.file, typed.sha256)
    return [StatementDraft(sheet, *firm) for sheet in sheets if sheet is not None], cells.faults


def _sheet(cells: _Reader, place: int, column: Column, unit: int, currency: str) -> Sheet | None:
    day = cells.read(f"year_end-{place}", parse_iso_date, column.year_end.strip())
    months = cells.read(f"months-{place}", months_of, column.months.strip(), "Months")
    read = {
        line: cells.read(f"{line}-{place}", _amount, text, unit)
        for line, text in column.cells.items()
    }
    if day is None or months is None:
        return None
    figures = {line: value for line, value in read.items() if value is not None}
    return Sheet(day, months, unit, currency, figures)


def _amount(text: str, unit: int) -> Decimal | None:
    read = STYLE.read(text)
    return Decimal(read) * unit if read else None


def _index(text: str) -> Decimal | None:
    read = STYLE.read(text)
    return positive_given(Decimal(read), "The price index") if read else None
