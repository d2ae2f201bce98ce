"""Records of cash application.

Statements, lines and details refuse UPDATE and DELETE by trigger, but for marks of what was taken
back, and are sealed with the batch that wrote them. They carry no foreign keys, as the tables of
the ledger do not: `duly check` proves what they point at.
"""

from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId


class BankAccount(models.Model):
    """An account at a bank, of an entity: opened when a file first tells of it."""

    entity_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()  # whose file told of it first
    number = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=64, blank=True)
    owner = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "number", "currency"], name="bank_account_once"
            ),
        ]


class BankStatement(models.Model):
    """What a bank told of an account: two balances, and how many lines lie between them.

    `sha256` is of the file that told it, whose bytes are kept. `line_count` counts the lines told,
    `new_count` those that were not there before.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=64, blank=True)
    opened_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    line_count = models.IntegerField()
    new_count = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    is_void = models.BooleanField(default=False)  # its import was taken back

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "closed_on"], name="bank_statement_closed"),
        ]


class BankLine(models.Model):
    """A booked line of a bank's statement; money in is positive, and a payment of its own.

    A line is known again by account, identity and occurrence (`rules/lines.py`). A batch, opened to
    its details, has a payment for each and none of its own.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    statement_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    identity = models.CharField(max_length=32)
    occurrence = models.IntegerField()
    payment_id = models.BigIntegerField(null=True)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    charges_minor = models.BigIntegerField()
    undoes = models.CharField(max_length=3, blank=True)  # money that had come in, or gone out
    code = models.CharField(max_length=64, blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    customer_reference = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=64, blank=True)
    end_to_end = models.CharField(max_length=140, blank=True)
    mandate = models.CharField(max_length=140, blank=True)
    structured_reference = models.CharField(max_length=300, blank=True)
    remittance = models.TextField(blank=True)
    return_reason = models.CharField(max_length=64, blank=True)
    is_void = models.BooleanField(default=False)  # its import was taken back

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account_id", "identity", "occurrence"],
                name="bank_line_once",
                condition=models.Q(is_void=False),
            ),
            models.UniqueConstraint(
                fields=["payment_id"],
                name="bank_line_payment",
                condition=models.Q(payment_id__isnull=False),
            ),
        ]


class BankDetail(models.Model):
    """One of the payments that a batch entry is made of, in the order of the bank."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    line_id = models.BigIntegerField(db_index=True)
    payment_id = models.BigIntegerField(unique=True)
    amount_minor = models.BigIntegerField()
    bank_reference = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=64, blank=True)
    end_to_end = models.CharField(max_length=140, blank=True)
    mandate = models.CharField(max_length=140, blank=True)
    structured_reference = models.CharField(max_length=300, blank=True)
    remittance = models.TextField(blank=True)

    sealed_as: ClassVar[dict[str, str]] = {}
