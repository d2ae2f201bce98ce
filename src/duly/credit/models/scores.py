"""Scorecards in versions, which of them judges and which runs beside, and the scores they gave.

All of it refuses UPDATE and DELETE by trigger: a card that is changed is another version, an
adoption that is over is followed by another, a subject scored again has another score.
"""

from typing import ClassVar

from django.db import models

CHAMPION, CHALLENGER = "champion", "challenger"
PLACES = ((CHAMPION, "Champion"), (CHALLENGER, "Challenger"))
ORIGINS = (
    ("shipped", "Comes with Duly"),
    ("file", "From a file"),
    ("trained", "Fitted to outcomes"),
)


class Scorecard(models.Model):
    """A version of a card as data; it counts for nothing until it is adopted."""

    entity_id = models.BigIntegerField()
    version = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=8, choices=ORIGINS)
    card = models.JSONField()
    report = models.JSONField(null=True)  # how good it was, of one that was fitted
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "version"], name="scorecard_version"),
        ]


class CardAdoption(models.Model):
    """From a day on a card judges, or runs silently beside (no card: none does), says a person."""

    entity_id = models.BigIntegerField()
    scorecard_id = models.BigIntegerField(null=True)
    place = models.CharField(max_length=10, choices=PLACES)
    from_on = models.DateField()
    reason = models.CharField(max_length=1000)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "place", "-from_on"], name="card_adoption_place"),
        ]


class CustomerScore(models.Model):
    """What a card gave a customer, or whoever asks for credit, on a day: with inputs and reasons.

    `points_cents` are hundredths of a point. The challenger's columns are null where none ran, or
    where it knew nothing.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    request_id = models.BigIntegerField(null=True)
    scored_on = models.DateField()
    version = models.CharField(max_length=160)
    points_cents = models.IntegerField()
    band = models.CharField(max_length=8)
    known_cents = models.IntegerField()  # hundredths of a percent of the card's weight
    is_declined = models.BooleanField()
    inputs = models.TextField()  # JSON: {name: value}, all that was known of what either looks at
    factors = models.TextField()  # JSON: [[id, points, of], ...]
    lost_most = models.TextField()  # JSON: [id, ...]
    rate_ppm = models.IntegerField(null=True)  # share that fails, of a card that is calibrated
    challenger_version = models.CharField(max_length=160, blank=True)
    challenger_cents = models.IntegerField(null=True)
    challenger_band = models.CharField(max_length=8, blank=True)
    challenger_factors = models.TextField(blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "-id"], name="customer_score_customer"),
            models.Index(fields=["request_id"], name="customer_score_request"),
            models.Index(fields=["entity_id", "scored_on"], name="customer_score_day"),
        ]
