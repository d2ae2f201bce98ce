"""Stripe: the dashboard's exports (decimals) and tables of API objects (whole minor units).

Sources: the fields of Stripe's API; tables of the connector that dbt_stripe reads. Which of the two
an export is shows in its headers: the dashboard writes "Amount Due", the API "amount_due".
Days are those of UTC, in which both count.
"""

from duly.interfaces.exchange.readers.presets import documents, payments
from duly.interfaces.exchange.readers.presets.documents import DocumentExport, document_reader
from duly.interfaces.exchange.readers.presets.gathering import Row
from duly.interfaces.exchange.readers.presets.payments import PaymentExport, payment_reader
from duly.interfaces.exchange.readers.presets.people import (
    OPTIONAL,
    CustomerExport,
    customer_reader,
)
from duly.interfaces.exchange.readers.presets.preset import Preset, unusable

DRAFTS = "drafts, which were never sent"
VOIDED = "voided or deleted in Stripe"

_CREATED = (
    "created (utc)",
    "date (utc)",
    "created date (utc)",
    "finalized at (utc)",
    "created",
    "date",
)


def _sort_invoice(row: Row) -> str:
    status = row["status"].casefold()
    if status in ("void", "voided", "deleted") or row["is_deleted"].casefold() == "true":
        return VOIDED
    return DRAFTS if status == "draft" else "invoice"


def _sort_credit_note(row: Row) -> str:
    return VOIDED if row["status"].casefold() in ("void", "voided") else "credit_note"


def _sort_payment(row: Row) -> str:
    status = row["status"].casefold()
    if status in ("failed", "canceled", "cancelled", "pending", "incomplete", "blocked"):
        return "payments that failed or are pending"
    if status.startswith("requires"):
        return "payments that failed or are pending"
    if status == "refunded" or row["is_refunded"].casefold() == "true":
        return "payments refunded in full"
    if row["captured"].casefold() == "false":
        return "payments authorised but not captured"
    return ""


_DASHBOARD_INVOICES = {
    "id": ("id", "invoice id"),
    "number": ("number", "invoice number"),
    "customer_id": ("customer", "customer id"),
    "customer_name": ("customer name", "customer description"),
    "customer_email": ("customer email",),
    "issued_on": ("finalized at (utc)", *_CREATED),
    "due_on": ("due date (utc)", "due date"),
    "total": ("total", "amount due"),
    "open_amount": ("amount remaining",),
    "paid": ("amount paid",),
    "currency": ("currency",),
    "status": ("status",),
    "reference": ("description", "memo"),
}
_API_INVOICES = {
    "id": ("id",),
    "number": ("number",),
    "customer_id": ("customer", "customer_id"),
    "customer_name": ("customer_name",),
    "customer_email": ("customer_email",),
    "issued_on": ("finalized_at", "status_transitions_finalized_at", "created", "date"),
    "due_on": ("due_date",),
    "total": ("total",),
    "open_amount": ("amount_remaining",),
    "paid": ("amount_paid",),
    "currency": ("currency",),
    "status": ("status",),
    "is_deleted": ("is_deleted",),
}
_DASHBOARD_CREDIT_NOTES = {
    "id": ("id", "credit note id"),
    "number": ("number", "credit note number"),
    "customer_id": ("customer", "customer id"),
    "customer_name": ("customer name",),
    "issued_on": _CREATED,
    "total": ("total", "amount"),
    "currency": ("currency",),
    "status": ("status",),
    "reference": ("invoice number", "invoice", "invoice id"),
}
_PAYMENT_FIELDS = {
    "payment_id": ("id",),
    "customer_id": ("customer id", "customer", "customer_id"),
    "customer_name": ("customer name", "customer description", "customer email"),
    "currency": ("currency",),
    "received_on": _CREATED,
    "amount": ("amount",),
    "refunded": ("amount refunded", "amount_refunded"),
    "reference": ("description",),
    "invoice_id": ("invoice id", "invoice_id", "invoice"),
    "status": ("status",),
    "captured": ("captured",),
    "is_refunded": ("refunded",),
}


def _is_paid(row: Row) -> bool:
    """Whether nothing is left; Stripe calls bad debts uncollectible, and they stay owed."""
    return row["status"].casefold() == "paid"


def _is_credit_used(row: Row) -> bool:
    """A credit note of Stripe lowers its invoice, is refunded or credited at once: none is open."""
    return True


PRESETS = (
    Preset(
        "stripe-invoices",
        "items",
        (
            ("number", "invoice number"),
            ("amount due",),
            ("customer", "customer id"),
            _CREATED,
            ("currency",),
            ("status",),
        ),
        document_reader(DocumentExport(_DASHBOARD_INVOICES, _sort_invoice, settled=_is_paid)),
        documents.COLUMNS,
        lacks=frozenset({"transaction type", "internal id"}),
    ),
    Preset(
        "stripe-api-invoices",
        "items",
        (("number",), ("amount_due",), ("amount_remaining",), ("currency",), ("status",)),
        document_reader(
            DocumentExport(_API_INVOICES, _sort_invoice, settled=_is_paid, has_minor_units=True)
        ),
        documents.COLUMNS,
    ),
    Preset(
        "stripe-credit-notes",
        "items",
        (
            ("credit note number", "number"),
            ("invoice", "invoice id", "invoice number"),
            ("customer", "customer id"),
            _CREATED,
            ("currency",),
            ("reason",),
        ),
        document_reader(
            DocumentExport(_DASHBOARD_CREDIT_NOTES, _sort_credit_note, settled=_is_credit_used)
        ),
        documents.COLUMNS,
        lacks=frozenset({"amount due", "transaction type"}),
    ),
    unusable(
        "stripe-api-credit-notes",
        (("customer_balance_transaction_id",), ("invoice_id",), ("number",), ("total",)),
        "credit notes of the API name no customer, and Stripe has already taken them off what "
        "their invoices leave open.",
        "Give the invoices: amount_remaining counts these credits.",
    ),
    Preset(
        "stripe-customers",
        "customers",
        (("id",), ("email",), ("name", "description"), ("created (utc)", "created date (utc)")),
        customer_reader(
            CustomerExport(
                {
                    "id": ("id",),
                    "name": ("name",),
                    "other_name": ("description",),
                    "email": ("email",),
                    "phone": ("phone",),
                    "country": ("address country", "billing address country", "card country"),
                    "currency": ("currency",),
                    "tax_id": ("business vat id", "tax id"),
                }
            )
        ),
        ("customer_id", "name", *OPTIONAL),
        lacks=frozenset({"amount", "amount due"}),
    ),
    Preset(
        "stripe-api-customers",
        "customers",
        (("id",), ("email",), ("name",), ("delinquent",), ("invoice_prefix",)),
        customer_reader(
            CustomerExport(
                {
                    "id": ("id",),
                    "name": ("name",),
                    "other_name": ("description",),
                    "email": ("email",),
                    "phone": ("phone",),
                    "country": ("address_country",),
                    "currency": ("currency",),
                    "tax_id": ("tax_info_tax_id",),
                    "is_deleted": ("is_deleted",),
                },
                lambda row: VOIDED if row["is_deleted"].casefold() == "true" else "",
            )
        ),
        ("customer_id", "name", *OPTIONAL),
    ),
    Preset(
        "stripe-payments",
        "payments",
        (
            ("id",),
            ("created (utc)", "created date (utc)"),
            ("amount",),
            ("amount refunded",),
            ("currency",),
            ("status",),
        ),
        payment_reader(PaymentExport(_PAYMENT_FIELDS, _sort_payment)),
        payments.PAYMENTS,
    ),
    Preset(
        "stripe-api-charges",
        "payments",
        (("id",), ("created",), ("amount",), ("amount_refunded",), ("currency",), ("status",)),
        payment_reader(PaymentExport(_PAYMENT_FIELDS, _sort_payment, has_minor_units=True)),
        payments.PAYMENTS,
    ),
    unusable(
        "stripe-api-lines",
        (("invoice_id", "credit_note_id"), ("quantity",), ("discountable", "unit_amount_decimal")),
        "these are lines of documents, without the documents' numbers and customers.",
        "Give the invoices themselves.",
    ),
    unusable(
        "stripe-api-money-movements",
        (
            ("payout_id", "arrival_date", "available_on", "charge_id"),
            ("_fivetran_synced",),
            ("balance_transaction_id", "balance_transaction", "net"),
        ),
        "payouts, refunds, disputes and balance movements are what happens between Stripe and its "
        "user, not between the user and a customer.",
        "Give invoices, customers or payments.",
    ),
)
