"""What is on the screen of the aging, as a file: the same rows, columns and totals."""

from django.http import HttpRequest

from duly.interfaces.web.exporting import Table, amount
from duly.interfaces.web.pages.aging.asked import Asked, read_asked
from duly.interfaces.web.pages.aging.counting import Figures, figures
from duly.receivables.queries import AgingRow

Cells = list[str]


def table(request: HttpRequest) -> Table:
    """The rows of the aging."""
    asked = read_asked(request)
    found = figures(asked)
    texts, rows = _rows(asked, found)
    parts = ["aging", asked.on.isoformat(), "by", asked.basis, "date"]
    if asked.by != "currency":
        parts.append(found.currency)
    if asked.known_at is not None:
        parts += ["known", asked.known_at.date().isoformat()]
    return Table("-".join(parts), texts, [*asked.chosen.names, "unapplied", "total"], rows)


def _rows(asked: Asked, found: Figures) -> tuple[Cells, list[Cells]]:
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
    amounts = (*row.amounts, row.unapplied, row.total)
    return [row.currency, *(amount(minor, row.currency) for minor in amounts)]
