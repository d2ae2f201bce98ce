"""Reviews of customers' credit, and what brings them about.

A signal is what happened, and is kept for good. A review is open while it has no outcome; the
database has room for one open review a customer, however many signals come at once.
"""

from typing import ClassVar

from django.db import models

from duly.credit.rules.reviewing import CAUSES, CROSSINGS, KINDS

CHANGE_LIMIT, BLOCK = "change_limit", "block"
OUTCOMES = (
    ("keep", "Kept as it is"),
    (CHANGE_LIMIT, "Limit changed"),
    (BLOCK, "Blocked"),
)


class CreditSignal(models.Model):
    """Something happened at a customer that may open a review of its credit. Never changed.

    `source` says what happened ("promise:12"), so that the same is recorded once; `review_id` is
    the review that was open then, or that it opened.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    kind = models.CharField(
        max_length=20, choices=[(kind, told.text) for kind, told in KINDS.items()]
    )
    on = models.DateField()
    source = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    review_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "customer_id", "kind", "source"],
                condition=~models.Q(source=""),
                name="credit_signal_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "kind", "on"], name="credit_signal_customer")
        ]


class CreditReview(models.Model):
    """A customer's credit is looked at again; open while it has no outcome."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    cause = models.CharField(max_length=20, choices=list(CAUSES.items()))
    opened_on = models.DateField()
    due_on = models.DateField()
    owner = models.CharField(max_length=254, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    opened_by = models.CharField(max_length=254)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=OUTCOMES, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    concluded_on = models.DateField(null=True)
    concluded_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "customer_id"],
                condition=models.Q(outcome=""),
                name="credit_review_one_open",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "due_on"],
                name="credit_review_open",
                condition=models.Q(outcome=""),
            )
        ]


class StateCrossing(models.Model):
    """A customer is in a state since a day, such as using most of its limit; ended, until one.

    One of a kind at a time: whoever falls back and crosses again has another.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in CROSSINGS])
    since_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "customer_id", "kind"],
                condition=models.Q(until_on=None),
                name="state_crossing_one",
            )
        ]
