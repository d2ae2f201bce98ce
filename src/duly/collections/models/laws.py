"""Records of the laws: packs and levels of the firm's own, and what is told of debtors. None is
ever changed: the newest one counts."""

from django.db import models


class LawPack(models.Model):
    """Rules of law that the firm brought itself, as their file reads; a rule of an id that comes
    with Duly takes its place."""

    entity_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=64)
    version = models.IntegerField()
    text = models.TextField()
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["entity_id", "name", "version"], name="law_pack_version"
            ),
        )


class LawLevel(models.Model):
    """What a person made of a rule and why: enforce, warn or inform; "" as its pack says."""

    entity_id = models.BigIntegerField(db_index=True)
    rule_id = models.CharField(max_length=40)
    level = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=500)
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class DebtorProfile(models.Model):
    """What a customer is to the law: its kind, where it is, whose law governs its contracts."""

    entity_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12)
    place = models.CharField(max_length=6, blank=True)  # "" its country
    law = models.CharField(max_length=6, blank=True)  # "" the law of where it is
    note = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class ChannelWish(models.Model):
    """What a customer said of a channel: it may be used, or may not; with what shows it."""

    entity_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    channel = models.CharField(max_length=8)
    is_allowed = models.BooleanField()
    said_on = models.DateField()
    evidence = models.CharField(max_length=500)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
