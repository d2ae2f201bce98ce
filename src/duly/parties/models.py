"""Records of parties."""

from typing import ClassVar

from django.db import models

CONTACT_ROLES = (
    ("accounts_payable", "Accounts payable"),
    ("approver", "Approver"),
    ("owner", "Owner"),
    ("other", "Other"),
)
PAYMENT_METHODS = (("transfer", "Transfer"), ("direct_debit", "Direct debit"), ("card", "Card"))


class Entity(models.Model):
    """Our legal company: everything owed is owed to one entity."""

    name = models.CharField(max_length=200, unique=True)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=16, blank=True)
    timezone = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    terms = models.CharField(max_length=200)
    address = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    tax_id = models.CharField(max_length=64, blank=True)
    logo = models.CharField(max_length=64, blank=True)  # SHA-256 of its file
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A debtor of one entity, under the id that the firm's own systems use for it."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    other_names = models.CharField(max_length=1000, blank=True)  # parted by " | "
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_constraint=False
    )
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=16, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    terms = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    credit_limit_minor = models.BigIntegerField(null=True)
    tax_id = models.CharField(max_length=64, blank=True)
    registration_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=500, blank=True)
    segment = models.CharField(max_length=64, blank=True)
    collector = models.CharField(max_length=120, blank=True)
    sales_rep = models.CharField(max_length=120, blank=True)
    payment_method = models.CharField(max_length=16, blank=True, choices=PAYMENT_METHODS)
    do_not_chase = models.BooleanField(default=False)
    batch_id = models.BigIntegerField(null=True, db_index=True)  # the import that brought it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "code"], name="customer_code"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity", "name", "id"], name="customer_name"),
            models.Index(fields=["entity", "tax_id"], name="customer_tax_id"),
            models.Index(fields=["entity", "segment", "name", "id"], name="customer_segment"),
            models.Index(fields=["entity", "collector", "name", "id"], name="customer_collector"),
            models.Index(fields=["entity", "country", "name", "id"], name="customer_country"),
        ]

    def __str__(self) -> str:
        return self.name


class SearchWord(models.Model):
    """One word by which a customer is found; bytes, so that both databases order it alike."""

    word = models.BinaryField()
    entity_id = models.BigIntegerField()
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "word", "customer"], name="search_word"),
            models.Index(fields=["customer", "word"], name="search_word_customer"),
        ]


class Contact(models.Model):
    """A person at a customer, and whether we may write to them."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=CONTACT_ROLES, default="other")
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    do_not_contact = models.BooleanField(default=False)
    batch_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "name", "role"], name="contact_identity"),
        ]


class Rate(models.Model):
    """What one unit of the entity's currency costs in another currency, on a day."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT)
    on = models.DateField()
    currency = models.CharField(max_length=3)
    per_entity_currency = models.CharField(max_length=40)  # exact decimal text
    source = models.CharField(max_length=120, blank=True)
    batch_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "currency", "on"], name="rate_day"),
        ]


class BankDetails(models.Model):
    """Where customers pay us in a currency. A row is never changed: the newest one is in force."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    account_number = models.CharField(max_length=34, blank=True)  # where there is no IBAN
    bank_code = models.CharField(max_length=34, blank=True)  # sort code, routing number
    bank_name = models.CharField(max_length=120, blank=True)
    approval_id = models.BigIntegerField(unique=True)
    in_force_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity", "currency", "id"], name="bank_details_newest"),
        ]
