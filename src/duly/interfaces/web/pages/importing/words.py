"""How imports are put into words: kinds, presets, columns, problems."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from duly.intake.rules.columns import KINDS
from duly.interfaces.exchange.readers.presets import PRESETS

KIND_WORDS = {
    "customers": "Customers",
    "contacts": "Contacts",
    "items": "Invoices and credit notes",
    "payments": "Payments",
    "applications": "Applied payments",
    "orders": "Orders",
    "rates": "Exchange rates",
}

SETTLED_WORDS = {
    "cash": "Payment applied",
    "credit": "Credit note applied",
    "discount": "Discount taken",
    "settled_elsewhere": "Settled in another system",
}

_SYSTEMS = {"netsuite": "NetSuite", "quickbooks": "QuickBooks", "stripe": "Stripe", "xero": "Xero"}
_EINVOICES = {"ubl": "UBL", "cii": "CII", "factur-x": "Factur-X"}

# What the shell calls it, and what a page calls it.
_PAGE_WORDS = (
    ("or say --create-customers", "or let them be created below"),
    ("import it with --snapshot DATE", "say below that it is the whole open list of a day"),
    ("or say --accept-closing", "or confirm below that these are settled"),
    ("or take the good rows alone with --accept-partial", "or leave these rows out"),
    ("or say with a mapping what they are: docs/importing.md shows how", "or map its columns"),
    ("Leave --preset out", "Leave the preset out"),
    ("Say date_order in a mapping: dmy, mdy or ymd", "Map its columns, and say the order of days"),
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
    system, _, rest = preset.partition("-")
    return f"{_SYSTEMS.get(system, system)} {rest.replace('-', ' ')}".strip()


def why_recognised(preset: str) -> str:
    """Why a file was read as it was; "" for a mapping, of which more is known."""
    if preset == "duly":
        return "Its header has Duly’s own column names."
    if preset in _EINVOICES:
        return f"It holds a {_EINVOICES[preset]} invoice."
    if preset in PRESETS:
        return f"Its header is that of an export of {preset_label(preset).split()[0]}."
    return ""


def family_of(preset: str) -> str:
    """The name under which a mapping tells what an export leaves open; "" for what is none."""
    found = PRESETS.get(preset)
    return (found.family or found.name) if found else ""


def for_page(text: str) -> str:
    """A message or remedy in the words of a page.

    >>> for_page("Import the customer first, or say --create-customers.")
    'Import the customer first, or let them be created below.'
    """
    for shell, page in _PAGE_WORDS:
        text = text.replace(shell, page)
    return text


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as a page or a file tells it."""

    file: str
    row: str
    column: str
    message: str
    remedy: str
    code: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file."""
        return (self.file, self.row, self.column, self.message, self.remedy, self.code)


PROBLEM_HEADS = ("File", "Row", "Column", "What is wrong", "What to do", "Code")


def tell_problems(kind: str, file: str, problems: Iterable[dict[str, Any]]) -> list[Told]:
    """Problems with the column apart from what is said of it."""
    columns = KINDS[kind].columns if kind in KINDS else ()
    told = []
    for problem in problems:
        column, message = _placed(problem["message"], problem["code"], columns)
        told.append(
            Told(
                file,
                problem["where"].removeprefix("row "),
                column,
                message,
                for_page(problem.get("remedy", "")),
                problem["code"],
            )
        )
    return told


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
