"""Records of disputes.

A deduction is a dispute that the customer opened by paying less: its `origin` is "short_pay", and
it knows the payment it came from. Files and duties refuse UPDATE and DELETE by trigger.
"""

from typing import ClassVar

from django.db import models

VERDICTS = (
    ("valid", "Valid"),
    ("partly", "Partly valid"),
    ("invalid", "Invalid"),
    ("mistake", "Entered by mistake"),
    ("dropped", "Its payment was taken back"),
)
JUDGED = ("valid", "partly", "invalid")  # the other verdicts end a dispute and say nothing of it
OBJECTION, SHORT_PAY = "objection", "short_pay"
ORIGINS = ((OBJECTION, "Told by the customer"), (SHORT_PAY, "Deducted from a payment"))


class Dispute(models.Model):
    """An objection to a part or the whole of an item; open while it has no verdict."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    item_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=64)  # of the item's document
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=32)
    owner = models.CharField(max_length=120)
    opened_on = models.DateField()
    deadline_on = models.DateField()
    note = models.CharField(max_length=1000, blank=True)
    verdict = models.CharField(max_length=8, choices=VERDICTS, blank=True)
    closed_on = models.DateField(null=True)
    credit_minor = models.BigIntegerField(default=0)  # what a credit note is to take away
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    origin = models.CharField(max_length=16, choices=ORIGINS, default=OBJECTION)
    payment_id = models.BigIntegerField(null=True)  # that a deduction came from
    their_reason = models.CharField(max_length=64, blank=True)  # the customer's own code
    credit_document_id = models.BigIntegerField(null=True)  # the credit note issued for it

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "deadline_on"],
                name="dispute_open",
                condition=models.Q(verdict=""),
            ),
            models.Index(
                fields=["payment_id"],
                name="dispute_payment",
                condition=models.Q(payment_id__isnull=False),
            ),
        ]


class DisputeFile(models.Model):
    """A back-up document of a dispute: what proves it right or wrong. Its bytes lie elsewhere."""

    entity_id = models.BigIntegerField()
    dispute_id = models.BigIntegerField()
    file = models.CharField(max_length=200)  # what it is called
    kind = models.CharField(max_length=8)  # pdf, png, jpeg, xlsx, ...: by its content
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute_id", "sha256"], name="dispute_file_once")
        ]


class ReasonMapping(models.Model):
    """What a code that customers write means; of one customer, or of all (customer 0)."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(default=0)
    code = models.CharField(max_length=64)  # as `rules.reasons.their_code` writes it
    reason = models.CharField(max_length=32)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "customer_id", "code"], name="reason_mapping_code"
            )
        ]


class DutyVersion(models.Model):
    """Who clears a reason in how many days, from a day on, in place of what comes with Duly."""

    entity_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=32)
    owner = models.CharField(max_length=120)
    target_days = models.IntegerField()
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
