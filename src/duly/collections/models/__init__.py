"""Records of collections."""

from typing import ClassVar

from django.db import models

from duly.collections.models.calls import (
    ExcuseEvidence,
    ExcuseTold,
    ExcuseVersion,
    ScriptVersion,
)
from duly.collections.models.charges import (
    CHARGE_KINDS,
    RELIEF_KINDS,
    Charge,
    ChargeRelief,
    ChargingVersion,
    DiscountOffer,
    OwnRate,
)
from duly.collections.models.desk import CustomerClaim, DayPlan, Note, Silence, WorklistRow
from duly.collections.models.laws import ChannelWish, DebtorProfile, LawLevel, LawPack
from duly.collections.models.mail import IncomingMail
from duly.collections.models.plans import (
    InstalmentPlan,
    PlanAgreement,
    PlanInstalment,
    PlanItem,
    PlanSignature,
    PlanStep,
)
from duly.collections.models.statements import RunStatement, ScheduledRun, StatementSchedule

__all__ = [
    "ANSWERED",
    "BLOCK_KINDS",
    "CALL_OUTCOMES",
    "CHARGE_KINDS",
    "COUNTED_STATES",
    "MAILED",
    "RELIEF_KINDS",
    "RIGHT_PARTY",
    "Block",
    "Call",
    "ChannelWish",
    "Charge",
    "ChargeRelief",
    "ChargingVersion",
    "CustomerClaim",
    "DayPlan",
    "DebtorProfile",
    "DiscountOffer",
    "ExcuseEvidence",
    "ExcuseTold",
    "ExcuseVersion",
    "IncomingMail",
    "InstalmentPlan",
    "LawLevel",
    "LawPack",
    "Message",
    "MessageLine",
    "Note",
    "OwnRate",
    "PlanAgreement",
    "PlanInstalment",
    "PlanItem",
    "PlanSignature",
    "PlanStep",
    "PolicyChoice",
    "PolicyVersion",
    "Promise",
    "PromisedItem",
    "RunStatement",
    "ScheduledRun",
    "ScriptVersion",
    "Sending",
    "Silence",
    "StatementSchedule",
    "Suppression",
    "Task",
    "Template",
    "WorklistRow",
]

PROMISE_STATES = (
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly_kept", "Partly kept"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
)
MESSAGE_STATES = (
    ("queued", "Queued"),
    ("held", "Held"),
    ("sending", "Being handed over"),
    ("task", "With a person"),
    ("sent", "Sent"),
    ("unknown", "May have been sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
)
# A customer was or may have been written to, or is about to be.
COUNTED_STATES = ("queued", "held", "sending", "task", "sent", "unknown")
# Channels by which mail goes to customers.
MAILED = ("email", "statement", "on_account", "confirmation", "order_told")
LISTED = (*MAILED, "sales_told", "enquiry")  # and to people who are none
SENDING_MODES = (("off", "Off"), ("test", "Test"), ("on", "On"), ("stopped", "Stopped"))
BLOCK_KINDS = (
    ("snooze", "Snoozed"),
    ("hold", "On hold"),
    ("placed", "Placed outside"),
    ("legal", "Legal or insolvency stay"),
)


class Promise(models.Model):
    """What a customer said it would pay, and by when; judged against money received.

    `first_due_on` is the day before it was put off, once. A promise on a condition of ours is not
    broken before that is met: `condition` names it, a task with `condition_key` is to meet it.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    made_on = models.DateField()
    due_on = models.DateField()
    person = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=PROMISE_STATES, default="open")
    received_minor = models.BigIntegerField(default=0)
    judged_on = models.DateField(null=True)
    method = models.CharField(max_length=32, blank=True)  # transfer, cheque, card, ...
    call_id = models.BigIntegerField(null=True)  # in which it was made
    approved_by = models.CharField(max_length=254, blank=True)  # who let it be so far away
    first_due_on = models.DateField(null=True)
    condition = models.CharField(max_length=300, blank=True)
    condition_key = models.CharField(max_length=64, blank=True)
    condition_met_on = models.DateField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "due_on"],
                name="promise_live",
                condition=models.Q(state="open"),
            ),
        ]


class PromisedItem(models.Model):
    """An item that a promise names."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="items")
    item_id = models.BigIntegerField(db_index=True)


CALL_OUTCOMES = (
    ("no_answer", "No answer"),
    ("voicemail", "Voicemail"),
    ("wrong_person", "Somebody who can't decide"),
    ("reached", "Reached"),
    ("promised", "Promised to pay"),
    ("objected", "Objected"),
    ("refused", "Refused to pay"),
)
ANSWERED = ("wrong_person", "reached", "promised", "objected", "refused")
RIGHT_PARTY = ("reached", "promised", "objected", "refused")


class Call(models.Model):
    """A call to a customer: with whom, what came of it, and when to call again."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    called_on = models.DateField()
    person = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    recording = models.CharField(max_length=500, blank=True)  # where the telephone system keeps it
    message_id = models.BigIntegerField(null=True, db_index=True)  # that confirms it in writing
    outcome = models.CharField(max_length=16, choices=CALL_OUTCOMES)
    note = models.CharField(max_length=1000, blank=True)
    next_on = models.DateField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity_id", "called_on"], name="call_day")]


class Block(models.Model):
    """A reason not to write to a customer, or about one item, for a time or until it is ended."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    item_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=BLOCK_KINDS)
    reason = models.CharField(max_length=500)
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day
    ended_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class Suppression(models.Model):
    """An address that no message goes to: it bounced, or somebody asked for it."""

    entity_id = models.BigIntegerField()
    address = models.CharField(max_length=254)  # in lower case
    reason = models.CharField(max_length=500)
    since_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "address"], name="suppression_address"),
        ]


class PolicyVersion(models.Model):
    """A dunning policy as it was written down, valid from a day; never changed."""

    entity_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    version = models.IntegerField()
    valid_from = models.DateField()
    document = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "name", "version"], name="policy_version_number"
            ),
        ]


class PolicyChoice(models.Model):
    """Which policy holds for an item, a customer, a segment or the whole entity, until another
    choice of the same scope; one with an empty policy ends it."""

    entity_id = models.BigIntegerField()
    scope = models.CharField(max_length=8)  # item, customer, segment, entity
    segment = models.CharField(max_length=64, blank=True)
    record_id = models.BigIntegerField(default=0)  # the item's or the customer's
    policy = models.CharField(max_length=64)
    from_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity_id", "from_on"], name="policy_choice")]


class Template(models.Model):
    """The text of a step in one language, in a version of its own; never changed."""

    entity_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    version = models.IntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "name", "language", "version"], name="template_version"
            ),
        ]


class Message(models.Model):
    """A step taken: what is sent to a customer, and how far it came. Its key can be there once.

    Steps of other channels than e-mail are a person's: their state is `task`, beside a Task. What
    goes to the firm's own people (channels `digest`, `sales_told`), or to people who know an
    applicant (channel `enquiry`), has customer 0. A statement of account (channel `statement`)
    asks for nothing: it has no lines, and its amount is the first balance that it tells. One of
    money on account (channel `on_account`) asks for nothing either: its lines are payments, below
    zero. Nor does one of an order that waits or may go (channel `order_told`): its line is the
    order. A `confirmation` says again what was agreed in a call.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    key = models.CharField(max_length=64)
    planned_on = models.DateField()
    policy = models.CharField(max_length=64)
    policy_version = models.IntegerField()
    step = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    recipients = models.JSONField()
    language = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64)  # the recipient's
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    subject = models.CharField(max_length=400)
    body = models.TextField()
    attachments = models.JSONField(default=list)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=MESSAGE_STATES)
    why_code = models.CharField(max_length=32, blank=True)
    why_text = models.CharField(max_length=1000, blank=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    actor = models.CharField(max_length=254)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], name="message_key", condition=~models.Q(state="cancelled")
            ),
            models.UniqueConstraint(
                fields=["customer_id", "planned_on"],
                name="message_one_a_day",
                condition=models.Q(channel="email"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="message_waiting",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["entity_id", "planned_on"], name="message_day"),
            models.Index(fields=["entity_id", "state", "id"], name="message_state"),
        ]


class MessageLine(models.Model):
    """An item, credit note or payment as a message shows it, and the step the item is at by it."""

    message_id = models.BigIntegerField(db_index=True)
    place = models.SmallIntegerField()
    item_id = models.BigIntegerField(null=True)
    payment_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=64)
    open_minor = models.BigIntegerField()
    level = models.SmallIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["item_id"],
                name="message_line_item",
                condition=models.Q(item_id__isnull=False),
            ),
        ]


class Sending(models.Model):
    """Whether messages of an entity leave, from whom, and to whom while it is only tried."""

    entity_id = models.BigIntegerField(unique=True)
    mode = models.CharField(max_length=8, choices=SENDING_MODES)
    allowed = models.JSONField(default=list)  # addresses that test mode reaches
    sender = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    readers = models.JSONField(default=list)  # who of the firm gets the week by mail
    actor = models.CharField(max_length=254)
    changed_at = models.DateTimeField()


class Task(models.Model):
    """Something a person is to do: a call, a letter, an address that bounced, a broken promise."""

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=24)
    text = models.CharField(max_length=1000)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "due_on"],
                name="task_open",
                condition=models.Q(done_at__isnull=True),
            ),
        ]
