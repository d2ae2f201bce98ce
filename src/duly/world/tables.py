"""What the seller's books tell, as CSV files in Duly's own columns."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from duly.kernel.currencies import exponent
from duly.kernel.money import Money, text_from_minor
from duly.kernel.terms import parse_terms
from duly.world.company import Customer
from duly.world.rates import rates
from duly.world.records import Document, History, Payment

# What the seller calls its segments: who is in distress is not known to it.
_TOLD = {"distressed": "mid", "start-up": "small"}


def write_tables(history: History, folder: Path) -> list[Path]:
    """A file for each kind, with all that the seller knows on the history's last day."""
    folder.mkdir(parents=True, exist_ok=True)
    customers = history.company.customers.values()
    gone = history.returned()
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]] = {
        "rates": (
            ("on", "currency", "per_entity_currency", "source"),
            (
                (rate.on.isoformat(), rate.currency, str(rate.per_unit), "sample")
                for rate in rates(history.company.seed, history.days[0].on, history.until)
            ),
        ),
        "customers": (_CUSTOMER, map(_customer, customers)),
        "contacts": (_CONTACT, (row for customer in customers for row in _contacts(customer))),
        "items": (_ITEM, map(_item, history.documents())),
        "payments": (
            _PAYMENT,
            (
                _payment(payment, is_known=payment.identified_on <= history.until)
                for payment in history.payments()
                if payment.bank_reference not in gone
            ),
        ),
        "applications": (_APPLICATION, _applications(history, gone)),
    }
    return [_write(folder / f"{kind}.csv", header, rows) for kind, (header, rows) in tables.items()]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


_CUSTOMER = (
    "customer_id",
    "name",
    "email",
    "phone",
    "country",
    "language",
    "timezone",
    "terms",
    "credit_limit",
    "currency",
    "parent_id",
    "tax_id",
    "address",
    "segment",
    "collector",
    "sales_rep",
    "payment_method",
    "do_not_chase",
)


def _customer(customer: Customer) -> Sequence[str]:
    limit = customer.credit_limit_minor
    return (
        customer.code,
        customer.legal_name,
        customer.email,
        customer.phone,
        customer.place.country,
        customer.place.language,
        customer.place.timezone,
        customer.terms,
        _text(limit, customer.currency) if limit is not None else "",
        customer.currency,
        customer.parent,
        customer.tax_id,
        customer.address,
        _TOLD.get(customer.segment.name, customer.segment.name),
        customer.collector,
        customer.sales_rep,
        customer.payment_method,
        _flag(customer.do_not_chase),
    )


_CONTACT = ("customer_id", "name", "role", "email", "phone", "language", "do_not_contact")


def _contacts(customer: Customer) -> Iterable[Sequence[str]]:
    for one in customer.contacts:
        yield (
            customer.code,
            one.name,
            one.role,
            one.email,
            one.phone,
            one.language,
            _flag(one.do_not_contact),
        )


_ITEM = (
    "kind",
    "number",
    "customer_id",
    "currency",
    "issued_on",
    "due_on",
    "terms",
    "amount",
    "discount_until",
    "discount_amount",
    "po_number",
    "order_ref",
    "delivered_on",
    "reference",
)


def _item(document: Document) -> Sequence[str]:
    """An item with its due date and discount spelt out; instalments follow from the terms."""
    due_on, until, discount = document.due_on.isoformat(), "", ""
    if document.terms:
        money = Money(document.amount_minor, document.currency)
        parts = parse_terms(document.terms).schedule(document.issued_on, money)
        first = parts[0]
        if len(parts) > 1:
            due_on = ""
        elif first.discount_until and first.discount:
            until, discount = first.discount_until.isoformat(), first.discount.text()
    return (
        document.kind,
        document.number,
        document.customer,
        document.currency,
        document.issued_on.isoformat(),
        due_on,
        document.terms,
        _text(document.amount_minor, document.currency),
        until,
        discount,
        document.po_number,
        document.order_ref,
        document.delivered_on.isoformat() if document.delivered_on else "",
        document.reference,
    )


_PAYMENT = (
    "payment_id",
    "customer_id",
    "currency",
    "received_on",
    "amount",
    "payer_name",
    "payer_account",
    "reference",
)


def _payment(payment: Payment, *, is_known: bool) -> Sequence[str]:
    return (
        payment.bank_reference,
        payment.payer if is_known else "",
        payment.currency,
        payment.received_on.isoformat(),
        _text(payment.amount_minor, payment.currency),
        payment.payer_name,
        payment.payer_account,
        payment.remittance or " ".join(payment.structured_references),
    )


_APPLICATION = (
    "payment_id",
    "item_number",
    "customer_id",
    "amount",
    "applied_on",
    "discount",
)


def _applications(history: History, gone: set[str]) -> Iterable[Sequence[str]]:
    currencies = {code: one.currency for code, one in history.company.customers.items()}
    for made in history.applications():
        if made.source not in gone:
            currency = currencies[made.customer]
            yield (
                made.source,
                made.document,
                made.customer,
                _text(made.amount_minor, currency),
                made.applied_on.isoformat(),
                _text(made.discount_minor, currency) if made.discount_minor else "",
            )


def _text(minor: int, currency: str) -> str:
    return text_from_minor(minor, exponent(currency))


def _flag(is_so: bool) -> str:
    return "true" if is_so else ""
