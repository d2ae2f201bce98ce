"""Orders, what became of them, and those that wait.

Of an order Duly knows its reference, its amount and how far it has come: what is released, what was
shipped. What was invoiced of it is told by the documents that name it, and kept nowhere else.
"""

from datetime import date
from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId

MOVEMENTS = (
    ("confirmed", "Released"),
    ("amended", "Released for another amount"),
    ("shipped", "Shipped"),
    ("cancelled", "Cancelled"),
)
CHECKPOINTS = (
    ("confirm", "Before it is confirmed"),
    ("pick", "Before it is picked"),
    ("ship", "Before it is shipped"),
    ("invoice", "Before it is invoiced"),
)
ENDINGS = (
    ("released", "Released by a person"),
    ("cleared", "Its cause cleared"),
    ("cancelled", "The order was cancelled"),
)


NEVER = date.max  # as far as anybody noted


class Order(models.Model):
    """An order of a customer, under the reference of the firm's own system.

    `amount_minor` and `shipped_minor` are projections of its movements: what is released of it in
    all, and what of that was shipped. An order that was never released has an amount of zero.
    `settled_on` is noted once documents cover all of it: from that day on it counts for nothing.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    ref = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(default=0)
    shipped_minor = models.BigIntegerField(default=0)
    is_prepaid = models.BooleanField(default=False)
    margin_minor = models.BigIntegerField(null=True)
    ordered_on = models.DateField()
    settled_on = models.DateField(default=NEVER)
    batch_id = models.BigIntegerField(null=True, db_index=True)  # the import that brought it
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "ref"], name="order_ref"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0, shipped_minor__gte=0)
                & models.Q(shipped_minor__lte=models.F("amount_minor")),
                name="order_shipped_within_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["customer_id", "entity_id", "settled_on"],
                name="order_counted",
                condition=~models.Q(amount_minor=0),
            ),
        ]


class OrderMovement(models.Model):
    """One step of an order, and for what amount; never changed.

    "confirmed" and "amended" give the whole amount that is released from then on, "shipped" what
    left the house, "cancelled" what is dropped.
    """

    id = RowId(primary_key=True)
    order_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12, choices=MOVEMENTS)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class HoldCase(models.Model):
    """An order that waits: what was asked, which tests it failed, who clears it, how it ended."""

    entity_id = models.BigIntegerField()
    order_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    checkpoint = models.CharField(max_length=8, choices=CHECKPOINTS)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    failed = models.JSONField()  # [{test, text, facts}], of the last time it was tested
    owner = models.CharField(max_length=120, blank=True)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    tested_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=ENDINGS, blank=True)
    ended_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=254)  # who placed it, or asked for this amount of it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_id"], name="hold_case_open", condition=models.Q(ending="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "opened_at"],
                name="hold_case_queue",
                condition=models.Q(ending=""),
            ),
        ]


class HoldRelease(models.Model):
    """A person let a held order go: why, with which authority, and until when. Never changed.

    Until `expires_on` the tests it names don't hold this order again, up to this amount.
    """

    id = RowId(primary_key=True)
    case_id = models.BigIntegerField(db_index=True)
    order_id = models.BigIntegerField(db_index=True)
    tests = models.JSONField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    role = models.CharField(max_length=12, blank=True)  # nobody's: in a shell
    took = models.JSONField()  # {currency, amount}: what the authority had to reach
    released_on = models.DateField()
    expires_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class OrderStop(models.Model):
    """No order of a customer goes: a legal block, an insolvency, or a sanctions list names them.

    Set by a person or by a file, with its day; it stands until somebody lifts it.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10)  # blocked, insolvency, sanctions
    since_on = models.DateField()
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=200, blank=True, default="")  # a list, a letter, a court
    batch_id = models.BigIntegerField(null=True, db_index=True)  # the import that brought it
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=254, blank=True)
    lifted_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer_id", "kind"],
                name="order_stop_once",
                condition=models.Q(lifted_at__isnull=True),
            ),
        ]
