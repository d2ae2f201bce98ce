"""What a file's columns may mean, by their names: proposed in a form, for a person to confirm."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from duly.intake.rules.columns import ITEM_KINDS, KINDS
from duly.interfaces.exchange.readers.delimited import IsHeader, open_delimited
from duly.interfaces.exchange.readers.formats import WORKBOOK
from duly.interfaces.exchange.readers.mapping import normal_header
from duly.interfaces.exchange.readers.tables import Table
from duly.interfaces.exchange.readers.unread import no_rows
from duly.interfaces.exchange.readers.workbook import open_workbook
from duly.interfaces.exchange.readers.writing import Writing
from duly.parties.models import CONTACT_ROLES, PAYMENT_METHODS

# Headers of exports, as `normal_header` writes them without dots and dashes.
_HEADERS = {
    "customer_id": "customer id|customer no|customer number|customer code|customer|client id|client"
    "|account no|account number|kundennummer|kunden nr|kundennr|kunde|debitor|debitorennummer"
    "|debitornr|numéro client|code client|codice cliente|cliente|klantnummer",
    "name": "name|customer name|company|company name|kundenname|firma|firmenname|raison sociale|nom"
    "|nombre|ragione sociale|naam",
    "number": "number|invoice number|invoice no|invoice #|invoice|document number|document no"
    "|doc no|rechnungsnummer|rechnungs nr|rechnungsnr|rechnung|belegnummer|beleg nr|belegnr|beleg"
    "|facture|numéro|n° facture|factura|fattura|factuurnummer",
    "issued_on": "issued on|invoice date|document date|issue date|date|rechnungsdatum|belegdatum"
    "|datum|date facture|fecha|data|factuurdatum",
    "due_on": "due on|due date|due|fällig am|fällig|fälligkeit|fälligkeitsdatum|échéance"
    "|date échéance|vencimiento|scadenza|vervaldatum",
    "amount": "amount|total|gross|gross amount|invoice amount|total amount|betrag|bruttobetrag"
    "|brutto|montant|total ttc|importe|importo|bedrag",
    "open_amount": "open amount|open|balance|amount due|outstanding|open balance|offen"
    "|offener betrag|offener posten|saldo|restbetrag|solde|saldo pendiente",
    "settled_on": "settled on|paid on|fully paid on date|bezahlt am|payé le|pagado el|betaald op",
    "currency": "currency|ccy|curr|währung|whg|devise|moneda|valuta",
    "kind": "kind|type|document type|doc type|belegart|art|typ",
    "terms": "terms|payment terms|zahlungsbedingung|zahlungsbedingungen|zahlungsziel",
    "po_number": "po number|po|po no|purchase order|bestellnummer",
    "reference": "reference|ref|memo|description|verwendungszweck|referenz|text",
    "email": "email|e mail|mail",
    "phone": "phone|telephone|tel|telefon",
    "country": "country|land|pays|país|paese",
    "tax_id": "tax id|vat|vat id|vat number|ust id|ustid|ust idnr",
    "address": "address|adresse|anschrift",
    "credit_limit": "credit limit|kreditlimit",
    "payment_id": "payment id|payment no|payment number|receipt no|receipt number|transaction id"
    "|zahlungsnummer|zahlung nr",
    "received_on": "received on|payment date|value date|date received|date|buchungsdatum"
    "|valuta datum|zahlungsdatum|datum",
    "payer_name": "payer|payer name|paid by|zahler|auftraggeber",
    "payer_account": "iban|payer account|account",
    "item_number": "item number|invoice number|invoice no|rechnungsnummer",
    "applied_on": "applied on|date applied|payment date|date|datum",
    "per_entity_currency": "rate|exchange rate|kurs",
    "on": "on|date|datum",
}
_WORDS = {
    "invoice": "invoice|inv|in|sales invoice|rechnung|re|rg|facture|factura|fattura|factuur",
    "credit_note": "credit note|credit memo|credit|cn|cm|gutschrift|gs|avoir|nota de crédito",
    "debit_note": "debit note|debit memo|dn|dm|belastung",
}
_FIXED = {"kind": "invoice"}
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": ITEM_KINDS,
    "role": tuple(name for name, _ in CONTACT_ROLES),
    "payment_method": tuple(name for name, _ in PAYMENT_METHODS if name),
}

_POINT = re.compile(r"\d,\d{3}\.\d|\.\d{1,2}$|\.\d{4,}$")
_COMMA = re.compile(r"\d\.\d{3},\d|,\d{1,2}$|,\d{4,}$")
_TOTALS = re.compile(
    r"(?i)(?:grand total|total|sum|summe|gesamt(?:summe)?|somme|totale|totaal|suma)\b"
)
_LAST_ROWS = 5
_GROUPS = (
    (".", re.compile(r"\d\.\d{3}(?:\.|,|$)")),
    (",", re.compile(r"\d,\d{3}(?:,|\.|$)")),
    (" ", re.compile("\\d[ \u00a0\u2009\u202f]\\d{3}")),
    ("'", re.compile("\\d['\u2019]\\d{3}")),
)


def table_of(path: Path, name: str, form: str, writing: Writing) -> Table:
    """The table of a file whose header nobody knows: its first row with nearly all cells filled.

    Refuses: as the readers do.
    """
    widest = 0

    def measure(cells: Sequence[str]) -> bool:
        nonlocal widest
        widest = max(widest, _filled(cells))
        return False

    def is_full(cells: Sequence[str]) -> bool:
        return _filled(cells) * 10 >= max(widest, 2) * 8

    table = _open(path, name, form, writing, measure)
    return _open(path, name, form, writing, is_full) if widest > 1 else table


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _open(path: Path, name: str, form: str, writing: Writing, is_header: IsHeader) -> Table:
    if form != WORKBOOK:
        return open_delimited(path, name, writing, is_header)
    tables = open_workbook(path, name, writing, is_header)
    if not tables:
        raise no_rows(name)
    return max(tables, key=lambda table: len(table.header))


def propose_kind(header: Sequence[str]) -> str:
    """The kind of which a header has most of what it needs.

    >>> propose_kind(["Rechnungsnummer", "Kunde", "Datum", "Betrag"])
    'items'
    >>> propose_kind(["Kundennummer", "Firma", "Land"])
    'customers'
    """

    def fitting(kind: str) -> tuple[float, int]:
        found = propose_columns(kind, header)
        needed = {c for c in KINDS[kind].required if not propose_fixed(kind, c, "EUR")}
        return len(found.keys() & needed) / len(needed), len(found)

    return max(("items", "customers", "payments", "applications", "contacts", "rates"), key=fitting)


def propose_columns(kind: str, header: Sequence[str]) -> dict[str, str]:
    """{our column: header} by name; a header stands for one column at most.

    >>> propose_columns("items", ["Rechnungs-Nr.", "Datum", "Total"])
    {'number': 'Rechnungs-Nr.', 'issued_on': 'Datum', 'amount': 'Total'}
    """
    spelt = {_plain(cell): cell for cell in reversed(header) if cell}
    found: dict[str, str] = {}
    for column in KINDS[kind].columns:
        names = [column.replace("_", " "), *_HEADERS.get(column, "").split("|")]
        hit = next((name for name in names if name in spelt), None)
        if hit:
            found[column] = spelt.pop(hit)
    return found


def _plain(cell: str) -> str:
    return " ".join(re.sub(r"[._-]", " ", normal_header(cell)).split())


def propose_fixed(kind: str, column: str, currency: str) -> str:
    """What every row may have where the file has no column for it.

    >>> propose_fixed("items", "currency", "GBP"), propose_fixed("items", "number", "GBP")
    ('GBP', '')
    """
    if column == "currency" and column in KINDS[kind].required:
        return currency
    return _FIXED.get(column, "") if kind == "items" else ""


def propose_word(column: str, theirs: str) -> str:
    """Our word for one of theirs; "" where nobody can tell.

    >>> propose_word("kind", "Gutschrift"), propose_word("kind", "XY")
    ('credit_note', '')
    """
    plain = _plain(theirs)
    for ours in CHOICES[column]:
        if plain in (ours.replace("_", " "), *_WORDS.get(ours, "").split("|")):
            return ours
    return ""


def propose_footer(texts: Sequence[str]) -> tuple[str, ...]:
    """What the row with the totals begins with, if one of the last rows does.

    >>> propose_footer(["INV-1", "INV-2", "Grand total: 2"]), propose_footer(["Total Oil Ltd"] * 9)
    (('Grand total',), ())
    """
    found = [text.strip() for text in texts[-_LAST_ROWS:] if _TOTALS.match(text.strip())]
    if len(found) != 1:
        return ()
    return (_TOTALS.match(found[0])[0].strip(),)  # type: ignore[index]


def propose_numbers(texts: Iterable[str]) -> tuple[str, str]:
    """(decimal mark, mark between thousands) that numbers prove; "" where they prove nothing.

    >>> propose_numbers(["1.234,50", "3,00"]), propose_numbers(["1,234"]), propose_numbers(["12.5"])
    ((',', '.'), ('', ''), ('.', ''))
    """
    held = [text.strip() for text in texts if text.strip()]
    points = any(_POINT.search(text) for text in held)
    commas = any(_COMMA.search(text) for text in held)
    if points == commas:
        return "", ""
    decimal = "." if points else ","
    for mark, form in _GROUPS:
        if mark != decimal and any(form.search(text) for text in held):
            return decimal, mark
    return decimal, ""
