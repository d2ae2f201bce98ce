"""Copies of invoices behind the statement that lists them, in one PDF: what customers ask for next.

Copies are as others made them, so the whole is a plain PDF and no PDF/A.
"""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from duly.intake.models import InvoiceCopy
from duly.intake.queries import copies_to_give
from duly.interfaces.exchange.copies import file_of
from duly.receivables.queries import documents_by_number
from duly.receivables.rules.statements import Statement

MOST_COPIES = 200


def copies_listed(entity_id: int, statement: Statement) -> list[InvoiceCopy]:
    """The newest sure copy of each document that a statement lists as open, in its order."""
    lines = [line for part in statement.parts for line in part.lines]
    facts = documents_by_number(entity_id, {line.number for line in lines})
    keys = dict.fromkeys((line.customer_id, line.kind, line.number) for line in lines)
    ids = [facts[key].id for key in keys if key in facts]
    found = copies_to_give(ids)
    return [found[pk] for pk in ids if pk in found][:MOST_COPIES]


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
