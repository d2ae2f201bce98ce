"""A list as a CSV or XLSX file: what its page shows, in its order, all of its pages."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from duly.interfaces.exchange.writers import write_csv, write_xlsx
from duly.interfaces.web.guard import page
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.storage.bulk import slices
from duly.storage.reading import one_state

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = {"after", "at", "before", "in", "page"}  # where on a list somebody is, and not what it is
CHUNK = 500  # rows read at once
FORMS = ("csv", "xlsx")
Row = TypeVar("Row")
Place = TypeVar("Place")


@dataclass(frozen=True)
class Table:
    """The rows of a list. Columns of `texts` come first, and are texts whatever they look like."""

    name: str
    texts: Sequence[str]
    figures: Sequence[str]
    rows: Iterable[Sequence[str]]


def download(table: Table, form: str) -> HttpResponse:
    """A table as a file to keep that carries no formula."""
    columns = [*table.texts, *table.figures]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "table"
        if form == "csv":
            write_csv(place, columns, table.rows)
        else:
            write_xlsx(place, columns, table.rows, texts=len(table.texts))
        response = HttpResponse(place.read_bytes(), content_type=CSV if form == "csv" else XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def file_patterns(
    route: str, name: str, read: Callable[..., Table], *, is_kept: bool = False
) -> list[URLPattern]:
    """The addresses of both files of a list: `<route>.csv` and `.xlsx`, asked as its page is.

    Given: `is_kept` where reading keeps something, as a plan, and so is no reading alone.
    """

    @page()
    def file(request: HttpRequest, form: str, **named: Any) -> HttpResponse:
        with nullcontext() if is_kept else one_state():
            return download(read(request, **named), form)

    return [path(f"{route}.{form}", file, {"form": form}, f"{name}_{form}") for form in FORMS]


def file_addresses(request: HttpRequest, name: str, **named: Any) -> dict[str, str]:
    """Where the files of a list are, for the page that shows it: they ask for the same."""
    asked = request.GET.copy()
    for place in PLACES:
        asked.pop(place, None)
    query = f"?{asked.urlencode()}" if asked else ""
    return {f"{form}_address": reverse(f"{name}_{form}", kwargs=named) + query for form in FORMS}


def all_pages(
    read: Callable[[Place, int], list[Row]], first: Place, place: Callable[[Row], Place]
) -> Iterator[Row]:
    """The rows of a list whose pages go on from the place of the last row seen."""
    after = first
    while rows := read(after, CHUNK):
        yield from rows
        if len(rows) < CHUNK:
            return
        after = place(rows[-1])


def amount(minor: int, currency: str) -> str:
    """An amount as a file has it.

    >>> amount(-1250, "EUR"), amount(1250, "JPY")
    ('-12.50', '1250')
    """
    return text_from_minor(minor, exponent(currency))


def all_rows(read: Callable[[int, int], list[Row]]) -> Iterator[Row]:
    """The rows of a list whose pages are counted: `read` is asked from which row, and how many."""
    first = 0
    while rows := read(first, CHUNK):
        yield from rows
        first += len(rows)


def some_at_a_time(rows: Iterable[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    """Rows some hundred at a time, so that what belongs to them is asked for once each."""
    return slices(rows, size)
