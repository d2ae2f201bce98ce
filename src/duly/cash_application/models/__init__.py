"""Records of cash application.

Statements, lines and details refuse UPDATE and DELETE by trigger, but for marks of what was taken
back, and are sealed with the batch that wrote them. They carry no foreign keys, as the tables of
the ledger do not: `duly check` proves what they point at.
"""

from typing import ClassVar

from django.db import models

from duly.cash_application.models.put_by import BankKind, SetAside, TakenOff
from duly.storage.fields import RowId

__all__ = [
    "ALIAS_KINDS",
    "DECIDED",
    "Alias",
    "BankAccount",
    "BankDetail",
    "BankKind",
    "BankLine",
    "BankStatement",
    "Match",
    "MatchingVersion",
    "NoticedBatch",
    "NoticedPart",
    "PaidDocument",
    "RemittanceAdvice",
    "RemittanceLine",
    "ReturnedLine",
    "SetAside",
    "Suggestion",
    "TakenOff",
]

DECIDED = (("auto", "By itself"), ("accepted", "Accepted"), ("by_hand", "By hand"))
ALIAS_KINDS = (("account", "Account"), ("name", "Name"))


class BankAccount(models.Model):
    """An account at a bank, of an entity: opened when a file first tells of it."""

    entity_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()  # whose file told of it first
    number = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=64, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    same_as_id = models.BigIntegerField(null=True)  # another name of that account, not one itself
    same_said_by = models.CharField(max_length=254, blank=True)  # "": the numbers tell it

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
        indexes: ClassVar = [
            models.Index(
                fields=["account_id", "booked_on"],
                name="bank_line_undoing",
                condition=models.Q(undoes="in"),
            ),
        ]


class NoticedBatch(models.Model):
    """A batch entry that a notice told with its payments, before its statement came or after."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField()
    booked_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    bank_reference = models.CharField(max_length=140, blank=True)
    is_void = models.BooleanField(default=False)  # its import was taken back

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "amount_minor"], name="noticed_batch_sum"),
        ]


class NoticedPart(models.Model):
    """One of the payments of a batch entry, as a notice tells it."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    noticed_id = models.BigIntegerField(db_index=True)
    amount_minor = models.BigIntegerField()
    bank_reference = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=64, blank=True)
    end_to_end = models.CharField(max_length=140, blank=True)
    mandate = models.CharField(max_length=140, blank=True)
    structured_reference = models.CharField(max_length=300, blank=True)
    remittance = models.TextField(blank=True)
    documents = models.TextField()  # JSON: those that it names as paid

    sealed_as: ClassVar[dict[str, str]] = {}


class PaidDocument(models.Model):
    """A document that the structured remittance of a bank's line names as paid by a payment."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    payment_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=300)
    kind = models.CharField(max_length=35, blank=True)
    gross_minor = models.BigIntegerField(null=True)
    paid_minor = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField()
    deduction_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    sealed_as: ClassVar[dict[str, str]] = {}


class ReturnedLine(models.Model):
    """A payment that a line of a bank took back; a batch entry may take back several."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    line_id = models.BigIntegerField(db_index=True)
    payment_id = models.BigIntegerField()
    is_void = models.BooleanField(default=False)  # the line's import was taken back

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_id"],
                name="returned_line_payment",
                condition=models.Q(is_void=False),
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


class Match(models.Model):
    """That a payment was applied as one decision: by itself, or as a person accepted or wrote it.

    `lines` are [item, minor, reason, why] as they were decided. Whether they stand is told by the
    applications of the batch.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    payment_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField()  # who paid
    decided = models.CharField(max_length=8, choices=DECIDED)
    matched_on = models.DateField()
    currency = models.CharField(max_length=3)
    applied_minor = models.BigIntegerField()  # of the money
    line_count = models.IntegerField()
    confidence_ppm = models.IntegerField()
    is_unique = models.BooleanField()
    way = models.CharField(max_length=64, blank=True)
    lines = models.TextField()  # JSON
    because = models.TextField()  # JSON: the reasons told

    sealed_as: ClassVar[dict[str, str]] = {"is_unique": "(CASE WHEN is_unique THEN 1 ELSE 0 END)"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "matched_on"], name="match_day"),
        ]


class Alias(models.Model):
    """An account or a name from which a customer was seen to pay, until a person revokes it."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=8, choices=ALIAS_KINDS)
    value = models.CharField(max_length=200)  # as it is compared
    shown = models.CharField(max_length=200)  # as it was told
    payment_id = models.BigIntegerField(null=True, db_index=True)  # the first that taught it
    actor = models.CharField(max_length=254)
    learned_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=254, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "kind", "value", "customer_id"],
                name="alias_once",
                condition=models.Q(revoked_at__isnull=True),
            ),
        ]


class Suggestion(models.Model):
    """Projection: what is proposed for a payment that waits, as the last run of matching said."""

    entity_id = models.BigIntegerField(db_index=True)
    payment_id = models.BigIntegerField(unique=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    outcome = models.CharField(max_length=12)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    confidence_ppm = models.IntegerField()
    is_unique = models.BooleanField()
    on_account_minor = models.BigIntegerField()
    way = models.CharField(max_length=64, blank=True)
    lines = models.JSONField()
    because = models.JSONField()
    against = models.JSONField()


class RemittanceAdvice(models.Model):
    """What a payer said of one payment: who paid, how much, when, and for which documents.

    `sha256` is of what told it, whose bytes are kept; `ordinal` its place among the advices in it.
    `total_minor`: what was paid, as told or as the lines make; `customer_id`: who sent it, where
    that was known when it came. Which payment it is of is found anew each time (`rules/joining`).
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    file = models.CharField(max_length=255)
    place = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    ordinal = models.IntegerField()
    mail_id = models.CharField(max_length=255, blank=True)  # Message-ID of the mail it came by
    payer_name = models.CharField(max_length=300, blank=True)
    payer_account = models.CharField(max_length=300, blank=True)
    payer_code = models.CharField(max_length=300, blank=True)
    payment_reference = models.CharField(max_length=300, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    total_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    paid_on = models.DateField(null=True)
    told_on = models.DateField()
    line_count = models.IntegerField()
    is_void = models.BooleanField(default=False)  # a person said that it counts no more

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "sha256", "ordinal"],
                name="remittance_advice_once",
                condition=models.Q(is_void=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "told_on"], name="remittance_advice_day"),
            models.Index(
                fields=["customer_id", "told_on"],
                name="remittance_advice_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
        ]


class RemittanceLine(models.Model):
    """A document that an advice names, with what was paid on it and what was kept back."""

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    advice_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=300, blank=True)
    gross_minor = models.BigIntegerField(null=True)
    paid_minor = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField()
    deduction_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=300, blank=True)

    sealed_as: ClassVar[dict[str, str]] = {}


class MatchingVersion(models.Model):
    """Knobs of matching that an entity set from a day on, over those that come with Duly."""

    entity_id = models.BigIntegerField(db_index=True)
    from_on = models.DateField()
    knobs = models.JSONField()  # {name: text}, all that differ from what comes with Duly
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
