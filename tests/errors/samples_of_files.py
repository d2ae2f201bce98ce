"""One way into each refusal of a file: what a person might really drop on the page."""

import io
import zipfile
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import openpyxl
from pypdf import PdfWriter
from tests.errors.desk import ITEMS, Desk

from duly.interfaces.exchange.banking import inspect_files
from duly.interfaces.exchange.readers.bank import Said
from duly.interfaces.exchange.readers.einvoice import read_einvoices
from duly.interfaces.exchange.readers.einvoice.parsing import MAX_BYTES
from duly.interfaces.exchange.readers.limits import OTHER_BYTES
from duly.interfaces.exchange.readers.reading import read_files
from duly.interfaces.exchange.remittances import inspect_remittances
from duly.interfaces.exchange.writers import write_xlsx
from duly.interfaces.exchange.writers.tables import MOST_ROWS

MAPPED = 'name = "list"\nkind = "payments"\n[columns]\n'
COLUMNS = 'payment_id = "No"\ncurrency = "Cur"\nreceived_on = "Day"\namount = "Sum"\n'
XERO = "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,Currency,Type,Status,LineAmount\n"


def read(desk: Desk, content: bytes, name: str) -> None:
    """Read a file to its end, writing nothing."""
    path = desk.folder / name
    path.write_bytes(content)
    for sheet in read_files([path]):
        list(sheet.blocks)


def sparse(desk: Desk, name: str, head: bytes, size: int) -> Path:
    """A file of many bytes that takes no room."""
    path = desk.folder / name
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def workbook(*names: str) -> bytes:
    """A workbook with the same customers in each of these worksheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in names:
        page = book.create_sheet(name)
        page.append(["customer_id", "name"])
        page.append(["C1", "Meridian Foods"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("customers.csv", "customer_id,name\n")
    return held.getvalue()


def _pdf() -> bytes:
    held = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(held)
    return held.getvalue()


def _too_large(desk: Desk) -> None:
    path = sparse(desk, "a.xml", b"<Invoice/>", MAX_BYTES + 1)
    read_einvoices(path, "a.xml")


def _too_big(desk: Desk) -> None:
    read_files([sparse(desk, "a.xlsx", b"PK\x03\x04", OTHER_BYTES + 1)])


def _discount_too_late(desk: Desk) -> None:
    desk.open_books().take(
        "payment_id,item_number,customer_id,amount,applied_on,discount\n"
        "P1,I1,C1,98.00,2026-03-02,2.00\n"
    )


SAMPLES: dict[str, Callable[[Desk], object]] = {
    "CURRENCY_UNCLEAR": lambda d: d.open_books().take(
        XERO.replace("Currency", "Reference")
        + "Meridian Foods,I9,2026-03-01,2026-03-31,5.00,x,ACCREC,AUTHORISED,5.00\n"
    ),
    "DATE_ORDER_UNCLEAR": lambda d: d.open_books().map_as(
        "No,Cur,Day,Sum\n1,EUR,03/04/2026,5.00\n", MAPPED + COLUMNS
    ),
    "DELIMITER_UNCLEAR": lambda d: read(d, b"one;two,three\n1;2,3\n4;5,6\n", "a.csv"),
    "DISCOUNT_NOT_EARNED": _discount_too_late,
    "DUE_DATE_MISSING": lambda d: d.open_books().take(
        ITEMS.replace("2026-03-30,,10.00", ",by agreement,10.00").replace("I4", "I9")
    ),
    "ADVICE_UNKNOWN": lambda d: d.open_books().run("remittance", "void", "9"),
    "BANK_FILE_UNREADABLE": lambda d: inspect_files([_kept(d, b":20:1\n:61:xx\n", "a.sta")]),
    "ENCODING_UNCLEAR": lambda d: read(d, b"customer_id,name\nC1,M\xfcller\n", "a.csv"),
    "FILE_TOO_BIG": _too_big,
    "FILE_TOO_LARGE": _too_large,
    "FORMAT_UNREADABLE": lambda d: read(d, _zip(), "a.zip"),
    "HEADER_UNFIT": lambda d: read(d, b"number,currency\n1,EUR\n", "a.csv"),
    "LAYOUT_MISSING": lambda d: inspect_files([_kept(d, b"1;2\n", "a.csv")], Said(layout="No")),
    "MAPPING_UNFIT": lambda d: d.map_as("No\n1\n", 'kind = "cheques"\n'),
    "NOT_EINVOICE": lambda d: read_einvoices(_kept(d, b"<note>hello</note>", "a.xml"), "a.xml"),
    "NUMBER_STYLE_UNCLEAR": lambda d: d.open_books().take(
        XERO + 'Meridian Foods,I9,2026-03-01,2026-03-31,"1,234",EUR,ACCREC,AUTHORISED,"1,234"\n'
    ),
    "PDF_UNREADABLE": lambda d: read_einvoices(_kept(d, b"%PDF-1.7\nbroken", "a.pdf"), "a.pdf"),
    "PDF_WITHOUT_INVOICE": lambda d: read_einvoices(_kept(d, _pdf(), "a.pdf"), "a.pdf"),
    "PRESET_UNKNOWN": lambda d: d.take("customer_id,name\nC1,A\n", preset="nosuch"),
    "REMITTANCE_UNREADABLE": lambda d: inspect_remittances(
        [(_kept(d, b"invoice;paid\nI1;abc\n", "a.csv"), "a.csv")]
    ),
    "SHEET_UNCLEAR": lambda d: read(d, workbook("North", "South"), "a.xlsx"),
    "SOURCE_MISSING": lambda d: read_files([d.folder / "none.csv"]),
    "TABLE_BROKEN": lambda d: read(d, b'customer_id,name\nC1,A\nC2,"B\n', "a.csv"),
    "WORKBOOK_FULL": lambda d: write_xlsx(d.folder / "a.xlsx", ["a"], repeat((), MOST_ROWS)),
    "WORD_UNKNOWN": lambda d: d.open_books().take(ITEMS.replace("invoice", "cheque")),
    "XML_FORBIDDEN": lambda d: read_einvoices(
        _kept(d, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.xml"), "a.xml"
    ),
    "XML_UNREADABLE": lambda d: read_einvoices(_kept(d, b"<Invoice><ID>", "a.xml"), "a.xml"),
}


def _kept(desk: Desk, content: bytes, name: str) -> Path:
    path = desk.folder / name
    path.write_bytes(content)
    return path
