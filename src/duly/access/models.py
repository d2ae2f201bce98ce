"""Records of access: users, entry links, and the append-only trail of what was done."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from duly.access.rules.roles import ROLES


class Users(BaseUserManager["User"]):
    """Finds users by their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Customers are not users."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=ROLES, default="viewer")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)  # made with the sample company
    shell_name = models.CharField(max_length=80, blank=True)  # by which they act in a shell
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shell_name"],
                name="shell_name_of_one",
                condition=~models.Q(shell_name=""),
            ),
        ]

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class EntryLink(models.Model):
    """A one-time link that signs a user in; only the digest of its secret is kept."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Change(models.Model):
    """One change to a record of master data: who, when, before and after. Never changed itself."""

    noun = models.CharField(max_length=32)
    record_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(null=True)  # the import that made it, if one did
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["noun", "record_id"], name="change_record"),
            models.Index(fields=["batch_id"], name="change_batch"),
        ]


class Event(models.Model):
    """News of a context, written in the transaction that caused it. Never changed."""

    name = models.CharField(max_length=48)
    facts = models.JSONField()
    recorded_at = models.DateTimeField()


class Request(models.Model):
    """A write that carried a key: its input's digest and its first result.

    The same key with the same input returns the result again; with other input it is refused.
    `digest` is over all of it, so that `duly check` sees what was changed.
    """

    key = models.CharField(max_length=255, unique=True)
    command = models.CharField(max_length=48)
    input_digest = models.CharField(max_length=64)
    result = models.JSONField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)


class Approval(models.Model):
    """An act that takes two persons: asked for by one, approved or declined by another."""

    act = models.CharField(max_length=48)
    facts = models.JSONField()  # what is to be done, as the verb will do it
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["act", "id"],
                name="approval_waiting",
                condition=models.Q(decided_at__isnull=True),
            ),
        ]


class SavedView(models.Model):
    """A named filter of a page, in the words of its address: one's own, or everyone's."""

    place = models.CharField(max_length=32)  # the name of the page's address
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)
    owner = models.CharField(max_length=254)
    is_shared = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "owner", "name"], name="saved_view_name"),
        ]


class Authority(models.Model):
    """Up to what amount a role may do an act, in a currency; the trail keeps how it was before."""

    role = models.CharField(max_length=12, choices=ROLES)
    act = models.CharField(max_length=48)
    currency = models.CharField(max_length=3)
    up_to_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "role", "currency"], name="authority_once"),
        ]


class ApiKey(models.Model):
    """A key by which another system asks for acts; only the digest of its secret is kept."""

    name = models.CharField(max_length=80)
    entity_id = models.BigIntegerField()  # in whose books it may act
    acts = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    actor = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                name="api_key_name",
                condition=models.Q(revoked_at__isnull=True),
            ),
        ]
