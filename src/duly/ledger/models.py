"""Records of the ledger. Imported by this context alone.

Batches, entries, postings, period locks, seals and seal blocks refuse UPDATE and DELETE by trigger.
The hot tables carry no foreign key constraint, which PostgreSQL would check row by row: what a row
points at is read in the same transaction, never removed, and proved by `duly check`.
"""

from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId


class Batch(models.Model):
    """What was written together: an import, a day's postings, one act of a person."""

    kind = models.CharField(max_length=32)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)


class Entry(models.Model):
    """A balanced journal record."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    entity_id = models.BigIntegerField()
    booked_on = models.DateField()
    reason = models.CharField(max_length=24)
    source_kind = models.CharField(max_length=16)
    source_id = models.BigIntegerField()
    reverses_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source_id", "source_kind"], name="entry_source"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reverses_id"],
                name="entry_reversed_once",
                condition=models.Q(reverses_id__isnull=False),
            ),
        ]


class Posting(models.Model):
    """One leg of an entry: signed minor units, debit positive."""

    id = RowId(primary_key=True)
    entry_id = models.BigIntegerField(db_index=True)
    account_id = models.SmallIntegerField()
    customer_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()


class AccountDay(models.Model):
    """Projection: what was posted to an account on a day. Proved by `duly check` (I2)."""

    entity_id = models.BigIntegerField()
    account_id = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "account_id", "currency", "booked_on"], name="account_day"
            ),
        ]


class CustomerAccount(models.Model):
    """Projection: a customer's balance on a control account. Proved by `duly check` (I2)."""

    customer_id = models.BigIntegerField()
    account_id = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer_id", "account_id", "currency"], name="customer_account"
            ),
        ]


class PeriodLock(models.Model):
    """From its moment on nothing is booked on or before `through_on`. The latest row counts."""

    entity_id = models.BigIntegerField()
    through_on = models.DateField(null=True)  # null: everything is open again
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    sealed_as: ClassVar[dict[str, str]] = {}


class Seal(models.Model):
    """A closed batch: its digest, chained to the seal before it.

    `totals` are the control accounts by currency after this batch, so that a report of that
    moment can be repeated and compared (I6).
    """

    sequence = models.BigIntegerField(unique=True)
    batch_id = models.BigIntegerField(unique=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    totals = models.JSONField()
    rows = models.JSONField()  # {table: rows of this batch}
    version = models.SmallIntegerField(default=1)


class SealBlock(models.Model):
    """A run of rows of one table: their digest, and four bytes a row that tell which differs."""

    batch_id = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=48)
    first_id = models.BigIntegerField()
    count = models.IntegerField()
    digest = models.CharField(max_length=64)
    marks = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table", "first_id"], name="seal_block_rows")]
