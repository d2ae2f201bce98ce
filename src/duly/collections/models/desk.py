"""Records of the desk: what the newest plan says, who works on whom, what people wrote down."""

from typing import ClassVar

from django.db import models


class DayPlan(models.Model):
    """A day as it was planned: what it came to, and whether its messages were queued.

    `leaving` is the digest of the e-mails that it would send: what a person looks at and releases.
    A day that is yet to come is planned from `facts`, and planned anew when these are others; of a
    day that has come they are empty.
    """

    entity_id = models.BigIntegerField()
    on = models.DateField()
    digest = models.CharField(max_length=64)
    leaving = models.CharField(max_length=64, blank=True)
    facts = models.CharField(max_length=64, blank=True)
    counts = models.JSONField()
    actor = models.CharField(max_length=254)
    planned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity_id", "on"], name="day_plan_on")]


class WorklistRow(models.Model):
    """A customer with overdue items in one currency, as a plan ranked it.

    `action` is what comes next: email, letter, call or wait; `why_code` is empty where the step is
    to be taken; `key` is that step's. Values are in the entity's currency.
    """

    plan = models.ForeignKey(DayPlan, on_delete=models.CASCADE, db_index=False)
    rank = models.IntegerField()
    customer_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    value_minor = models.BigIntegerField()
    overdue_minor = models.BigIntegerField()
    oldest_days = models.IntegerField()
    collector = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=8)
    step = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    recipients = models.JSONField(default=list)
    items = models.JSONField(default=list)  # that the step asks for
    key = models.CharField(max_length=64, blank=True)
    asked_minor = models.BigIntegerField(default=0)  # what the step asks for
    why_code = models.CharField(max_length=32, blank=True)
    why_text = models.CharField(max_length=1000, blank=True)
    next_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "rank"], name="worklist_rank"),
            models.UniqueConstraint(
                fields=["customer_id", "currency", "plan"], name="worklist_customer_currency"
            ),
        ]


class Silence(models.Model):
    """A step that was left out, and why; it held from one day until another, or still does."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    currency = models.CharField(max_length=3)
    step = models.CharField(max_length=64, blank=True)
    why_code = models.CharField(max_length=32)
    why_text = models.CharField(max_length=1000)
    amount_minor = models.BigIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the first day on which it no longer held

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id"],
                name="silence_standing",
                condition=models.Q(until_on__isnull=True),
            ),
        ]


class Note(models.Model):
    """What a person wrote down about a customer."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    written_on = models.DateField()
    text = models.CharField(max_length=2000)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)


class CustomerClaim(models.Model):
    """Who works on a customer, and until when nobody else is to."""

    customer_id = models.BigIntegerField(unique=True)
    actor = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    until_at = models.DateTimeField()
