"""Records of mail that comes in."""

from typing import ClassVar

from django.db import models

MAIL_KINDS = (
    ("reply", "Answer"),
    ("auto_reply", "Automatic answer"),
    ("bounce", "Came back"),
    ("delay", "Delayed"),
    ("other", "Other mail"),
)
SEVERITIES = (("hard", "For good"), ("soft", "For now"), ("unclear", "Unclear"))
TIES = (("thread", "By its thread"), ("sender", "By its sender"), ("person", "By a person"))


class IncomingMail(models.Model):
    """A mail that came in: an answer, or word that a message of ours did not arrive. Once each.

    `mail_id` is its Message-ID, or a digest of it where it has none. What has no customer is in the
    list of untied mail, and has an entity only where there is one alone.
    """

    entity_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    about_id = models.BigIntegerField(null=True)  # the message of ours that it answers
    tied_by = models.CharField(max_length=8, choices=TIES, blank=True)
    kind = models.CharField(max_length=12, choices=MAIL_KINDS)
    severity = models.CharField(max_length=8, choices=SEVERITIES, blank=True)  # of a bounce
    address = models.CharField(max_length=254, blank=True)  # that mail came back from
    mailbox = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    mail_id = models.CharField(max_length=255)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)  # longer than what is kept
    enclosed = models.JSONField(default=list)  # names of files
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "mail_id"], name="incoming_mail_once"),
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], name="incoming_mail_uid"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="incoming_mail_untied",
                condition=models.Q(customer_id__isnull=True),
            ),
            models.Index(
                fields=["address"],
                name="incoming_mail_bounced",
                condition=models.Q(kind="bounce"),
            ),
        ]
