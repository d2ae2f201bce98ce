"""What stands behind a customer's debts, other dates that must not be missed, and what was done
about each."""

from typing import ClassVar

from django.db import models

from duly.credit.rules.clocks import SECURITIES


class Security(models.Model):
    """A guarantee, deposit, filing or the like for what a customer owes; in force until it ends or
    somebody releases it. `dates` are the days its clocks count from, {name: ISO day}."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    request_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=list(SECURITIES.items()))
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(null=True)  # None: unlimited, or of no fixed amount
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    given_by = models.CharField(max_length=200, blank=True)  # guarantor, bank, surety
    state = models.CharField(max_length=16, blank=True)
    collateral = models.CharField(max_length=16, blank=True)
    document = models.CharField(max_length=200, blank=True)
    dates = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    released_on = models.DateField(null=True)
    released_by = models.CharField(max_length=254, blank=True)
    release_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "customer_id"],
                name="security_in_force",
                condition=models.Q(released_on=None),
            )
        ]


class CreditDeadline(models.Model):
    """Any other date of a customer that must not be missed: a document or a consent that ends."""

    entity_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    text = models.CharField(max_length=200)
    opens_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    document = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class ClockDone(models.Model):
    """A clock that somebody did something about, with the evidence; never changed."""

    entity_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    customer_id = models.BigIntegerField()
    done_on = models.DateField()
    evidence = models.CharField(max_length=200)
    note = models.CharField(max_length=1000, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "key"], name="clock_done_once")
        ]
