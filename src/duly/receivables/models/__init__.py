"""Records of receivables.

Documents, items, payments and applications refuse UPDATE and DELETE by trigger, but for the
columns named as projections. Amounts of credit notes are negative, so that open items add up.
The hot tables carry no foreign key constraint (see ledger.models).
"""

from datetime import date
from typing import ClassVar

from django.db import models

from duly.receivables.models.going_back import PaymentReturn, Refund
from duly.storage.fields import RowId

__all__ = [
    "CHARGE",
    "CONSUMING",
    "DOCUMENT_KINDS",
    "NOT_AGED",
    "PAYER_ALONE",
    "TOLD_PAYER",
    "Application",
    "Attribution",
    "CustomerBalance",
    "Document",
    "Item",
    "OpenDay",
    "Payment",
    "PaymentReturn",
    "Refund",
]

DOCUMENT_KINDS = (
    ("invoice", "Invoice"),
    ("credit_note", "Credit note"),
    ("debit_note", "Debit note"),
    ("charge", "Finance charge"),
)
CHARGE = "charge"  # interest and fixed sums of those who pay late


# Reasons of applications that consume a payment or a document: their own verbs undo them.
CONSUMING = ("void", "returned", "refunded")

# Applications of which the payer is not the item's customer, or there is no item.
PAYER_ALONE = (
    models.Q(customer_id__isnull=True)
    | models.Q(customer_id__lt=models.F("payer_id"))
    | models.Q(customer_id__gt=models.F("payer_id"))
)


# SQL of the payer as told when a payment came in: whoever its first attribution took it from.
TOLD_PAYER = (
    "(CASE WHEN EXISTS (SELECT 1 FROM receivables_attribution t WHERE t.payment_id = {payment}.id)"
    " THEN (SELECT t.from_customer_id FROM receivables_attribution t"
    " WHERE t.payment_id = {payment}.id ORDER BY t.id LIMIT 1) ELSE {payment}.customer_id END)"
)


class Document(models.Model):
    """An invoice, credit note or debit note as it was issued; its terms are frozen here."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=DOCUMENT_KINDS)
    number = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()  # negative for a credit note
    issued_on = models.DateField()
    terms = models.CharField(max_length=200, blank=True)
    po_number = models.CharField(max_length=64, blank=True)
    order_ref = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    delivered_on = models.DateField(null=True)
    is_void = models.BooleanField(default=False)  # projection of its void application

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "number", "customer_id", "kind"],
                name="document_number",
                condition=models.Q(is_void=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "issued_on"], name="document_customer"),
            models.Index(
                fields=["entity_id", "number"],
                name="document_void_number",
                condition=models.Q(is_void=True),
            ),
            models.Index(
                fields=["entity_id", "order_ref"],
                name="document_order",
                condition=models.Q(order_ref__gt=""),
            ),
            models.Index(
                fields=["entity_id", "reference"],
                name="document_reference",
                condition=~models.Q(reference=""),
            ),
        ]


class Item(models.Model):
    """What is owed of a document on one due date; one for each instalment."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    document_id = models.BigIntegerField(db_index=True)
    instalment = models.SmallIntegerField()
    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    discount_until = models.DateField(null=True)
    discount_minor = models.BigIntegerField()  # what the terms grant by then, at most
    open_minor = models.BigIntegerField()  # projection: the amount less its applications

    sealed_as: ClassVar[dict[str, str]] = {"open_minor": "amount_minor"}

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=[
                    "customer_id",
                    "currency",
                    "due_on",
                    "issued_on",
                    "open_minor",
                    "entity_id",
                ],
                name="item_open",
                condition=~models.Q(open_minor=0),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(amount_minor__gte=0, open_minor__gte=0)
                    & models.Q(open_minor__lte=models.F("amount_minor"))
                )
                | (
                    models.Q(amount_minor__lt=0, open_minor__lte=0)
                    & models.Q(open_minor__gte=models.F("amount_minor"))
                ),
                name="item_open_within_amount",
            ),
        ]


class Payment(models.Model):
    """Money that came in; `customer_id` is null while the payer is not known.

    `customer_id` is a projection: of its last attribution, or else as told when the money came in.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    received_on = models.DateField()
    payer_name = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=500, blank=True)
    is_void = models.BooleanField(default=False)  # projection of its void application
    unapplied_minor = models.BigIntegerField()  # projection: the amount less what was applied

    sealed_as: ClassVar[dict[str, str]] = {
        "customer_id": TOLD_PAYER.format(payment="receivables_payment"),
        "is_void": "0",
        "unapplied_minor": "amount_minor",
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "number"],
                name="payment_number",
                condition=models.Q(is_void=False),
            ),
            models.CheckConstraint(
                condition=models.Q(unapplied_minor__gte=0)
                & models.Q(unapplied_minor__lte=models.F("amount_minor")),
                name="payment_unapplied_within_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "received_on"], name="payment_customer"),
            models.Index(
                fields=["entity_id", "received_on"],
                name="payment_received",
                condition=models.Q(is_void=False),
            ),
            models.Index(
                fields=["customer_id", "currency", "received_on", "unapplied_minor", "entity_id"],
                name="payment_unapplied",
                condition=~models.Q(unapplied_minor=0),
            ),
        ]


class Attribution(models.Model):
    """From a day on, what is left of a payment is held to be a customer's money.

    `amount_minor` is what was left, moved from one customer (null: nobody known) to another.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    payment_id = models.BigIntegerField(db_index=True)
    from_customer_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    attributed_on = models.DateField()
    source_on = models.DateField()  # the day of the payment

    sealed_as: ClassVar[dict[str, str]] = {}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["attributed_on"], name="attribution_day"),
        ]


class Application(models.Model):
    """What settles an item, or takes a settlement back (a negative amount that `reverses_id`).

    Cash comes from a payment, credit from a credit note's item; discounts, openings and voids come
    from neither. A void of a payment consumes it without an item, as does its return. The days of
    item and source are repeated here, frozen, so that a past date is answered without looking them
    up.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    item_id = models.BigIntegerField(null=True)
    payment_id = models.BigIntegerField(null=True)
    credit_item_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)  # the item's
    payer_id = models.BigIntegerField(null=True)  # the payment's or the credit note's
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    applied_on = models.DateField()
    item_issued_on = models.DateField(null=True)
    item_due_on = models.DateField(null=True)
    source_on = models.DateField(null=True)  # the day of the payment or the credit note
    beside_id = models.BigIntegerField(null=True)  # a discount's cash application
    reverses_id = models.BigIntegerField(null=True)

    sealed_as: ClassVar[dict[str, str]] = {}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item_id"], name="application_item"),
            models.Index(fields=["payment_id"], name="application_payment"),
            models.Index(
                fields=["credit_item_id"],
                name="application_credit",
                condition=models.Q(credit_item_id__isnull=False),
            ),
            models.Index(
                fields=[
                    "applied_on",
                    "customer_id",
                    "currency",
                    "item_due_on",
                    "item_issued_on",
                    "amount_minor",
                    "payer_id",
                    "source_on",
                    "entity_id",
                ],
                name="application_day",
            ),
            models.Index(fields=["customer_id", "applied_on"], name="application_customer"),
            models.Index(
                fields=["payer_id", "applied_on"],
                name="application_payer_alone",
                condition=PAYER_ALONE,
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reverses_id"],
                name="application_reversed_once",
                condition=models.Q(reverses_id__isnull=False),
            ),
        ]


NOT_AGED = date.min  # of a balance that changed since its age was counted


class CustomerBalance(models.Model):
    """Projection: what a customer owes in a currency today, credits and cash apart.

    The late columns say how much of `owed_minor` is past due, and for how long. They are right
    through the day `aged_until`, on which something moves on.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()  # 0: money whose payer is not known
    currency = models.CharField(max_length=3)
    owed_minor = models.BigIntegerField(db_default=0)  # open invoices and debit notes
    credits_minor = models.BigIntegerField(db_default=0)  # open credit notes, negative
    unapplied_minor = models.BigIntegerField(db_default=0)  # money not applied, positive
    late_30_minor = models.BigIntegerField(db_default=0)  # 1-30 days
    late_60_minor = models.BigIntegerField(db_default=0)
    late_90_minor = models.BigIntegerField(db_default=0)
    late_more_minor = models.BigIntegerField(db_default=0)
    overdue_minor = models.BigIntegerField(db_default=0)  # the four together
    aged_until = models.DateField(db_default=NOT_AGED)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "customer_id", "currency"], name="customer_balance"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "currency", "-owed_minor", "customer_id"],
                name="customer_balance_owed",
            ),
            models.Index(
                fields=["entity_id", "currency", "-overdue_minor", "customer_id"],
                name="customer_balance_overdue",
            ),
            models.Index(fields=["entity_id", "aged_until"], name="customer_balance_aged"),
            models.Index(fields=["customer_id"], name="customer_balance_customer"),
        ]


class OpenDay(models.Model):
    """Projection: what is open today, by the day from which its age counts.

    `side` is "due" or "invoice" (open invoices and debit notes by due date, by issue date),
    "credit" (open credit notes) or "unapplied" (money not applied, positive).
    """

    entity_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    side = models.CharField(max_length=10)
    on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "currency", "side", "on"], name="open_day")
        ]
