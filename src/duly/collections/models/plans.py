"""Records of instalment plans. What was agreed, signed and done is never changed."""

from typing import ClassVar

from django.db import models

PLAN_STATES = (
    ("proposed", "Proposed"),
    ("offered", "Offered"),
    ("signed", "Signed"),
    ("active", "Active"),
    ("cured", "Cured"),
    ("defaulted", "Defaulted"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
)
PLAN_WAYS = (("transfer", "By transfer"), ("direct_debit", "By direct debit"))


class InstalmentPlan(models.Model):
    """A debt that a customer pays in parts, by an agreement it signs.

    Its terms are never changed; its state is where its steps have led. `accelerated_on`: since
    then the whole balance is due.
    """

    entity_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_index=True)
    currency = models.CharField(max_length=3)
    debt_minor = models.BigIntegerField()
    made_on = models.DateField()
    period = models.CharField(max_length=12)
    interest_percent = models.CharField(max_length=12, default="0")  # a period
    grace_business_days = models.IntegerField()
    acceleration_days = models.IntegerField()
    way = models.CharField(max_length=12, choices=PLAN_WAYS, default="transfer")
    mandate = models.CharField(max_length=64, blank=True)  # of a direct debit
    security = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    beyond = models.JSONField(default=list)  # what of it is beyond policy, in words
    with_disputed = models.BooleanField(default=False)
    approval_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=PLAN_STATES, default="proposed")
    accelerated_on = models.DateField(null=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "state"], name="instalment_plan_state"),
        ]


class PlanInstalment(models.Model):
    """One payment of a plan; number 0 is the down payment. `reference` is what it is paid under."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="instalments")
    number = models.SmallIntegerField()
    due_on = models.DateField()
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    reference = models.CharField(max_length=35, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_instalment_number"),
        ]


class PlanItem(models.Model):
    """An item that a plan covers, as it stood then; the item itself stays as it is."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="items")
    item_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=64)
    due_on = models.DateField()
    open_minor = models.BigIntegerField()
    disputed_minor = models.BigIntegerField(default=0)


class PlanAgreement(models.Model):
    """The agreement as it was offered, word for word, with its digest."""

    plan = models.OneToOneField(InstalmentPlan, on_delete=models.PROTECT, related_name="agreement")
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    consents = models.JSONField(default=list)  # of the insurer, to put items off
    expires_on = models.DateField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()


class PlanSignature(models.Model):
    """A customer signed an agreement and acknowledged the debt: who, in which office, from where.

    `way` is "link", or "paper" where a colleague took it in.
    """

    plan = models.OneToOneField(InstalmentPlan, on_delete=models.PROTECT, related_name="signature")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    way = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)  # of what was signed
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=254)
    signed_at = models.DateTimeField()


class PlanStep(models.Model):
    """What happened to a plan on a day, and the state that it had afterwards."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    on = models.DateField()
    text = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
