"""How imports are put into words: kinds, presets, columns, problems."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from duly.intake.rules.columns import ALL_KINDS
from duly.interfaces.exchange.readers.mapping import DATE_COLUMNS
from duly.interfaces.web.templatetags.show import day, plain_money
from duly.kernel.currencies import exponent
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError
from duly.kernel.money import minor_from_text

KIND_WORDS = {
    "customers": "Customers",
    "contacts": "Contacts",
    "items": "Invoices and credit notes",
    "payments": "Payments",
    "bank": "Bank lines",
    "applications": "Applied payments",
    "orders": "Orders",
    "stops": "Stops of orders",
    "rates": "Exchange rates",
}

# Amounts in the currency of their row.
MONEY_COLUMNS = frozenset(
    {"amount", "open_amount", "discount_amount", "credit_limit", "discount", "prepaid"}
)

SETTLED_WORDS = {
    "cash": "Payment applied",
    "credit": "Credit note applied",
    "discount": "Discount taken",
    "returned": "Returned by the bank",
    "refunded": "Refunded",
    "late_discount": "Late discount let pass",
    "bank_fee": "Bank charges",
    "tolerance": "Small difference let pass",
    "settled_elsewhere": "Settled in another system",
}

_SYSTEMS = {"netsuite": "NetSuite", "quickbooks": "QuickBooks", "stripe": "Stripe", "xero": "Xero"}
_BANK_FORMATS = {
    "bai2": "BAI2",
    "camt.052": "camt.052 interim report",
    "camt.053": "camt.053 statement",
    "camt.054": "camt.054 notice",
    "coda": "CODA statement",
    "fedwire": "Fedwire message",
    "mt940": "MT940 statement",
    "mt942": "MT942 interim report",
    "nacha": "NACHA file",
    "norma43": "Norma 43 statement",
    "ofx": "OFX statement",
    "qif": "QIF file",
}
_EINVOICES = {"ubl": "UBL", "cii": "CII", "factur-x": "Factur-X"}

# What the shell calls it, and what a page calls it.
_PAGE_WORDS = (
    ("or say --create-customers", "or let them be created below"),
    ("import it with --snapshot DATE", "say below that it is the whole open list of a day"),
    ("or say --accept-closing", "or confirm below that these are settled"),
    ("or take the good rows alone with --accept-partial", "or leave these rows out"),
    ("or say with a mapping what they are: docs/importing.md shows how", "or map its columns"),
    ("Leave --preset out", "Leave the preset out"),
    (
        'or name its encoding in a mapping, such as encoding = "windows-1252"',
        "or choose its encoding under Map columns",
    ),
    ('or say encoding = "utf-16-le" in a mapping', "or choose UTF-16 under Map columns"),
    ('Say delimiter in a mapping, such as delimiter = ";"', "Choose the mark under Map columns"),
    ("Say date_order in a mapping: dmy, mdy or ymd", "Choose the order under Map columns"),
    (
        'Say date_order in the mapping: "dmy", "mdy" or "ymd"',
        "Choose the order of day and month under Map columns",
    ),
    ("say decimal, thousands and symbols in the mapping", "choose so under Map columns"),
    ("or say sheet in a mapping", "or choose the worksheet under Map columns"),
    ("See the examples in docs/importing.md", "Look at the fields named"),
    (", and give it with --map", ""),
    ("Look at `duly imports`", "Look at the list of imports"),
)

# Readers put the header of a cell before what they say of it.
_CELL_CODES = {"INVALID_AMOUNT", "INVALID_DATE", "CONTROL_CHARACTER", "CELL_UNREADABLE"}
_BEFORE_COLON = re.compile(r'([^":]{1,60}): (?=\S)')


def column_label(column: str) -> str:
    """One of our columns as a heading.

    >>> column_label("customer_id"), column_label("issued_on"), column_label("po_number")
    ('Customer id', 'Issued on', 'PO number')
    """
    return column.replace("_", " ").capitalize().replace("Po ", "PO ")


def preset_label(preset: str) -> str:
    """What a preset is called on a page.

    >>> preset_label("duly"), preset_label("xero-invoices"), preset_label("map:From SAP")
    ('Duly’s own columns', 'Xero invoices', 'mapping “From SAP”')
    >>> preset_label("ubl"), preset_label("duly snapshot")
    ('UBL e-invoice', 'Duly’s own columns, whole open list')
    """
    if preset.endswith(" snapshot"):
        return f"{preset_label(preset.removesuffix(' snapshot'))}, whole open list"
    if preset == "duly":
        return "Duly’s own columns"
    if preset.startswith("map:"):
        return f"mapping “{preset.removeprefix('map:')}”"
    if preset in _EINVOICES:
        return f"{_EINVOICES[preset]} e-invoice"
    if preset in _BANK_FORMATS:
        return _BANK_FORMATS[preset]
    system, _, rest = preset.partition("-")
    return f"{_SYSTEMS.get(system, system)} {rest.replace('-', ' ')}".strip()


def why_recognised(preset: str) -> str:
    """Why a file was read as it was; "" for a mapping, of which more is known."""
    if preset == "duly":
        return "Its header has Duly’s own column names."
    if preset in _EINVOICES:
        return f"It holds a {_EINVOICES[preset]} invoice."
    if preset in _BANK_FORMATS:
        return "It begins as banks write it."
    if preset.partition("-")[0] in _SYSTEMS:
        return f"Its header is that of an export of {preset_label(preset).split()[0]}."
    return ""


def for_page(text: str) -> str:
    """A message or remedy in the words of a page.

    >>> for_page("Import the customer first, or say --create-customers.")
    'Import the customer first, or let them be created below.'
    """
    for shell, page in _PAGE_WORDS:
        text = text.replace(shell, page)
    return text


def shown_cell(column: str, text: str, currency: str) -> str:
    """A cell as it was understood: days and amounts as pages write them, all else as it is.

    >>> shown_cell("due_on", "2026-03-06", ""), shown_cell("amount", "1234.5", "EUR")
    ('6 Mar 2026', '1,234.50')
    >>> shown_cell("due_on", "06/03", ""), shown_cell("amount", "12,5", "EUR")
    ('06/03', '12,5')
    """
    with suppress(DulyError):
        if column in DATE_COLUMNS and text:
            return day(parse_iso_date(text))
        if column in MONEY_COLUMNS and text:
            return plain_money(minor_from_text(text, exponent(currency)), currency)
    return text


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as a page or a file tells it."""

    file: str
    row: str
    of: str  # the record that the row is of, as far as it is kept
    column: str
    message: str
    remedy: str
    code: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file."""
        return (self.file, self.row, self.of, self.column, self.message, self.remedy, self.code)


PROBLEM_HEADS = ("File", "Row", "Of", "Column", "What is wrong", "What to do", "Code")


def tell_problems(
    kind: str,
    file: str,
    problems: Iterable[dict[str, Any]],
    rejected: Iterable[dict[str, Any]] = (),
) -> list[Told]:
    """Problems with the column apart from what is said of it; `rejected` are rows with cells."""
    of_row = {row["where"]: identity_of(kind, row["cells"]) for row in rejected}
    columns = ALL_KINDS[kind].columns if kind in ALL_KINDS else ()
    told = []
    for problem in problems:
        column, message = _placed(problem["message"], problem["code"], columns)
        told.append(
            Told(
                file,
                problem["where"].removeprefix("row "),
                of_row.get(problem["where"], ""),
                column,
                message,
                for_page(problem.get("remedy", "")),
                problem["code"],
            )
        )
    return told


def identity_of(kind: str, cells: dict[str, str]) -> str:
    """What a row is of, in the words of the file.

    >>> identity_of("items", {"kind": "invoice", "number": "I-1", "customer_id": "C1"})
    'I-1'
    >>> identity_of("contacts", {"customer_id": "C1", "name": "Ann"})
    'C1 Ann'
    """
    named = {"items": ("number",), "contacts": ("customer_id", "name")}
    names = named.get(kind) or (ALL_KINDS[kind].identity if kind in ALL_KINDS else ())
    return " ".join(cells[name] for name in names if cells.get(name))


def _placed(message: str, code: str, columns: Iterable[str]) -> tuple[str, str]:
    """(column, message) of a problem.

    >>> _placed("amount: \\"x\\" is no number.", "INVALID_AMOUNT", ["amount"])
    ('amount', '"x" is no number.')
    >>> _placed("name is empty.", "VALUE_MISSING", ["name"])
    ('name', 'name is empty.')
    """
    first = message.split(" ", 1)[0].removesuffix(":")
    if first in columns:
        return first, message.removeprefix(f"{first}: ")
    found = _BEFORE_COLON.match(message) if code in _CELL_CODES else None
    if found:
        return found[1], message[found.end() :]
    return "", message
