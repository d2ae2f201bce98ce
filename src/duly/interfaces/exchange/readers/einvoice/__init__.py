"""E-invoices: UBL 2.x, CII (ZUGFeRD, Factur-X, XRechnung), and PDFs that carry one of them.

A file holds one invoice and gives one sheet of one row. What is wrong inside an invoice is told all
at once (`Block.problems`, the row spoilt); what is wrong with a whole file is refused.
See: `rows` for what becomes of each field, `amounts` for the sums, `payment` for due dates.
"""

from collections.abc import Iterator
from pathlib import Path

from duly.intake.rules.columns import KINDS
from duly.intake.rules.sheet import Block, Sheet
from duly.interfaces.exchange.readers.einvoice.documents import is_invoice, read_document
from duly.interfaces.exchange.readers.einvoice.errors import NotEInvoice, PdfWithoutInvoice
from duly.interfaces.exchange.readers.einvoice.invoice import EInvoice
from duly.interfaces.exchange.readers.einvoice.parsing import (
    is_pdf,
    is_xml,
    parse_xml,
    refuse_size,
)
from duly.interfaces.exchange.readers.einvoice.rows import block_of

__all__ = ["is_einvoice", "read_einvoices"]

_HEAD_BYTES = 1024


def is_einvoice(head: bytes) -> bool:
    """Tell whether a file is ours to read or to refuse: XML or PDF, by its first kilobyte.

    >>> is_einvoice(b"<?xml version='1.0'?><Invoice/>"), is_einvoice(b"%PDF-1.7")
    (True, True)
    >>> is_einvoice(b"number,amount")
    False
    """
    return is_pdf(head) or is_xml(head)


def read_einvoices(path: Path, name: str) -> list[Sheet]:
    """The invoice of a file as one sheet of kind "items".

    Refuses: NotEInvoice, XmlUnreadable, XmlForbidden, FileTooLarge, PdfUnreadable,
    PdfWithoutInvoice; all are Malformed.
    """
    refuse_size(path.stat().st_size, name)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if is_pdf(head):
        return [_sheet(_invoice_in_pdf(path, name), name, "factur-x")]
    if not is_xml(head):
        raise NotEInvoice(
            f"{name} is neither XML nor PDF.",
            facts={"file": name},
            remedy="Give an e-invoice, or a table as CSV or Excel.",
        )
    invoice = read_document(parse_xml(path.read_bytes(), name), name)
    return [_sheet(invoice, name, invoice.preset)]


def _invoice_in_pdf(path: Path, name: str) -> EInvoice:
    """The one invoice that a PDF carries."""
    # pypdf takes a quarter of a second to load: only those who read a PDF wait for it.
    from duly.interfaces.exchange.readers.einvoice.pdf import attached_xml

    attached = attached_xml(path, name)
    roots = [(each.name, parse_xml(each.data, f"{each.name} in {name}")) for each in attached]
    invoices = [(inner, root) for inner, root in roots if is_invoice(root)]
    if not invoices:
        inner, root = roots[0]
        return read_document(root, f"{inner} in {name}")  # refuses, saying what it is
    if len(invoices) > 1:
        names = [inner for inner, _ in invoices]
        raise PdfWithoutInvoice(
            f"{name} carries {len(names)} invoices: {', '.join(names[:5])}.",
            facts={"file": name, "attachments": names[:20]},
            remedy="Save the XML file that holds, and import it alone.",
        )
    inner, root = invoices[0]
    return read_document(root, f"{inner} in {name}")


def _sheet(invoice: EInvoice, name: str, preset: str) -> Sheet:
    return Sheet(
        kind="items",
        file=name,
        preset=preset,
        columns=KINDS["items"].columns,
        blocks=_blocks(invoice),
        place="invoice",
    )


def _blocks(invoice: EInvoice) -> Iterator[Block]:
    yield block_of(invoice)
