"""Financial statements as they were kept, and yardsticks to read them by.

Both refuse UPDATE and DELETE by trigger: a correction is a new row, and the last one counts.
"""

from typing import ClassVar

from django.db import models

ASSURANCES = (
    ("audited", "Audited"),
    ("reviewed", "Reviewed"),
    ("compiled", "Compiled"),
    ("none", "Looked at by nobody"),
)
FIRM_KINDS = (
    ("private_manufacturer", "Private, makes goods"),
    ("private_other", "Private, makes no goods"),
    ("listed", "Listed"),
)


class FinancialStatement(models.Model):
    """Figures of a firm at the end of a period. Of a customer, of a credit request, or of both."""

    entity_id = models.BigIntegerField(db_index=True)
    request_id = models.BigIntegerField(null=True, db_index=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    year_end = models.DateField()
    months = models.IntegerField()
    unit = models.IntegerField()  # what it was written in; figures are kept whole
    currency = models.CharField(max_length=3)
    figures = models.TextField()  # JSON: minor units by line
    firm_kind = models.CharField(max_length=20, choices=FIRM_KINDS)
    assurance = models.CharField(max_length=8, choices=ASSURANCES)
    market_value_minor = models.BigIntegerField(null=True)
    price_index = models.CharField(max_length=20, blank=True)  # 1968 is 100
    file = models.CharField(max_length=200, blank=True)  # what it was read from
    sha256 = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class StatementYardstick(models.Model):
    """How the firms of a segment stand in one ratio, from a day on, and who says so."""

    entity_id = models.BigIntegerField()
    segment = models.CharField(max_length=64, blank=True)  # empty: of every segment
    ratio = models.CharField(max_length=40)
    low = models.CharField(max_length=24)
    median = models.CharField(max_length=24)
    high = models.CharField(max_length=24)
    source = models.CharField(max_length=200)
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "segment", "ratio"], name="statement_yardstick"),
        ]
