"""Records of statements that go out by themselves."""

from typing import ClassVar

from django.db import models

from duly.collections.rules.statement_days import EVERY
from duly.collections.rules.statement_ways import DELIVERIES, OUTCOMES

RUN_STATES = (
    ("writing", "Being written"),
    ("done", "Done"),
    ("failed", "Broke off"),
    ("replaced", "Replaced by a newer one"),
    ("stopped", "Stopped with its schedule"),
)
UNFINISHED = ("writing", "failed")


class StatementSchedule(models.Model):
    """When which customers get a statement of account, which one, and by which way.

    Due days before `since_on` are none of it: it was made, resumed, or moved to other days then.
    """

    entity_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    every = models.CharField(max_length=8, choices=EVERY)
    day = models.SmallIntegerField()
    kind = models.CharField(max_length=12)
    paper = models.CharField(max_length=8, blank=True)
    delivery = models.CharField(max_length=8, choices=DELIVERIES)
    whose = models.JSONField(default=dict)
    since_on = models.DateField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "name"],
                name="statement_schedule_name",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]


class ScheduledRun(models.Model):
    """A due day of a schedule as it was carried out; `asked` is what the schedule said then."""

    entity_id = models.BigIntegerField()
    schedule_id = models.BigIntegerField()
    due_on = models.DateField()
    asked = models.JSONField()
    state = models.CharField(max_length=8, choices=RUN_STATES, default="writing")
    error = models.CharField(max_length=500, blank=True)
    warnings = models.JSONField(default=list)
    bytes = models.BigIntegerField(default=0)  # of the PDF for post
    sha256 = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule_id", "due_on"], name="scheduled_run_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["entity_id", "-id"], name="scheduled_run_newest")]


class RunStatement(models.Model):
    """A customer in a run: by mail, in the PDF for post, or left out; and why."""

    run_id = models.BigIntegerField()
    place = models.IntegerField()  # in the order of the customers' ids in the firm's own systems
    customer_id = models.BigIntegerField()
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    why_code = models.CharField(max_length=32, blank=True)
    why_text = models.CharField(max_length=1000, blank=True)
    message_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run_id", "customer_id"], name="run_statement_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run_id", "outcome", "place"], name="run_statement_place"),
        ]
