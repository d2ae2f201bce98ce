"""Customers out of any export."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from duly.intake.rules.sheet import Block
from duly.interfaces.exchange.readers.presets.figures import currency_code
from duly.interfaces.exchange.readers.presets.gathering import Fields, Row, gather
from duly.interfaces.exchange.readers.presets.handing import Omissions, Record, blocks_from
from duly.interfaces.exchange.readers.presets.preset import Told
from duly.interfaces.exchange.readers.tables import Table
from duly.kernel.currencies import EXPONENTS

# What a customer can have beside its id and name; an export fills those that it has columns for.
OPTIONAL = ("legal_name", "email", "phone", "country", "terms", "currency", "parent_id", "tax_id")

_COUNTRIES: Mapping[str, str] = {
    "australia": "AU",
    "austria": "AT",
    "belgium": "BE",
    "canada": "CA",
    "denmark": "DK",
    "finland": "FI",
    "france": "FR",
    "germany": "DE",
    "hong kong": "HK",
    "india": "IN",
    "ireland": "IE",
    "italy": "IT",
    "netherlands": "NL",
    "new zealand": "NZ",
    "norway": "NO",
    "singapore": "SG",
    "south africa": "ZA",
    "spain": "ES",
    "sweden": "SE",
    "switzerland": "CH",
    "uk": "GB",
    "united kingdom": "GB",
    "united states": "US",
    "united states of america": "US",
    "us": "US",
    "usa": "US",
}


@dataclass(frozen=True, slots=True)
class CustomerExport:
    """What differs between exports of customers; `sort` tells why a row is left out, '' if not."""

    fields: Fields
    sort: Callable[[Row], str] = lambda row: ""


def customer_reader(export: CustomerExport) -> Callable[[Table, Told], Iterator[Block]]:
    """The reader of a preset: a table's rows as blocks of customers.

    The id is the export's own; where invoices name customers by name alone, it is the name.
    """

    def read(table: Table, told: Told) -> Iterator[Block]:
        gathered = gather(table, export.fields)
        held = [name for name in OPTIONAL if name in gathered.cells]
        omissions = Omissions()
        unread: dict[str, int] = {}
        records = []
        for index, number in enumerate(gathered.rows):
            row = gathered.row(index)
            problems = gathered.problems.get(index, [])
            reason = export.sort(row) or ("" if row.first("id", "name") else "rows without a name")
            if reason and not problems:
                omissions.add(reason)
                continue
            cells = {name: _cell(name, row[name], unread) for name in held}
            cells["customer_id"] = row.first("id", "name")
            cells["name"] = row.first("name", "other_name", "email", "id")
            records.append(Record(number, cells, list(problems)))
        notes = gathered.notes + omissions.notes()
        notes += [
            f"What stands under {name} is none that we know, and was left empty: {count}."
            for name, count in unread.items()
        ]
        return blocks_from(records, ("customer_id", "name", *held), notes)

    return read


def _cell(name: str, text: str, unread: dict[str, int]) -> str:
    """A cell as intake reads it: codes for countries and currencies, one e-mail address."""
    if not text:
        return ""
    if name == "country":
        found = _COUNTRIES.get(text.casefold(), text.upper() if len(text) == 2 else "")
    elif name == "currency":
        code = currency_code(text)
        found = code if code in EXPONENTS else ""
    elif name == "email":
        found = text.replace(";", ",").partition(",")[0].strip()
        found = found if "@" in found else ""
    else:
        return text
    if not found:
        unread[name] = unread.get(name, 0) + 1
    return found
