"""Records of intake."""

from typing import ClassVar

from django.db import models

from duly.intake.rules.copies import UNSURE


class Import(models.Model):
    """One file that was written, and what it held. Its batch carries what it wrote."""

    batch_id = models.BigIntegerField(unique=True)
    entity_id = models.BigIntegerField()
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    preset = models.CharField(max_length=64)
    rows = models.IntegerField()
    new = models.IntegerField()
    changed = models.IntegerField()
    same = models.IntegerField()
    rejected = models.IntegerField()
    problems = models.JSONField(default=list)  # of rows left out under --accept-partial
    notes = models.JSONField(default=list)
    control = models.JSONField(default=dict)  # {currency: {"count", "amount"}} of the whole file
    written = models.JSONField(default=dict)  # {currency: {"count", "minor"}} of what was new
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    reverted_by_batch_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity_id", "-id"], name="import_newest")]


class Mapping(models.Model):
    """How a layout of columns is read, remembered under the header's signature."""

    layout = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    mapping = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class Upload(models.Model):
    """Files dropped in the browser that wait for a person to confirm the preview."""

    token = models.CharField(max_length=64, unique=True)
    entity_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    files = models.JSONField()  # [{"name", "path", "sha256", "bytes", "lines", "mapping"}]
    options = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)


class InvoiceCopy(models.Model):
    """A PDF of a document as the customer got it, kept under the digest of what it holds.

    `told_by` says what tied it to its document: its name, its name alone while its text does not
    name the customer, its text, or a person. `may_be` documents that a person chooses from.
    """

    entity_id = models.BigIntegerField()
    document_id = models.BigIntegerField(null=True, db_index=True)
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    told_by = models.CharField(max_length=8, blank=True)
    may_be = models.JSONField(default=list)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "sha256"], name="invoice_copy_once"),
        ]

    @property
    def is_unsure(self) -> bool:
        """Tell whether nobody gets it until a person confirms it."""
        return self.told_by in UNSURE
