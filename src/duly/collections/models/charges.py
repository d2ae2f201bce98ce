"""Records of finance charges: the firm's own rates, its knobs, what was charged, what came off."""

from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId

CHARGE_KINDS = (
    ("interest", "Interest"),
    ("dispute", "Interest on what was disputed"),
    ("fixed_sum", "Fixed sum"),
)
RELIEF_KINDS = (
    ("waived", "Waived"),
    ("reversed", "Reversed"),
    ("removed", "Removed: the objection was right"),
)


class OwnRate(models.Model):
    """A period of a table of rates as the firm knows it; the newest of the same days holds."""

    entity_id = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    from_on = models.DateField()
    to_on = models.DateField()
    percent = models.CharField(max_length=20)  # exact decimal text
    source = models.CharField(max_length=200)
    checked = models.CharField(max_length=10)  # a day or a month
    is_verified = models.BooleanField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class ChargingVersion(models.Model):
    """Knobs of charging from a month on: of the entity, a segment, or one customer."""

    entity_id = models.BigIntegerField(db_index=True)
    segment = models.CharField(max_length=64, blank=True)
    customer_id = models.BigIntegerField(default=0)
    from_on = models.DateField()  # the first of a month
    knobs = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class Charge(models.Model):
    """What an item was charged with for a month, once: how it was worked out is kept here.

    `balances` are "first last minor" and `rates` "first last percent", parted by ";". The charges
    of a customer for a month stand together on one document, which is what is owed.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    document_id = models.BigIntegerField(db_index=True)  # the finance charge
    item_id = models.BigIntegerField(db_index=True)  # what is charged
    number = models.CharField(max_length=64)  # of the item's document
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=CHARGE_KINDS)
    month_on = models.DateField()
    first_on = models.DateField()
    last_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    basis = models.CharField(max_length=40)  # "statute GB", "terms of 2026-01-01"
    day_count = models.CharField(max_length=6)
    balances = models.TextField()
    rates = models.TextField(blank=True)
    unverified = models.CharField(max_length=80, blank=True)  # rates and rules that it came of
    is_reversed = models.BooleanField(default=False)  # projection of its relief

    sealed_as: ClassVar[dict[str, str]] = {"is_reversed": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "entity_id"],  # the key first: no read of a customer goes through it
                name="charge_once",
                condition=models.Q(is_reversed=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "month_on"], name="charge_customer"),
        ]


class ChargeRelief(models.Model):
    """What came off a finance charge: given up, or taken back as wrong, and why."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    document_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=RELIEF_KINDS)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    relieved_on = models.DateField()
    reason = models.CharField(max_length=300)
    dispute_id = models.BigIntegerField(null=True)  # whose verdict removed it

    sealed_as: ClassVar[dict[str, str]] = {}


class DiscountOffer(models.Model):
    """So much off one item if it is paid by a day; honoured by a payment, or left to expire."""

    entity_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    item_id = models.BigIntegerField()
    number = models.CharField(max_length=64)  # of the item's document
    currency = models.CharField(max_length=3)
    open_minor = models.BigIntegerField()  # of the item, when it was offered
    discount_minor = models.BigIntegerField()
    percent = models.CharField(max_length=40)  # exact decimal text
    offered_on = models.DateField()
    due_on = models.DateField()
    pay_by = models.DateField()
    payment_id = models.BigIntegerField(null=True)  # that it was honoured by
    honoured_on = models.DateField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item_id", "pay_by"],
                name="discount_offer_once",
                condition=models.Q(honoured_on=None),
            ),
        ]
