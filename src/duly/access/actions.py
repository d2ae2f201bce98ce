"""Verbs of access. Moments and secrets come as arguments or from the operating system."""

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.crypto import constant_time_compare

from duly.access.errors import (
    ApprovalDecided,
    ApprovalUnknown,
    EntryLinkSpent,
    KeyUnusable,
    LastAdministrator,
    NotYourPart,
    OwnWorkApproval,
    SavedViewUnknown,
    UserExists,
    UserNameUnfit,
    UserUnknown,
)
from duly.access.models import (
    Approval,
    Change,
    EntryLink,
    Event,
    Request,
    SavedView,
    User,
)
from duly.access.rules import requests
from duly.access.rules.roles import ADMINISTRATOR, may
from duly.kernel.errors import KeyReused
from duly.kernel.quoting import CONTROLS
from duly.storage import bulk, locks
from duly.storage.writing import whole

ENTRY_LINK_HOURS = 12
LONGEST_NAME = 120
SHELL = "shell:"  # begins the name of who acts in a shell, and is no person of ours


class Author(NamedTuple):
    """Who writes, when, and in which batch of the ledger (None outside one)."""

    actor: str
    at: datetime
    batch_id: int | None = None


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


def record_changes(
    *,
    noun: str,
    changes: Iterable[tuple[int, dict[str, Any], dict[str, Any]]],
    author: Author,
) -> None:
    """Keep (record id, before, after) of each record that changes, with who and when."""
    kept = list(changes)
    ids = bulk.reserve_ids(Change, len(kept)) if kept else range(0)
    moment = author.at.isoformat()
    bulk.insert_rows(
        Change,
        [
            (
                id_,
                noun,
                record_id,
                author.batch_id,
                author.actor,
                moment,
                requests.written(before),
                requests.written(after),
            )
            for id_, (record_id, before, after) in zip(ids, kept, strict=True)
        ],
    )


def ask_approval(*, act: str, facts: dict[str, Any], author: Author) -> Approval:
    """Write down what one person wants and a second one must approve before it is done."""
    return Approval.objects.create(act=act, facts=facts, asked_by=author.actor, asked_at=author.at)


@whole()
def decide_approval(*, approval_id: int, act: str, is_approved: bool, author: Author) -> Approval:
    """Approve or decline what another person asked for; the caller then does it.

    Refuses: ApprovalUnknown, ApprovalDecided, OwnWorkApproval (who asked may decline, not approve).
    """
    approval = Approval.objects.select_for_update().filter(pk=approval_id, act=act).first()
    if approval is None:
        raise ApprovalUnknown(
            f"Nothing that waits for a second person has the number {approval_id}.",
            facts={"approval": approval_id},
            remedy="Look at what waits, and use its number.",
        )
    if approval.decided_at is not None:
        raise ApprovalDecided(
            f"{approval.decided_by} {'approved' if approval.is_approved else 'declined'} this"
            f" on {approval.decided_at:%Y-%m-%d}.",
            facts={"approval": approval_id, "decided_by": approval.decided_by},
            remedy="Ask for it again if it should be done now.",
        )
    if is_approved:
        _refuse_own_work(approval, author.actor)
    approval.decided_by, approval.decided_at = author.actor, author.at
    approval.is_approved = is_approved
    approval.save(update_fields=["decided_by", "decided_at", "is_approved"])
    return approval


def _refuse_own_work(approval: Approval, actor: str) -> None:
    """Refuse who asked, and who may have: a name of the shell and one of the web tell no two."""
    asked_by = approval.asked_by
    facts = {"approval": approval.pk, "asked_by": asked_by}
    if asked_by.strip().casefold() == actor.strip().casefold():
        raise OwnWorkApproval(
            f"{actor} asked for this and can't be the one who approves it.",
            facts=facts,
            remedy="Let a second person look at it and approve it.",
        )
    if asked_by.startswith(SHELL) != actor.startswith(SHELL):
        raise OwnWorkApproval(
            f"{asked_by} asked for this, and {actor} may be the same person.",
            facts=facts,
            remedy="Decline it; ask in the browser, or in the shell with --user EMAIL, and let"
            " somebody else approve it in the browser.",
        )


def user_named(*, email: str) -> User:
    """A user who may sign in. Refuses: UserUnknown."""
    user = _user(email)
    if not user.is_active:
        raise UserUnknown(f"{user.email} may not sign in any more.", facts={"email": email})
    return user


def announce(*, event: object, at: datetime) -> None:
    """Write down an event (a frozen dataclass) beside its cause."""
    facts = dataclasses.asdict(event)  # type: ignore[call-overload]
    Event.objects.create(name=type(event).__name__, facts=facts, recorded_at=at)


def once(
    *,
    key: str | None,
    command: str,
    given: object,
    at: datetime,
    act: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Carry out `act` once per key, inside one transaction; later calls get its first result.

    Refuses: KeyReused when the key came before with another command or other input; KeyUnusable.
    """
    if not key:
        with whole():
            return act()
    if not requests.is_usable(key):
        raise KeyUnusable(
            "This key can't be kept.",
            facts={"characters": len(key), "most": requests.LONGEST_KEY},
            remedy=f"Use at most {requests.LONGEST_KEY} characters of plain text.",
        )
    digest = requests.input_digest(command, given)
    with whole():
        locks.hold(f"key:{key}")
        earlier = Request.objects.filter(key=key).first()
        if earlier is None:
            result = json.loads(requests.written(act()))  # as it will be told again
            Request.objects.create(
                key=key,
                command=command,
                input_digest=digest,
                result=result,
                recorded_at=at,
                digest=requests.request_digest(key, command, digest, result, at),
            )
            return dict(result)
        if earlier.input_digest != digest:
            raise KeyReused(
                f"The key {key!r} came before with other input.",
                facts={"key": key, "command": earlier.command},
                remedy="Use a new key for a new act; repeat the old one only with its own input.",
            )
        return dict(earlier.result)


@whole()
def save_view(
    *, place: str, name: str, query: str, owner: str, is_shared: bool, at: datetime
) -> SavedView:
    """Keep a named filter of a page; under a name of one's own that is there, the new one stays."""
    row, _ = SavedView.objects.update_or_create(
        place=place,
        owner=owner,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "recorded_at": at},
    )
    return row


@whole()
def drop_view(*, view_id: int, owner: str) -> SavedView:
    """Forget a view of one's own. Refuses: SavedViewUnknown."""
    row = SavedView.objects.filter(pk=view_id, owner=owner).first()
    if row is None:
        raise SavedViewUnknown(
            "This view is not yours, or it is gone.",
            facts={"view": view_id},
            remedy="Whoever saved it can drop it.",
        )
    row.delete()
    return row
