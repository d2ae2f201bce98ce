"""Credit requests: who asks for terms, and for how much."""

from typing import ClassVar

from django.db import models

SOURCES = (
    ("form", "Sent in by the applicant"),
    ("clerk", "Entered by a colleague"),
    ("file", "Read from a file"),
    ("review", "Opened by a review"),
)


class CreditRequest(models.Model):
    """A customer, or somebody who may become one, asks for credit. Not submitted, it is a draft.

    Whether it was decided is told by its decision; its answers, documents, consents and references
    are records of their own.
    """

    entity_id = models.BigIntegerField()
    number = models.CharField(max_length=16)  # "CR-0042"
    customer_id = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    terms = models.CharField(max_length=200, blank=True)
    is_natural_person = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=SOURCES)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    submitted_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "number"], name="credit_request_number"),
        ]
