"""Records of money that is put by: set aside as no receivable, or taken off account again."""

from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId


class SetAside(models.Model):
    """That a payment is no customer's: a person said so, until somebody takes it up again."""

    entity_id = models.BigIntegerField()
    payment_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    ended_by = models.CharField(max_length=254, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_id"],
                name="set_aside_once",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]


class BankKind(models.Model):
    """What an entity says that money of a bank's code is, if no receivable; "": it is one."""

    entity_id = models.BigIntegerField()
    code = models.CharField(max_length=64)  # a pattern: * and ? stand for anything
    says = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "code"], name="bank_kind_once"),
        ]


class TakenOff(models.Model):
    """That money which a match put on account whole was taken off it again by a person."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    entity_id = models.BigIntegerField()
    match_id = models.BigIntegerField(unique=True)

    sealed_as: ClassVar[dict[str, str]] = {}
