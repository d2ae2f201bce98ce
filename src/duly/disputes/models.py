"""Records of disputes."""

from typing import ClassVar

from django.db import models

VERDICTS = (
    ("valid", "Valid"),
    ("partly", "Partly valid"),
    ("invalid", "Invalid"),
    ("mistake", "Entered by mistake"),
)


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

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "deadline_on"],
                name="dispute_open",
                condition=models.Q(verdict=""),
            ),
        ]
