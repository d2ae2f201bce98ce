"""Records of calls: excuses and scripts in the firm's own versions, and what was said.

None of them is ever changed: triggers refuse it.
"""

from typing import ClassVar

from django.db import models


class ExcuseVersion(models.Model):
    """An excuse as the firm wrote it down, in place of one that comes with Duly, or beside them."""

    entity_id = models.BigIntegerField()
    code = models.CharField(max_length=48)
    version = models.IntegerField()
    document = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "code", "version"], name="excuse_version_number"
            ),
        ]


class ExcuseTold(models.Model):
    """An excuse that a customer told: by whom, of what, who clears it, when it is looked at again.

    `repeat` counts how often the same one had been cleared before.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    code = models.CharField(max_length=48)
    version = models.IntegerField()
    proof = models.CharField(max_length=8)
    told_on = models.DateField()
    speaker = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=16)
    note = models.CharField(max_length=1000, blank=True)
    items = models.JSONField(default=list)
    currency = models.CharField(max_length=3, blank=True)
    amount_minor = models.BigIntegerField(default=0)  # what must come for it to be true
    named_on = models.DateField(null=True)  # the day that the customer named
    owner = models.CharField(max_length=120)
    evidence = models.CharField(max_length=300, blank=True)  # what was asked for
    follow_on = models.DateField()
    within_on = models.DateField()
    repeat = models.IntegerField(default=0)
    call_id = models.BigIntegerField(null=True)
    mail_id = models.BigIntegerField(null=True)
    promise_id = models.BigIntegerField(null=True)
    dispute_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "told_on"], name="excuse_told_day"),
        ]


EVIDENCE_KINDS = (
    ("true", "It was true"),
    ("false", "It was not true"),
    ("copy", "What was asked for was sent"),
    ("mistake", "It was written down by mistake"),
)


class ExcuseEvidence(models.Model):
    """What came of an excuse, as a person saw it: it was true or not, or a copy was sent."""

    excuse_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=EVIDENCE_KINDS)
    seen_on = models.DateField()
    text = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class ScriptVersion(models.Model):
    """Words for calls as the firm wrote them, for a stage, a segment (or all) and a language."""

    entity_id = models.BigIntegerField()
    stage = models.CharField(max_length=32)
    segment = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=2)
    version = models.IntegerField()
    document = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "stage", "segment", "language", "version"],
                name="script_version_number",
            ),
        ]
