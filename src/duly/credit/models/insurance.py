"""Credit insurance: policies and the limits that insurers gave for buyers. Rows are never changed:
what holds from a later day is a row of its own."""

from typing import ClassVar

from django.db import models

BASES = (
    ("approved", "Approved by the insurer"),
    ("experience", "Discretionary: our own experience"),
    ("agency", "Discretionary: an agency's report"),
)


class InsurancePolicy(models.Model):
    """A policy as it reads from a day on; of rows with one number, the newest begun one counts."""

    entity_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=64)
    insurer = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    from_on = models.DateField()
    to_on = models.DateField()
    mep_days = models.IntegerField()
    notify_days = models.IntegerField()
    waiting_days = models.IntegerField()
    indemnity_percent = models.CharField(max_length=12)  # exact decimal text
    first_loss_minor = models.BigIntegerField(default=0)
    discretionary_minor = models.BigIntegerField(default=0)
    declare_days = models.IntegerField(default=0)  # after a month; 0: nothing is declared
    document = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class InsuredLimit(models.Model):
    """What an insurer covers of a buyer from a day on, or what we took under our discretion; zero
    is a limit withdrawn."""

    entity_id = models.BigIntegerField(db_index=True)
    policy_number = models.CharField(max_length=64)
    customer_id = models.BigIntegerField(db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    basis = models.CharField(max_length=12, choices=BASES)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    evidence = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="insured_limit_not_negative"
            )
        ]
