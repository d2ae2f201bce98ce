"""Credit requests: who asks for terms, and for how much, with all that came with it.

What is of natural persons stands in `RequestPerson` alone and can be erased; all else stays. Rows
that are evidence refuse UPDATE and DELETE by trigger.
"""

from typing import ClassVar

from django.db import models

SOURCES = (
    ("form", "Sent in by the applicant"),
    ("clerk", "Entered by a colleague"),
    ("file", "Read from a file"),
    ("review", "Opened by a review"),
)


class CreditRequest(models.Model):
    """A customer, or somebody who may become one, asks for credit. Not submitted, it is a draft.

    Whether it was decided is told by its decision; its answers, documents, consents and references
    are records of their own.
    """

    entity_id = models.BigIntegerField()
    number = models.CharField(max_length=16)  # "CR-0042"
    customer_id = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    terms = models.CharField(max_length=200, blank=True)
    is_natural_person = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=SOURCES)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    submitted_on = models.DateField(null=True)
    segment = models.CharField(max_length=64, blank=True)
    form_version = models.IntegerField(default=0)  # of the segment; 0: the one that comes with Duly
    conditions_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "number"], name="credit_request_number"),
        ]


class RequestForm(models.Model):
    """What applicants of a segment are asked, in a version of its own; never changed."""

    entity_id = models.BigIntegerField()
    segment = models.CharField(max_length=64, blank=True)
    version = models.IntegerField()
    document = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "segment", "version"], name="request_form_version"
            ),
        ]


class Conditions(models.Model):
    """Terms and conditions as applicants accept them, in a version of their own; never changed."""

    entity_id = models.BigIntegerField()
    version = models.IntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "version"], name="conditions_version"),
        ]


class RequestRevision(models.Model):
    """What was typed into a request when it was saved; what is of persons stands apart."""

    request_id = models.BigIntegerField()
    number = models.IntegerField()
    typed = models.JSONField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request_id", "number"], name="request_revision_number"
            ),
        ]


class RequestPerson(models.Model):
    """What a revision tells of a natural person, at its place among the answers.

    Erased, it is empty; that somebody stood here stays.
    """

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(db_index=True)
    revision = models.IntegerField()
    place = models.CharField(max_length=40)  # "owners.0", "signature", "applicant"
    details = models.JSONField()
    erased_at = models.DateTimeField(null=True)


class RequestFile(models.Model):
    """A document that came with a request. Its bytes lie elsewhere, under their digest."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    document = models.CharField(max_length=32)  # a kind of rules.request_fields.DOCUMENTS
    file = models.CharField(max_length=200)  # what it is called
    kind = models.CharField(max_length=8)  # pdf, png, xlsx, ...: by its content
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request_id", "document", "sha256"], name="request_file_once"
            ),
        ]


class RequestKey(models.Model):
    """By what an applicant would be known again: numbers of its tax, register, bank and phone."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "kind", "value"], name="request_key"),
        ]


class RequestFlag(models.Model):
    """What a person should look at before anything is decided, as it was seen at submission.

    Of a person who was erased it tells nothing: `text` says so, `facts` are empty.
    """

    request_id = models.BigIntegerField(db_index=True)
    code = models.CharField(max_length=32)
    text = models.CharField(max_length=500)
    facts = models.JSONField()
    recorded_at = models.DateTimeField()


class Acceptance(models.Model):
    """Somebody accepted terms and conditions for an applicant: which ones, who, when, from where.

    Name, title, authority and address are the person's.
    """

    request_id = models.BigIntegerField(db_index=True)
    conditions_id = models.BigIntegerField(null=True)  # none were written down then
    sha256 = models.CharField(max_length=64, blank=True)  # of their text
    person_id = models.BigIntegerField()
    way = models.CharField(max_length=8)  # "form", or "told" where a colleague entered it
    accepted_at = models.DateTimeField()


class Consent(models.Model):
    """One consent, given or not, in the words that were asked."""

    request_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=32)
    wording = models.CharField(max_length=500)
    is_given = models.BooleanField()
    until_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()


class Guarantee(models.Model):
    """A guarantee that was asked for: of which kind, up to what. Who gives it is a person's row."""

    entity_id = models.BigIntegerField()
    request_id = models.BigIntegerField(db_index=True)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)  # personal, corporate
    currency = models.CharField(max_length=3)
    cap_minor = models.BigIntegerField(null=True)  # None: unlimited
    until_on = models.DateField(null=True)
    wording = models.TextField()
    asked_at = models.DateTimeField()


class GuaranteeSignature(models.Model):
    """A guarantor signed, by the link of their own. What weakens it is told."""

    guarantee_id = models.BigIntegerField(unique=True)
    person_id = models.BigIntegerField()  # the name as signed, and from where
    sha256 = models.CharField(max_length=64)  # of the wording
    warnings = models.JSONField(default=list)
    signed_at = models.DateTimeField()


class SecretLink(models.Model):
    """An address that opens one record to whoever has it, until a day; only a digest is kept.

    `nonce` is what the secret is made of, with a key that is in no database.
    """

    entity_id = models.BigIntegerField()
    purpose = models.CharField(max_length=12)  # draft, guarantee, reference
    record_id = models.BigIntegerField(db_index=True)
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
