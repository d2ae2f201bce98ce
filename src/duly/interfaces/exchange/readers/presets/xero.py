"""Xero: sales invoices, the import template, contacts, payments and connector tables.

Sources: Xero's sales invoice template and API fields; the tables of the connector that dbt_xero
reads. Bills (ACCPAY) are what a company owes: they are left out.
"""

from duly.interfaces.exchange.readers.presets import documents, payments
from duly.interfaces.exchange.readers.presets.documents import DocumentExport, document_reader
from duly.interfaces.exchange.readers.presets.gathering import Row
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

BILLS = "bills, which the company owes to others"
UNAPPROVED = "drafts, or waiting for approval"
VOIDED = "voided or deleted in Xero"

# The types of the pages (words) and of the API (codes). Prepayments and overpayments are money
# on account in Xero's bank screens, not documents.
_TYPES = {
    "": "invoice",
    "sales invoice": "invoice",
    "invoice": "invoice",
    "accrec": "invoice",
    "sales credit note": "credit_note",
    "credit note": "credit_note",
    "accreccredit": "credit_note",
    "accpay": BILLS,
    "bill": BILLS,
    "accpaycredit": BILLS,
    "bill credit note": BILLS,
    "purchase credit note": BILLS,
}
_STATUSES = {
    "draft": UNAPPROVED,
    "submitted": UNAPPROVED,
    "awaiting approval": UNAPPROVED,
    "voided": VOIDED,
    "deleted": VOIDED,
}


def sort_document(row: Row) -> str:
    """The kind of a row by its type and status, or why it is left out."""
    if row["is_deleted"].casefold() == "true":
        return VOIDED
    reason = _STATUSES.get(row["status"].casefold())
    if reason:
        return reason
    word = row["type"].casefold()
    kind = _TYPES.get(word, f"of the type {row['type'][:40]}, which is no sales invoice")
    if kind == "invoice" and not word and row["credit_note_id"]:
        return "credit_note"
    return kind


def _is_paid(row: Row) -> bool:
    return row["status"].casefold() == "paid"


_PAGE_FIELDS = {
    "number": ("invoicenumber", "invoice number", "creditnotenumber"),
    "customer_name": ("contactname", "contact name"),
    "customer_email": ("emailaddress",),
    "issued_on": ("invoicedate", "invoice date", "date"),
    "due_on": ("duedate", "due date"),
    "total": ("total", "invoiceamount", "invoicetotal"),
    "open_amount": ("invoiceamountdue", "amountdue", "remainingcredit"),
    "settled_on": ("fullypaidondate", "fully paid on date"),
    "paid": ("invoiceamountpaid", "amountpaid"),
    "credited": ("amountcredited",),
    "line_amount": ("lineamount",),
    "line_tax": ("taxamount",),
    "tax_code": ("taxtype",),
    "quantity": ("quantity",),
    "unit_amount": ("unitamount",),
    "discount_percent": ("discount",),
    "currency": ("currency", "currencycode"),
    "type": ("type",),
    "status": ("status",),
    "reference": ("reference",),
}
# Without line amounts in the table, quantity and price of a line mean nothing to a total.
_TABLE_FIELDS = {
    "id": ("invoice_id", "credit_note_id"),
    "credit_note_id": ("credit_note_id",),
    "number": ("invoice_number", "credit_note_number"),
    "customer_id": ("contact_id",),
    "issued_on": ("date",),
    "due_on": ("due_date",),
    "total": ("total",),
    "open_amount": ("amount_due", "remaining_credit"),
    "settled_on": ("fully_paid_on_date",),
    "paid": ("amount_paid",),
    "credited": ("amount_credited",),
    "currency": ("currency_code",),
    "type": ("type",),
    "status": ("status",),
    "reference": ("reference",),
    "is_deleted": ("_fivetran_deleted",),
}


def _sort_payment(row: Row) -> str:
    if row["is_deleted"].casefold() == "true" or _STATUSES.get(row["status"].casefold()) == VOIDED:
        return VOIDED
    word = row["type"].casefold()
    if word.startswith(("accpay", "ap", "bill", "spend")):
        return "payments of bills"
    return ""


_PAYMENTS = PaymentExport(
    {
        "payment_id": ("paymentid", "payment_id", "payment id"),
        "customer_name": ("contactname", "contact name", "contact"),
        "customer_id": ("contact_id", "contactid"),
        "currency": ("currencycode", "currency", "currency_code"),
        "received_on": ("paymentdate", "date", "payment date"),
        "amount": ("paymentamount", "amount", "payment amount"),
        "reference": ("reference", "paymentreference"),
        "invoice_number": ("invoicenumber", "invoice_number", "invoice number"),
        "invoice_id": ("invoiceid", "invoice_id"),
        "type": ("paymenttype", "payment_type"),
        "status": ("status",),
        "is_deleted": ("_fivetran_deleted",),
    },
    _sort_payment,
)
_PAYMENT_NEEDS = (
    ("paymentid", "payment_id", "payment id", "paymentdate"),
    ("paymentamount", "amount", "payment amount"),
    ("invoicenumber", "invoiceid", "invoice_id", "invoice_number"),
    ("paymentdate", "date", "payment date"),
)
_NOT_PAYMENTS = frozenset({"payment_date", "txndate", "transaction_date"})

PRESETS = (
    Preset(
        "xero-invoices",
        "items",
        (("contactname",), ("invoicenumber", "creditnotenumber"), ("invoicedate", "date")),
        document_reader(DocumentExport(_PAGE_FIELDS, sort_document, settled=_is_paid)),
        documents.COLUMNS,
        lacks=frozenset({"paymentid", "paymentdate", "paymentamount"}),
    ),
    Preset(
        "xero-connector-invoices",
        "items",
        (
            ("invoice_id", "credit_note_id"),
            ("contact_id",),
            ("invoice_number", "credit_note_number"),
            ("currency_code",),
            ("total",),
        ),
        document_reader(DocumentExport(_TABLE_FIELDS, sort_document, settled=_is_paid)),
        documents.COLUMNS,
    ),
    Preset(
        "xero-contacts",
        "customers",
        (("contactname",), ("accountnumber",), ("emailaddress",)),
        customer_reader(
            CustomerExport(
                {
                    "name": ("contactname",),
                    "legal_name": ("legalname",),
                    "email": ("emailaddress",),
                    "phone": ("phonenumber",),
                    "country": ("pocountry", "sacountry"),
                    "tax_id": ("taxnumber",),
                    "currency": ("defaultcurrency",),
                }
            )
        ),
        ("customer_id", "name", *OPTIONAL),
        lacks=frozenset({"invoicenumber"}),
    ),
    Preset(
        "xero-connector-contacts",
        "customers",
        (("contact_id",), ("name",), ("_fivetran_deleted",)),
        customer_reader(
            CustomerExport(
                {
                    "id": ("contact_id",),
                    "name": ("name",),
                    "email": ("email_address",),
                    "tax_id": ("tax_number",),
                    "currency": ("default_currency",),
                    "is_deleted": ("_fivetran_deleted",),
                },
                lambda row: VOIDED if row["is_deleted"].casefold() == "true" else "",
            )
        ),
        ("customer_id", "name", *OPTIONAL),
    ),
    Preset(
        "xero-payments",
        "payments",
        _PAYMENT_NEEDS,
        payment_reader(_PAYMENTS),
        payments.PAYMENTS,
        lacks=_NOT_PAYMENTS,
        family="xero-payments",
    ),
    Preset(
        "xero-payments-applied",
        "applications",
        _PAYMENT_NEEDS,
        application_reader(_PAYMENTS),
        payments.APPLICATIONS,
        lacks=_NOT_PAYMENTS,
        family="xero-payments",
    ),
    unusable(
        "xero-connector-bank-transactions",
        (("bank_transaction_id",), ("contact_id",)),
        "it links bank transactions to contacts by id, and holds no amount and no day.",
        "Give the bank's own statement, or Xero's payments.",
    ),
)
