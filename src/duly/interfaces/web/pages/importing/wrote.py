"""What one import wrote: documents, payments or settlements, as rows and as a file."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from duly.cash_application.queries import BatchLine, line_count_of_batch, lines_of_batch
from duly.intake.errors import ImportUnknown
from duly.intake.models import Import
from duly.intake.queries import import_by_batch
from duly.interfaces.web.current import entity_of
from duly.interfaces.web.exporting import Table, all_rows, amount, some_at_a_time
from duly.interfaces.web.links import address
from duly.interfaces.web.pages.importing.words import SETTLED_WORDS
from duly.parties.queries import codes_and_names
from duly.receivables.queries.batches import (
    BatchApplication,
    BatchDocument,
    BatchPayment,
    applications_of_batch,
    counts_of_batch,
    documents_of_batch,
    payments_of_batch,
)

READS: dict[str, Callable[..., list[Any]]] = {
    "bank_lines": lines_of_batch,
    "documents": documents_of_batch,
    "payments": payments_of_batch,
    "applications": applications_of_batch,
}


def import_of(request: HttpRequest, batch_id: int) -> Import:
    """An import of the books at hand. Refuses: ImportUnknown."""
    record = import_by_batch(batch_id)
    if record is None or record.entity_id != entity_of(request).pk:
        raise ImportUnknown(
            f"There is no import {batch_id} in these books.",
            facts={"batch": batch_id},
            remedy="Look at the list of imports.",
        )
    return record


def counts(batch_id: int) -> dict[str, int]:
    """How much an import wrote of each sort, in the order of the page; what it has none of is out.

    A bank's lines come first: the payments are made of them.
    """
    told = {"bank_lines": line_count_of_batch(batch_id), **counts_of_batch(batch_id)._asdict()}
    return {name: number for name, number in told.items() if number}


def shown(request: HttpRequest, there: dict[str, int]) -> str:
    """What is asked for of what was written, else the first of it; "" where it is nothing."""
    asked = request.GET.get("show", "")
    return asked if asked in there else next(iter(there), "")


def with_customers(rows: list[Any]) -> list[tuple[Any, str, str, str]]:
    """Each row with its customer's name and address, and how it settles if it does."""
    ids = [getattr(row, "customer_id", None) for row in rows]  # a bank's line has none
    names = codes_and_names({pk for pk in ids if pk})
    return [
        (
            row,
            names[pk][1] if pk in names else "",
            address("customer", pk) if pk in names else "",
            SETTLED_WORDS.get(getattr(row, "reason", ""), ""),
        )
        for row, pk in zip(rows, ids, strict=True)
    ]


def table(request: HttpRequest, batch_id: int) -> Table:
    """All that an import wrote of what is shown."""
    import_of(request, batch_id)
    show = shown(request, counts(batch_id)) or "documents"
    texts, figures, cells = FILES[show]
    rows = (
        cells(row, name, how)
        for some in some_at_a_time(all_rows(partial(_read, show, batch_id)))
        for row, name, _, how in with_customers(some)
    )
    return Table(f"import-{batch_id}-{show}", texts, figures, rows)


def _read(show: str, batch_id: int, first: int, limit: int) -> list[Any]:
    return READS[show](batch_id, limit=limit, offset=first)


def _bank_line(row: BatchLine, _: str, __: str) -> list[str]:
    return [
        row.booked_on.isoformat(),
        row.name,
        row.remittance,
        "void" if row.is_void else "",
        row.currency,
        amount(row.amount_minor, row.currency),
    ]


def _document(row: BatchDocument, customer: str, _: str) -> list[str]:
    return [
        row.number,
        customer,
        row.kind,
        row.issued_on.isoformat(),
        row.due_on.isoformat(),
        "void" if row.is_void else "",
        row.currency,
        amount(row.amount_minor, row.currency),
        amount(row.open_minor, row.currency),
    ]


def _payment(row: BatchPayment, customer: str, _: str) -> list[str]:
    return [
        row.number,
        customer,
        row.received_on.isoformat(),
        row.payer_name,
        "void" if row.is_void else "returned" if row.is_returned else "",
        row.currency,
        amount(row.amount_minor, row.currency),
        amount(row.unapplied_minor, row.currency),
    ]


def _settlement(row: BatchApplication, customer: str, how: str) -> list[str]:
    on, money = row.applied_on.isoformat(), amount(row.amount_minor, row.currency)
    return [row.number, customer, how, on, row.currency, money]


FILES: dict[str, tuple[list[str], list[str], Callable[[Any, str, str], list[str]]]] = {
    "bank_lines": (
        ["booked_on", "name", "text", "state", "currency"],
        ["amount"],
        _bank_line,
    ),
    "documents": (
        ["number", "name", "kind", "issued_on", "due_on", "state", "currency"],
        ["amount", "open"],
        _document,
    ),
    "payments": (
        ["payment", "name", "received_on", "payer", "state", "currency"],
        ["amount", "unapplied"],
        _payment,
    ),
    "applications": (["number", "name", "how", "applied_on", "currency"], ["settled"], _settlement),
}
