"""Decisions of credit: what was proposed, who had it before them, what was decided and why."""

from typing import ClassVar

from django.db import models

VERDICTS = (
    ("approve", "Approved as asked"),
    ("approve_less", "Approved for less"),
    ("approve_secured", "Approved with security"),
    ("decline", "Declined"),
)
ORIGINS = (
    ("person", "Proposed by a colleague"),
    ("graduate", "Paid on time"),
    ("shrink", "Paid late"),
    ("dormant", "Nothing bought"),
)
BANDS = (
    ("open", "Open terms"),
    ("secured", "Open terms against security"),
    ("deposit", "Part in advance"),
    ("prepay", "In advance"),
)
KINDS = (
    ("base", "Limit"),
    ("temporary", "Limit for a time"),
    ("sub", "Limit of one part of the exposure"),
)


class LimitProposal(models.Model):
    """Another limit for a customer, proposed by a person or by rule; a person decides. Never
    changed: whether it was decided is told by its decision."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    origin = models.CharField(max_length=8, choices=ORIGINS)
    kind = models.CharField(max_length=9, choices=KINDS)
    part = models.CharField(max_length=24, blank=True)  # of the exposure, where kind is "sub"
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    insured_minor = models.BigIntegerField(default=0)
    secured_minor = models.BigIntegerField(default=0)
    terms_band = models.CharField(max_length=8, choices=BANDS, default="open")
    terms_days = models.PositiveSmallIntegerField(null=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    replaces_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=1000)
    because = models.JSONField(default=dict)  # what a rule saw
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="limit_proposal_not_negative"
            ),
        ]


class DecisionStep(models.Model):
    """What was done about a request or a proposal before it was decided: sent on to somebody of a
    higher authority, or one vote of a committee. Never changed."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(null=True, db_index=True)
    proposal_id = models.BigIntegerField(null=True, db_index=True)
    step = models.CharField(max_length=8)  # "sent_on", "voted"
    to_role = models.CharField(max_length=12, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    wanted = models.JSONField(default=dict)  # its terms and conditions
    reason = models.CharField(max_length=1000)
    role = models.CharField(max_length=12)
    on_day = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class CreditDecision(models.Model):
    """What was decided of a request or a proposal, or a limit that was lowered; with its memo and
    the notice, as they were on the day. Never changed.

    `counted_minor` is what was held against the authority of whoever decided: approvals of the
    same family within some days count together.
    """

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(null=True)
    proposal_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    verdict = models.CharField(max_length=16, choices=VERDICTS)
    currency = models.CharField(max_length=3)
    asked_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    counted_minor = models.BigIntegerField()
    counted_currency = models.CharField(max_length=3)
    terms = models.JSONField(default=dict)  # the limit that it grants, as a draft
    conditions = models.JSONField(default=list)  # what must be met before it begins
    reason = models.CharField(max_length=1000)
    reason_codes = models.JSONField(default=list)  # what the applicant is told, when told
    decided_on = models.DateField()
    role = models.CharField(max_length=12)
    is_automatic = models.BooleanField(default=False)
    memo = models.JSONField(default=dict)
    notice = models.JSONField(default=dict)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request_id"], name="request_decided_once"),
            models.UniqueConstraint(fields=["proposal_id"], name="proposal_decided_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="credit_decision_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "decided_on"], name="credit_decision_day"),
        ]


class DecisionSequel(models.Model):
    """What followed a decision: a condition met, the counter-offer answered, the applicant told.
    Never changed."""

    entity_id = models.BigIntegerField()
    decision_id = models.BigIntegerField()
    sequel = models.CharField(max_length=12)  # "met", "accepted", "turned_down", "told"
    place = models.IntegerField(default=0)  # which condition
    note = models.CharField(max_length=1000, blank=True)
    on_day = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["decision_id", "sequel", "place"], name="decision_sequel_once"
            ),
        ]


class CreditPolicy(models.Model):
    """Knobs of credit from a day on: what a firm set over those that come with Duly. Never
    changed: the last word counts."""

    entity_id = models.BigIntegerField(db_index=True)
    knobs = models.JSONField()
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
