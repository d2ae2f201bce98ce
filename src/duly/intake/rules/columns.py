"""The columns of each kind of import: which there are, and which a file must have.

Source: the command line contract. Columns marked `identity` together name a record; the
`customer_*` columns of items describe a debtor that an e-invoice brings with it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import; `order` is its place when several files are written together."""

    name: str
    order: int
    required: tuple[str, ...]
    optional: tuple[str, ...]
    identity: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "rates", 0, ("on", "currency", "per_entity_currency"), ("source",), ("on", "currency")
        ),
        Kind(
            "customers",
            1,
            ("customer_id", "name"),
            (
                "legal_name",
                "other_names",
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
                "registration_id",
                "address",
                "segment",
                "collector",
                "sales_rep",
                "payment_method",
                "do_not_chase",
            ),
            ("customer_id",),
        ),
        Kind(
            "contacts",
            2,
            ("customer_id", "name"),
            ("role", "email", "phone", "language", "do_not_contact"),
            ("customer_id", "name", "role"),
        ),
        Kind(
            "items",
            3,
            ("kind", "number", "customer_id", "currency", "issued_on", "amount"),
            (
                "due_on",
                "terms",
                "open_amount",
                "settled_on",
                "discount_until",
                "discount_amount",
                "po_number",
                "order_ref",
                "delivered_on",
                "reference",
                "customer_name",
                "customer_country",
                "customer_tax_id",
                "customer_email",
            ),
            ("kind", "number", "customer_id"),
        ),
        Kind(
            "payments",
            4,
            ("payment_id", "currency", "received_on", "amount"),
            ("customer_id", "payer_name", "payer_account", "reference"),
            ("payment_id",),
        ),
        Kind(
            "applications",
            5,
            ("payment_id", "item_number", "customer_id", "amount", "applied_on"),
            ("discount",),
            ("payment_id", "item_number", "customer_id", "applied_on"),
        ),
        Kind(
            "orders",
            6,
            ("order_ref", "customer_id", "currency", "amount", "ordered_on"),
            ("prepaid",),
            ("order_ref",),
        ),
        Kind(
            "stops",
            7,
            ("customer_id", "kind", "since_on", "source"),
            ("reason",),
            ("customer_id", "kind"),
        ),
    )
}

# A bank's file is no table: its columns are those in which its lines are shown.
BANK = Kind(
    "bank",
    4,
    (),
    (
        "account",
        "statement",
        "booked_on",
        "value_on",
        "currency",
        "amount",
        "name",
        "name_account",
        "reference",
        "bank_reference",
        "payments",
    ),
    ("bank_reference",),
)
ALL_KINDS = KINDS | {BANK.name: BANK}

ITEM_KINDS = ("invoice", "credit_note", "debit_note")
