"""Limits: how much a family may owe, from when to when, and who said so."""

from typing import ClassVar

from django.db import models

from duly.credit.models.decisions import BANDS, KINDS


class CreditLimit(models.Model):
    """A limit that a decision granted. Never changed: another one replaces it, and then it ends the
    day before.

    It is shared by the family: by the customer and everybody below it. A limit for a time stands
    over the base while it lasts. `before_minor` is what stood on the day before.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    decision_id = models.BigIntegerField()
    kind = models.CharField(max_length=9, choices=KINDS)
    part = models.CharField(max_length=24, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    before_minor = models.BigIntegerField(null=True)
    before_currency = models.CharField(max_length=3, blank=True)
    insured_minor = models.BigIntegerField(default=0)
    secured_minor = models.BigIntegerField(default=0)
    terms_band = models.CharField(max_length=8, choices=BANDS, default="open")
    terms_days = models.PositiveSmallIntegerField(null=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    replaces_id = models.BigIntegerField(null=True)
    approver = models.CharField(max_length=254)
    reason = models.CharField(max_length=1000)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision_id"], name="limit_of_decision_once"),
            models.UniqueConstraint(fields=["replaces_id"], name="limit_replaced_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="credit_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="credit_limit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="temporary") | models.Q(to_on__isnull=False),
                name="credit_limit_for_a_time_ends",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "customer_id", "from_on"], name="credit_limit_of"),
        ]
