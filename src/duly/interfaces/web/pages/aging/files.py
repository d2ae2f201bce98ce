"""What is on the screen, as a CSV or XLSX file: the same rows, columns and totals, all pages."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from duly.interfaces.exchange.writers import write_csv, write_xlsx
from duly.interfaces.web.guard import page
from duly.interfaces.web.pages.aging.asked import Asked, read_asked
from duly.interfaces.web.pages.aging.counting import Figures, figures
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.receivables.queries import AgingRow
from duly.storage.reading import one_state

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cells = list[str]


@page()
def csv_file(request: HttpRequest) -> HttpResponse:
    """The rows of the aging as CSV."""
    return _file(request, "csv")


@page()
def xlsx_file(request: HttpRequest) -> HttpResponse:
    """The rows of the aging as XLSX."""
    return _file(request, "xlsx")


def _file(request: HttpRequest, form: str) -> HttpResponse:
    asked = read_asked(request)
    with one_state():
        found = figures(asked)
    texts, rows = _table(asked, found)
    parts = ["aging", asked.on.isoformat(), "by", asked.basis, "date"]
    if asked.by != "currency":
        parts.append(found.currency)
    if asked.known_at is not None:
        parts += ["known", asked.known_at.date().isoformat()]
    columns = [*texts, *asked.chosen.names, "unapplied", "total"]
    return download("-".join(parts), form, columns, rows, texts=len(texts))


def _table(asked: Asked, found: Figures) -> tuple[Cells, list[Cells]]:
    """(columns that hold texts, the rows of the table with the total below them)."""
    rows = [(row, _name(row)) for row in found.rows]
    total = found.part.get(found.currency)
    if total is not None and asked.by != "currency":
        rows.append((total, "Total"))
    if asked.by in ("customer", "parent"):
        return ["customer", "name", "currency"], [
            [row.code or "", name, *_figures(row)] for row, name in rows
        ]
    if asked.by == "entity":
        return ["company", "currency"], [[name, *_figures(row)] for row, name in rows]
    return ["currency"], [_figures(row) for row, _ in rows]


def _name(row: AgingRow) -> str:
    return row.name or "Payer not known"


def _figures(row: AgingRow) -> Cells:
    decimals = exponent(row.currency)
    amounts = (*row.amounts, row.unapplied, row.total)
    return [row.currency, *(text_from_minor(amount, decimals) for amount in amounts)]


def download(
    name: str, form: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int
) -> HttpResponse:
    """A table as a file to keep; the first `texts` columns are texts, whatever they look like."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        if form == "csv":
            write_csv(path, columns, rows)
        else:
            write_xlsx(path, columns, rows, texts=texts)
        response = HttpResponse(path.read_bytes(), content_type=CSV if form == "csv" else XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
