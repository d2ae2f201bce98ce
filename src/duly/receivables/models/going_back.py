"""Records of money that goes back: taken by the bank, or refunded."""

from typing import ClassVar

from django.db import models

from duly.storage.fields import RowId


class PaymentReturn(models.Model):
    """A payment that the bank took back: when and why.

    Applications of its batch, of the reason "returned", consume it: one for each customer whose
    money it was held to be when it was applied.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField(db_index=True)
    entity_id = models.BigIntegerField()
    payment_id = models.BigIntegerField()
    returned_on = models.DateField()
    reason = models.CharField(max_length=64)  # a code, as the bank or a person told it
    is_void = models.BooleanField(default=False)  # its import was taken back

    sealed_as: ClassVar[dict[str, str]] = {"is_void": "0"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_id"],
                name="payment_returned_once",
                condition=models.Q(is_void=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "returned_on"], name="payment_return_day"),
        ]


class Refund(models.Model):
    """Money that is to go back: asked for, approved by another person, paid; or refused, or lapsed
    because the bank took the payment back. While it waits its money is reserved.

    Who asked and who decided stands with its approval; `state` and `application_id` are projections
    of what was decided and booked.
    """

    id = RowId(primary_key=True)
    batch_id = models.BigIntegerField()
    entity_id = models.BigIntegerField()
    approval_id = models.BigIntegerField()
    payment_id = models.BigIntegerField(null=True)
    credit_item_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    asked_on = models.DateField()
    reason = models.CharField(max_length=300)
    account = models.CharField(max_length=64, blank=True)  # to which it goes
    source_account = models.CharField(max_length=64, blank=True)  # from which the money came
    state = models.CharField(max_length=8, default="asked")
    application_id = models.BigIntegerField(null=True)

    sealed_as: ClassVar[dict[str, str]] = {"state": "'asked'", "application_id": "NULL"}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_positive"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["payment_id"],
                name="refund_of_payment",
                condition=models.Q(state__in=("asked", "approved")),
            ),
            models.Index(
                fields=["credit_item_id"],
                name="refund_of_credit",
                condition=models.Q(state__in=("asked", "approved")),
            ),
            models.Index(fields=["entity_id", "state", "id"], name="refund_state"),
        ]
