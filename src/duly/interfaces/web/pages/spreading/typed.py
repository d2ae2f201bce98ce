"""The grid as it was typed: lines by years, kept as text until every cell can be read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

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
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Column(NamedTuple):
    """A year as it is typed."""

    year_end: str = ""
    months: str = "12"
    cells: Mapping[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed into it."""
        return not self.year_end.strip() and not any(text.strip() for text in self.cells.values())


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


def drafts_of(typed: Typed) -> tuple[list[StatementDraft], list[Fault]]:
    """The statements that were typed, or every cell that can't be read."""
    faults: list[Fault] = []

    def read(field: str, make: object, *given: object) -> object:
        try:
            return make(*given)  # type: ignore[operator]
        except DulyError as error:
            faults.append(Fault(field, f"{error.message} {error.remedy}".strip()))
            return None

    unit = read("unit", unit_of, int(typed.unit) if typed.unit.isdecimal() else None) or 1
    read("currency", exponent, typed.currency.strip().upper())
    market = read("market_value", _amount, typed.market_value, unit)
    index = read("price_index", _index, typed.price_index)
    if not typed.firm_kind:
        faults.append(Fault("firm_kind", "Say what kind of firm it is: it decides the model."))
    if not typed.assurance:
        faults.append(Fault("assurance", "Say who looked at the statement."))
    drafts = []
    for place, column in enumerate(typed.columns):
        if column.is_empty or not any(text.strip() for text in column.cells.values()):
            continue
        day = read(f"year_end-{place}", parse_iso_date, column.year_end.strip())
        months = read(f"months-{place}", months_of, column.months.strip(), "Months")
        figures = {
            line: value
            for line, text in column.cells.items()
            if text.strip() and (value := read(f"{line}-{place}", _amount, text, unit)) is not None
        }
        sheet = Sheet(day, months, unit, typed.currency.strip().upper(), figures)  # type: ignore[arg-type]
        drafts.append(
            StatementDraft(
                sheet,
                typed.firm_kind,
                typed.assurance,
                market,  # type: ignore[arg-type]
                index,  # type: ignore[arg-type]
                typed.file,
                typed.sha256,
            )
        )
    if not drafts:
        faults.append(Fault(f"{LINES[0].id}-0", "No figure is typed yet."))
    return drafts, faults


def _amount(text: str, unit: int) -> Decimal | None:
    read = STYLE.read(text)
    return Decimal(read) * unit if read else None


def _index(text: str) -> Decimal | None:
    read = STYLE.read(text)
    return positive_given(Decimal(read), "The price index") if read else None
