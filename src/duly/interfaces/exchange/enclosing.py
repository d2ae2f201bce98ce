"""Copies of invoices behind the statement that lists them, in one PDF: what customers ask for next.

Copies are as others made them, so the whole is a plain PDF and no PDF/A.
"""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from duly.intake.models import InvoiceCopy
from duly.intake.queries import copies_of
from duly.interfaces.exchange.copies import file_of
from duly.interfaces.exchange.couriers.letter import Enclosure
from duly.receivables.queries import documents_by_number
from duly.receivables.rules.statements import Statement

MOST_COPIES = 200
MOST_ENCLOSED, MOST_ENCLOSED_BYTES = 20, 8 * 1024 * 1024  # many servers refuse more than 10 MiB


def copies_listed(
    entity_id: int, statement: Statement, *, is_overdue: bool = False
) -> list[InvoiceCopy]:
    """The newest copy of each document that a statement lists as open, in its order; with
    `is_overdue` of those alone that are late."""
    lines = [
        line
        for part in statement.parts
        for line in part.lines
        if not is_overdue or (line.open_minor > 0 and line.days_past_due(statement.on) > 0)
    ]
    facts = documents_by_number(entity_id, {line.number for line in lines})
    keys = dict.fromkeys((line.customer_id, line.kind, line.number) for line in lines)
    ids = [facts[key].id for key in keys if key in facts]
    found = copies_of(ids)
    return [found[pk][0] for pk in ids if pk in found][:MOST_COPIES]


def enclose(pdf: bytes, copies: Sequence[InvoiceCopy]) -> tuple[bytes, list[InvoiceCopy]]:
    """A statement with copies behind it; and those that can't be opened, which are left out."""
    broken = []
    with pikepdf.Pdf.new() as whole, pikepdf.open(BytesIO(pdf)) as statement:
        whole.pages.extend(statement.pages)
        for copy in copies:
            try:
                with pikepdf.open(file_of(copy)) as part:
                    whole.pages.extend(part.pages)
            except (pikepdf.PdfError, OSError):
                broken.append(copy)
        out = BytesIO()
        whole.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue(), broken


def overdue_invoices(entity_id: int, statement: Statement) -> list[Enclosure]:
    """Copies of the invoices that are late, as files of a message: as many as mail servers take."""
    found, size = [], 0
    for copy in copies_listed(entity_id, statement, is_overdue=True)[:MOST_ENCLOSED]:
        size += copy.bytes
        if size > MOST_ENCLOSED_BYTES:
            break
        try:
            content = file_of(copy).read_bytes()
        except OSError:
            continue
        found.append(Enclosure(copy.file, "application/pdf", content))
    return found
