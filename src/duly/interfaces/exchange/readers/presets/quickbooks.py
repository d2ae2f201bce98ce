"""QuickBooks Online: invoice lists, transaction reports, customer lists and connector tables.

Sources: labels of QuickBooks' own import, fields of its API; the tables of the connector that
dbt_quickbooks reads. The pages of QuickBooks name columns differently by region and
version ("No.", "Num", "Invoice no."), which is why each field has several names.
"""

from duly.interfaces.exchange.readers.presets import documents, payments
from duly.interfaces.exchange.readers.presets.documents import DocumentExport, document_reader
from duly.interfaces.exchange.readers.presets.gathering import Gathered, Row
from duly.interfaces.exchange.readers.presets.handing import TITLE
from duly.interfaces.exchange.readers.presets.payments import PaymentExport, payment_reader
from duly.interfaces.exchange.readers.presets.people import (
    OPTIONAL,
    CustomerExport,
    customer_reader,
)
from duly.interfaces.exchange.readers.presets.preset import Preset, unusable

_NUMBER = ("invoice no", "invoice number", "invoice #", "invoiceno", "refnumber", "docnumber")
_CUSTOMER = (
    "customer",
    "customer full name",
    "customer name",
    "client",
    "name",
    "customer/project",
)
_TYPE = ("transaction type", "type", "txn type")
_NUM = ("num", "no", "number", "ref no", "doc num")
_OPEN = ("open balance", "balance due", "balance", "remaining balance")

_LIST_FIELDS = {
    "number": _NUMBER,
    "customer_name": _CUSTOMER,
    "customer_email": ("email", "customer email", "billing email"),
    "issued_on": ("invoice date", "date", "txndate", "transaction date"),
    "due_on": ("due date", "duedate"),
    "terms": ("terms", "salesterm", "term"),
    "total": ("total", "total amount", "amount", "total amt"),
    "open_amount": _OPEN,
    "currency": ("currency", "currency code"),
    "status": ("status",),
    "line_amount": ("item amount", "item total", "product/service amount", "line amount"),
    "line_tax": ("item tax amount", "tax amount"),
    "tax_code": ("item tax code", "taxcode", "tax code"),
    "quantity": ("quantity", "qty", "item quantity"),
    "unit_amount": ("rate", "item rate", "sales price"),
    "po_number": ("po number", "p.o. number", "purchase order"),
    "reference": ("memo", "memo/description"),
}
_REPORT_FIELDS = {
    "group": ("",),
    "type": _TYPE,
    "number": _NUM,
    "customer_name": _CUSTOMER,
    "issued_on": ("date", "transaction date"),
    "due_on": ("due date",),
    "terms": ("terms", "term"),
    "total": ("amount", "foreign amount", "total"),
    "open_amount": _OPEN,
    "currency": ("currency", "transaction currency"),
    "reference": ("memo/description", "memo", "description"),
}
_REPORT_PAYMENT_FIELDS = {
    "group": ("",),
    "type": _TYPE,
    "reference": _NUM,
    "customer_name": _CUSTOMER,
    "received_on": ("date", "transaction date"),
    "amount": ("amount", "foreign amount", "total"),
    "unapplied": _OPEN,
    "currency": ("currency", "transaction currency"),
}
_DOCUMENT_TYPES = {"invoice": "invoice", "credit memo": "credit_note", "credit note": "credit_note"}
_PAYMENT_TYPES = frozenset({"payment", "received payment", "customer payment"})


def _sort_list(row: Row) -> str:
    status = row["status"].casefold()
    if not row.first("number", "issued_on"):
        return TITLE
    if "void" in status or "deleted" in status:
        return "voided or deleted invoices"
    return "draft invoices" if status in ("draft", "pending") else "invoice"


def _sort_report(row: Row) -> str:
    word = row["type"].casefold()
    if not word or not row["issued_on"]:
        return TITLE
    if word in _PAYMENT_TYPES:
        return "payments, which are read as such"
    return _DOCUMENT_TYPES.get(word, f"of the type {row['type'][:40]}, which is no invoice")


def _sort_report_payment(row: Row) -> str:
    word = row["type"].casefold()
    if not word or not row["received_on"]:
        return TITLE
    return "" if word in _PAYMENT_TYPES else TITLE  # the items of the same file tell the others


def _spread_groups(gathered: Gathered) -> None:
    """Give each row the customer under whose heading it stands, where that is no column.

    A heading stands alone in the first column, which has no name; "Total for ..." ends it.
    """
    if "customer_name" in gathered.cells or "group" not in gathered.cells:
        return
    dates = gathered.cells.get("issued_on") or gathered.cells.get("received_on") or []
    current = ""
    names = []
    for text, day in zip(gathered.cells["group"], dates, strict=True):
        if text and not day:
            current = "" if text.casefold().startswith("total") else text
        names.append(current if day else "")
    gathered.cells["customer_name"] = names


def _sort_table(row: Row) -> str:
    """Rows of the connector: those it marks as deleted are no longer in QuickBooks."""
    if row["is_deleted"].casefold() == "true":
        return "deleted in QuickBooks"
    if row["note"].casefold().startswith("voided"):
        return "voided in QuickBooks"
    return ""


_DELETED = {"is_deleted": ("_fivetran_deleted", "is_deleted"), "note": ("private_note",)}
_TABLE_FIELDS = {
    **_DELETED,
    "id": ("id",),
    "number": ("doc_number",),
    "customer_id": ("customer_id",),
    "customer_email": ("billing_email", "bill_email"),
    "issued_on": ("transaction_date",),
    "due_on": ("due_date",),
    "total": ("total_amount",),
    "open_amount": ("remaining_credit", "balance"),
    "currency": ("currency_id",),
    "po_number": ("custom_p_o_number",),
}

_LIST = DocumentExport(
    _LIST_FIELDS, _sort_list, settled=lambda row: row["status"].casefold() in ("paid", "deposited")
)
_REPORT = DocumentExport(_REPORT_FIELDS, _sort_report, prepare=_spread_groups)
_REPORT_PAYMENTS = PaymentExport(
    _REPORT_PAYMENT_FIELDS, _sort_report_payment, prepare=_spread_groups
)
_CUSTOMERS = CustomerExport(
    {
        "name": ("customer", "customer name", "name", "customer full name", "display name"),
        "legal_name": ("company", "company name"),
        "email": ("email", "e-mail", "main email"),
        "phone": ("phone", "phone numbers", "phone number", "main phone"),
        "country": ("country", "billing country", "bill country"),
        "terms": ("terms",),
        "currency": ("currency",),
        "tax_id": ("tax reg no", "gst registration no", "vat registration no", "tax id"),
    },
    lambda row: "total rows of the list" if row["name"].casefold() == "total" else "",
)
_CUSTOMER_TABLE = CustomerExport(
    {
        **_DELETED,
        "id": ("id",),
        "name": ("display_name", "fully_qualified_name"),
        "legal_name": ("company_name",),
        "email": ("email",),
        "phone": ("phone_number",),
        "currency": ("currency_id",),
        "parent_id": ("parent_customer_id",),
        "tax_id": ("resale_number",),
    },
    _sort_table,
)
_PAYMENT_TABLE = PaymentExport(
    {
        **_DELETED,
        "payment_id": ("id",),
        "customer_id": ("customer_id",),
        "currency": ("currency_id",),
        "received_on": ("transaction_date",),
        "amount": ("total_amount",),
        "unapplied": ("unapplied_amount",),
        "reference": ("reference_number",),
    },
    _sort_table,
)

_TRANSACTIONS = (_TYPE, _NUM, ("date", "transaction date"), (*_OPEN, "amount"))
_LINES = "these are lines of documents by internal ids, without numbers, customers or days."
_GIVE_DOCUMENTS = "Give the export of the documents themselves, which has their totals."

PRESETS = (
    Preset(
        "quickbooks-invoices",
        "items",
        (_NUMBER, _CUSTOMER, ("invoice date", "date", "txndate")),
        document_reader(_LIST),
        documents.COLUMNS,
        lacks=frozenset({"transaction type", "contactname", "payment date"}),
    ),
    Preset(
        "quickbooks-transactions",
        "items",
        _TRANSACTIONS,
        document_reader(_REPORT),
        documents.COLUMNS,
        lacks=frozenset({"internal id", "document number"}),
        family="quickbooks-transactions",
    ),
    Preset(
        "quickbooks-transactions-payments",
        "payments",
        _TRANSACTIONS,
        payment_reader(_REPORT_PAYMENTS),
        payments.PAYMENTS,
        lacks=frozenset({"internal id", "document number"}),
        family="quickbooks-transactions",
    ),
    Preset(
        "quickbooks-customers",
        "customers",
        (
            ("customer", "customer name", "name", "customer full name", "display name"),
            ("phone", "phone numbers", "phone number", "main phone"),
            ("email", "e-mail", "main email"),
        ),
        customer_reader(_CUSTOMERS),
        ("customer_id", "name", *OPTIONAL),
        lacks=frozenset({"internal id", "id", "invoice no", "invoice number", "customer_id"}),
    ),
    Preset(
        "quickbooks-connector-invoices",
        "items",
        (("doc_number",), ("transaction_date",), ("total_amount",), ("due_date",), ("balance",)),
        document_reader(DocumentExport(_TABLE_FIELDS, lambda row: _sort_table(row) or "invoice")),
        documents.COLUMNS,
    ),
    Preset(
        "quickbooks-connector-credit-memos",
        "items",
        (("doc_number",), ("transaction_date",), ("total_amount",), ("remaining_credit",)),
        document_reader(
            DocumentExport(_TABLE_FIELDS, lambda row: _sort_table(row) or "credit_note")
        ),
        documents.COLUMNS,
    ),
    Preset(
        "quickbooks-connector-customers",
        "customers",
        (("display_name",), ("fully_qualified_name",), ("balance_with_jobs",)),
        customer_reader(_CUSTOMER_TABLE),
        ("customer_id", "name", *OPTIONAL),
    ),
    Preset(
        "quickbooks-connector-payments",
        "payments",
        (("unapplied_amount",), ("transaction_date",), ("total_amount",)),
        payment_reader(_PAYMENT_TABLE),
        payments.PAYMENTS,
    ),
    unusable(
        "quickbooks-connector-lines",
        (("index",), ("invoice_id", "credit_memo_id", "payment_id"), ("amount", "payment_id")),
        _LINES,
        _GIVE_DOCUMENTS,
    ),
)
