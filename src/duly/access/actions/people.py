"""People who sign in, and their one-time links. Moments and secrets come as arguments or from
the operating system."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare

from duly.access.actions.trail import Author, record_changes
from duly.access.errors import (
    EntryLinkSpent,
    LastAdministrator,
    NotYourPart,
    UserExists,
    UserNameUnfit,
    UserUnknown,
)
from duly.access.models import EntryLink, User
from duly.access.rules.actors import SAID
from duly.access.rules.roles import ADMINISTRATOR, may
from duly.kernel.quoting import CONTROLS
from duly.storage import locks
from duly.storage.writing import whole

ENTRY_LINK_HOURS = 12
LONGEST_NAME = 120
LONGEST_SHELL_NAME = 80


def require(*, user: User, act: str) -> None:
    """Refuse unless the user's role includes the act."""
    if not may(user.role, act):
        raise NotYourPart(
            f"Your role, {user.get_role_display().lower()}, does not include this.",
            facts={"act": act, "role": user.role},
            remedy="Ask an administrator for the role, or someone who has it to do this.",
        )


@whole()
def add_user(
    *, email: str, name: str, role: str, password: str | None, at: datetime, is_sample: bool = False
) -> User:
    """Add a person who may sign in; without a password only an entry link opens the door.

    Refuses: UserExists, UserNameUnfit.
    """
    email, name = email.strip().lower(), name.strip()
    if not 0 < len(name) <= LONGEST_NAME or CONTROLS.search(name):
        raise UserNameUnfit(
            "A person needs a name that can be shown.",
            facts={"characters": len(name), "most": LONGEST_NAME},
            remedy=f"Write it in 1 to {LONGEST_NAME} characters of plain text.",
        )
    if User.objects.filter(email__iexact=email).exists():
        raise UserExists(
            f"{email} may sign in already.",
            facts={"email": email},
            remedy="Look at `duly user list`.",
        )
    user = User(email=email, name=name, role=role, created_at=at, is_sample=is_sample)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


def set_password(*, email: str, password: str) -> None:
    """Give a user a new password."""
    user = _user(email)
    user.set_password(password)
    user.save(update_fields=["password"])


@whole()
def change_role(*, email: str, role: str, author: Author) -> User:
    """Give a user another role, from the next page on. Refuses: UserUnknown, LastAdministrator."""
    user = _user(email)
    if user.role != role:
        _refuse_last(user)
        change = (user.pk, {"role": user.role}, {"role": role})
        record_changes(noun="user", changes=[change], author=author)
        user.role = role
        user.save(update_fields=["role"])
    return user


@whole()
def tie_shell(*, email: str, name: str, author: Author) -> User:
    """Say that who acts in a shell by a name is this person; an empty name ends that.

    From then on both count as one, with the person's role. Refuses: UserUnknown, UserExists when
    the name is somebody else's, UserNameUnfit.
    """
    user, name = _user(email), name.strip()
    if len(name) > LONGEST_SHELL_NAME or SAID in name or CONTROLS.search(name):
        raise UserNameUnfit(
            "This is no name of a shell.",
            facts={"characters": len(name), "most": LONGEST_SHELL_NAME},
            remedy="Give the user of the operating system that stands after `shell:` in the trail,"
            " up to the next colon: what follows it anybody can set.",
        )
    other = User.objects.filter(shell_name=name).exclude(pk=user.pk).first() if name else None
    if other is not None:
        raise UserExists(
            f"In the shell {name} is {other.email}.",
            facts={"name": name, "email": other.email},
            remedy="Untie it there first: `duly user shell EMAIL`.",
        )
    if user.shell_name != name:
        change = (user.pk, {"shell_name": user.shell_name}, {"shell_name": name})
        record_changes(noun="user", changes=[change], author=author)
        user.shell_name = name
        user.save(update_fields=["shell_name"])
    return user


@whole()
def close_user(*, email: str, author: Author) -> User:
    """Let a user in no more: sessions and links that are open end here.

    Refuses: UserUnknown, LastAdministrator.
    """
    user = _user(email)
    _refuse_last(user)
    EntryLink.objects.filter(user=user, used_at=None).delete()
    if user.is_active:
        change = (user.pk, {"is_active": True}, {"is_active": False})
        record_changes(noun="user", changes=[change], author=author)
        user.is_active = False  # without which no session is anybody's
        user.save(update_fields=["is_active"])
    return user


def _refuse_last(user: User) -> None:
    """Refuse to take away the one administrator who can still sign in."""
    if user.role != ADMINISTRATOR or not user.is_active:
        return
    locks.hold("administrators")  # two are not to close each other at once
    others = User.objects.filter(role=ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise LastAdministrator(
            f"{user.email} is the only administrator.",
            facts={"email": user.email},
            remedy="Make somebody else administrator first: `duly user role EMAIL admin`.",
        )


def _user(email: str) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise UserUnknown(
            f"Nobody here has the address {email}.",
            facts={"email": email},
            remedy="Look at `duly user list`.",
        )
    return user


def issue_entry_link(*, email: str, at: datetime) -> str:
    """Make a one-time sign-in secret for a user; it works once, for 12 hours."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise UserUnknown(f"Nobody here has the address {email}.", facts={"email": email})
    secret = secrets.token_urlsafe(32)
    EntryLink.objects.create(
        digest=_digest(secret),
        user=user,
        created_at=at,
        expires_at=at + timedelta(hours=ENTRY_LINK_HOURS),
    )
    return secret


@whole()
def redeem_entry_link(*, secret: str, at: datetime) -> User:
    """Spend a one-time sign-in secret and return its user, who must be active still."""
    link = (
        EntryLink.objects.select_for_update(of=("self",))
        .filter(digest=_digest(secret), used_at=None, user__is_active=True)
        .first()
    )
    if (
        link is None
        or link.expires_at <= at
        or not constant_time_compare(link.digest, _digest(secret))
    ):
        raise EntryLinkSpent(
            "This link was used before or is too old.",
            remedy="Sign in with your password, or run `duly user link` for a new link.",
        )
    link.used_at = at
    link.save(update_fields=["used_at"])
    return link.user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
