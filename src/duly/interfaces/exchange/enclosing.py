"""Copies of invoices behind the statement that lists them, in one PDF: what customers ask for next.

Copies are as others made them, so the whole is a plain PDF and no PDF/A.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import pikepdf

from duly.intake.models import InvoiceCopy
from duly.intake.queries import copies_to_give
from duly.interfaces.exchange.copies import file_of
from duly.receivables.queries import documents_by_number
from duly.receivables.rules.statements import Statement

MOST_COPIES = 200
MOST_BYTES = 50 * 1024 * 1024  # together: the whole is put together in memory
_NAMED = 5


class Listed(NamedTuple):
    """Copies of what a statement lists: those that go with it, and those it has no room for."""

    enclosed: list[InvoiceCopy]
    left_out: list[InvoiceCopy]


def copies_listed(entity_id: int, statement: Statement) -> Listed:
    """The newest sure copy of each document that a statement lists as open, in its order.

    Rule: each that still has room, up to `MOST_COPIES` and `MOST_BYTES` together.
    """
    lines = [line for part in statement.parts for line in part.lines]
    facts = documents_by_number(entity_id, {line.number for line in lines})
    keys = dict.fromkeys((line.customer_id, line.kind, line.number) for line in lines)
    ids = [facts[key].id for key in keys if key in facts]
    found = copies_to_give(ids)
    listed, room = Listed([], []), MOST_BYTES
    for copy in [found[pk] for pk in ids if pk in found]:
        if len(listed.enclosed) < MOST_COPIES and copy.bytes <= room:
            listed.enclosed.append(copy)
            room -= copy.bytes
        else:
            listed.left_out.append(copy)
    return listed


def told_left_out(left_out: Sequence[InvoiceCopy]) -> str:
    """Which copies a statement has no room for, why, and where they are."""
    named = ", ".join(copy.file for copy in left_out[:_NAMED])
    more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
    return (
        f"Not enclosed: {named}{more}. A statement takes up to {MOST_COPIES} copies, and"
        f" {MOST_BYTES // 2**20} MiB of them together. Open these on the pages of their invoices."
    )


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
