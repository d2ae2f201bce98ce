"""NetSuite: saved searches and lists of its pages, and connector tables by internal ids.

Source: the tables of the connector that dbt_netsuite reads, and labels of NetSuite's pages. A saved
search without the filter "Main Line is true" gives a row for each line and one (the main line,
marked *) for the document; "Amount" is in the base currency, "Amount (Foreign Currency)" in the
transaction's.
"""

from duly.interfaces.exchange.readers.presets import documents, payments
from duly.interfaces.exchange.readers.presets.documents import DocumentExport, document_reader
from duly.interfaces.exchange.readers.presets.figures import CurrencyUnclear, currency_code
from duly.interfaces.exchange.readers.presets.gathering import Gathered, Row
from duly.interfaces.exchange.readers.presets.handing import TITLE
from duly.interfaces.exchange.readers.presets.payments import (
    PaymentExport,
    application_reader,
    payment_reader,
)
from duly.interfaces.exchange.readers.presets.people import (
    OPTIONAL,
    CustomerExport,
    customer_reader,
)
from duly.interfaces.exchange.readers.presets.preset import Preset, unusable

_DOCUMENT_TYPES = {
    "invoice": "invoice",
    "custinvc": "invoice",
    "credit memo": "credit_note",
    "custcred": "credit_note",
}
_PAYMENT_TYPES = frozenset({"payment", "customer payment", "custpymt"})

_COMMON = {
    "internal_id": ("internal id", "internalid", "id"),
    "main_line": ("*", "", "main line", "mainline"),
    "type": ("type", "transaction type", "record type"),
    "status": ("status",),
    "customer_id": ("customer id", "customer internal id", "entity id", "customer : id"),
    "customer_name": (
        "name",
        "customer",
        "entity",
        "customer/project",
        "customer : name",
        "main name",
    ),
    "currency": ("currency",),
    "base_amount": ("amount",),
}
_DAYS = ("date", "transaction date", "trandate")
_NUMBERS = ("document number", "document number/id", "number", "tranid", "invoice number")
_FOREIGN = ("amount (foreign currency)", "foreign amount", "amount (transaction currency)")
_REMAINING = (
    "amount remaining (foreign currency)",
    "foreign amount remaining",
    "amount remaining (transaction currency)",
    "amount remaining",
    "amount due",
)
_DOCUMENT_FIELDS = {
    **_COMMON,
    "id": ("internal id", "internalid"),
    "number": _NUMBERS,
    "customer_email": ("email",),
    "issued_on": _DAYS,
    "due_on": ("due date", "due date/receive by", "duedate"),
    "terms": ("terms",),
    "total": (*_FOREIGN, "amount (gross)", "total", "amount", "transaction total"),
    "open_amount": _REMAINING,
    "po_number": ("po/check number", "po/cheque number", "po #", "po number", "otherrefnum"),
    "reference": ("memo", "memo (main)"),
}
_PAYMENT_FIELDS = {
    **_COMMON,
    "payment_id": _NUMBERS,
    "received_on": _DAYS,
    "amount": (*_FOREIGN, "payment amount", "amount"),
    "applied_amount": (
        "applied to foreign amount",
        "applying link amount (foreign currency)",
        "applied to link amount",
    ),
    "unapplied": ("amount unapplied", "unapplied amount", "amount remaining"),
    "reference": ("po/check number", "check number", "payment reference", "memo"),
    "invoice_number": (
        "applied to transaction",
        "applied to transaction : document number",
        "applied to",
        "paid transaction",
    ),
}


def _is_line(row: Row) -> bool:
    """Whether a row is a line below its document's main line."""
    return "main_line" in row.cells and row["main_line"].casefold() not in (
        "*",
        "t",
        "true",
        "yes",
    )


def _reason(row: Row) -> str:
    """Why a row can't count whatever its type, '' if it can."""
    if row["type"].casefold() == "" and not row.first("number", "payment_id", "internal_id"):
        return TITLE
    if _is_line(row):
        return "lines, which their documents' main lines sum up"
    status = row["status"].casefold()
    if "void" in status or "rejected" in status:
        return "voided or rejected in NetSuite"
    if "pending approval" in status:
        return "waiting for approval"
    return ""


def _sort_document(row: Row) -> str:
    reason = _reason(row)
    if reason:
        return reason
    word = row["type"].casefold()
    if word in _PAYMENT_TYPES:
        return "payments, which are read as such"
    return _DOCUMENT_TYPES.get(word, f"of the type {row['type'][:40]}, which is no sales invoice")


def _sort_payment(row: Row) -> str:
    reason = _reason(row)
    if reason:
        return reason
    return "" if row["type"].casefold() in _PAYMENT_TYPES else TITLE


def _refuse_base_amounts(gathered: Gathered) -> None:
    """Refuse several currencies beside amounts of the base currency alone.

    Refuses: CurrencyUnclear.
    """
    currencies = {currency_code(text) for text in gathered.cells.get("currency", ()) if text}
    amounts = gathered.cells.get("total") or gathered.cells.get("amount")
    if len(currencies) > 1 and amounts == gathered.cells.get("base_amount"):
        raise CurrencyUnclear(
            f"{gathered.file} has {len(currencies)} currencies, but its Amount is in the base "
            "currency.",
            facts={"file": gathered.file, "currencies": sorted(currencies)},
            remedy="Add Amount (Foreign Currency) and Amount Remaining (Foreign Currency) to the "
            "saved search.",
        )


def _is_paid(row: Row) -> bool:
    status = row["status"].casefold()
    return "paid in full" in status or "fully applied" in status


_DOCUMENTS = DocumentExport(
    _DOCUMENT_FIELDS, _sort_document, settled=_is_paid, prepare=_refuse_base_amounts
)
_PAYMENTS = PaymentExport(_PAYMENT_FIELDS, _sort_payment, prepare=_refuse_base_amounts)
_NEEDS = (
    ("type", "transaction type", "record type"),
    _NUMBERS,
    _DAYS,
    ("amount", "amount (gross)", "transaction total", *_FOREIGN),
    ("internal id", "internalid", "document number", "document number/id", "tranid"),
)


def _sort_table(row: Row) -> str:
    """Rows of the connector: history (not active) and what was deleted are left out."""
    if row["is_active"].casefold() == "false":
        return "earlier versions of a record"
    if row["is_deleted"].casefold() == "true" or row["deleted_on"]:
        return "deleted in NetSuite"
    return ""


PRESETS = (
    Preset(
        "netsuite-transactions",
        "items",
        _NEEDS,
        document_reader(_DOCUMENTS),
        documents.COLUMNS,
        family="netsuite-transactions",
    ),
    Preset(
        "netsuite-transactions-payments",
        "payments",
        _NEEDS,
        payment_reader(_PAYMENTS),
        payments.PAYMENTS,
        family="netsuite-transactions",
    ),
    Preset(
        "netsuite-transactions-applied",
        "applications",
        (*_NEEDS[:-1], _PAYMENT_FIELDS["invoice_number"]),
        application_reader(_PAYMENTS),
        payments.APPLICATIONS,
        family="netsuite-transactions",
    ),
    Preset(
        "netsuite-customers",
        "customers",
        (
            ("internal id", "internalid"),
            ("name", "company name", "entity id", "id"),
            ("email", "phone", "terms"),
        ),
        customer_reader(
            CustomerExport(
                {
                    "name": ("name", "entity id", "id"),
                    "legal_name": ("company name",),
                    "email": ("email",),
                    "phone": ("phone",),
                    "country": ("country", "billing country", "billing country code"),
                    "terms": ("terms",),
                    "currency": ("currency", "primary currency"),
                    "tax_id": ("tax number", "vat registration no", "tax reg number"),
                }
            )
        ),
        ("customer_id", "name", *OPTIONAL),
        lacks=frozenset({"document number", "date", "amount", "type"}),
    ),
    Preset(
        "netsuite-connector-customers",
        "customers",
        (("id",), ("entityid",), ("altname", "companyname"), ("receivablesaccount",)),
        customer_reader(
            CustomerExport(
                {
                    "id": ("id",),
                    "name": ("companyname",),
                    "other_name": ("altname",),
                    "email": ("email",),
                    "phone": ("phone",),
                    "parent_id": ("parent",),
                    "is_active": ("_fivetran_active",),
                    "is_deleted": ("_fivetran_deleted",),
                    "deleted_on": ("date_deleted",),
                },
                _sort_table,
            )
        ),
        ("customer_id", "name", *OPTIONAL),
    ),
    unusable(
        "netsuite-connector-tables",
        (
            ("_fivetran_deleted",),
            ("transactionnumber", "transactionline", "mainline", "genericresource"),
        ),
        "this table has no documents with amounts: they are spread over several tables by "
        "internal ids.",
        "Give a saved search of transactions with Type, Document Number, Name, Date, Due Date, "
        "Currency, Amount (Foreign Currency) and Amount Remaining (Foreign Currency).",
    ),
)
