"""References: who was asked about an applicant, and what they answered of the past."""

from typing import ClassVar

from django.db import models

KINDS = (("trade", "Supplier"), ("bank", "Bank"))


class Reference(models.Model):
    """A supplier or a bank that knows the applicant; whom to ask there is a person's row."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(null=True, db_index=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=200)
    account_number = models.CharField(max_length=64, blank=True)
    person_id = models.BigIntegerField(null=True)
    is_released = models.BooleanField(default=True)  # the applicant lets it answer
    asked = models.IntegerField(default=0)  # mails that left for it
    last_asked_on = models.DateField(null=True)
    refused_on = models.DateField(null=True)
    unverifiable_on = models.DateField(null=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "last_asked_on"], name="reference_asked"),
        ]


class ReferenceAnswer(models.Model):
    """What a referee told of the past, by link, phone or letter. The newest one counts."""

    reference_id = models.BigIntegerField(db_index=True)
    way = models.CharField(max_length=8)  # link, phone, letter
    typed = models.JSONField()
    person_id = models.BigIntegerField(null=True)  # who answered
    answered_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class AgencyReport(models.Model):
    """A report of a credit agency, as its file told it, and what it cost."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(null=True, db_index=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    agency = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    reported_on = models.DateField()
    document = models.JSONField()
    currency = models.CharField(max_length=3)
    cost_minor = models.BigIntegerField()
    pulled_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "pulled_on"], name="agency_report_month"),
        ]


class AgencyBudget(models.Model):
    """How much reports may cost in a month, from a day on; a later row takes its place."""

    entity_id = models.BigIntegerField(db_index=True)
    currency = models.CharField(max_length=3)
    month_minor = models.BigIntegerField()
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
