"""Reads of access."""

from typing import Any

from duly.access.models import Approval, Change, Request, User
from duly.kernel.proofs import MOST_VIOLATIONS, Proof


def users() -> list[User]:
    """Everyone who may sign in, by name."""
    return list(User.objects.order_by("name", "id"))


def changes_of(noun: str, record_id: int, limit: int = 200) -> list[Change]:
    """Changes to one record, newest first."""
    return list(Change.objects.filter(noun=noun, record_id=record_id).order_by("-id")[:limit])


def changes_by_batch(noun: str, batch_id: int) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(record id, before, after) of what one import changed, in the order of writing."""
    return list(
        Change.objects.filter(noun=noun, batch_id=batch_id)
        .order_by("id")
        .values_list("record_id", "before", "after")
    )


def first_result(key: str) -> dict[str, Any] | None:
    """What the write under a key came to, or None when there was none."""
    return Request.objects.filter(key=key).values_list("result", flat=True).first()


def approvals_of(act: str, limit: int = 50) -> list[Approval]:
    """What was asked for of one sort, newest first: waiting, approved and declined."""
    return list(Approval.objects.filter(act=act).order_by("-id")[:limit])


def prove_keys() -> Proof:
    """I9: a key stands for one command, one input and one result."""
    broken = Request.objects.exclude(input_digest__regex=r"^[0-9a-f]{64}$")
    return Proof(
        "I9",
        "A key stands for one input and one result",
        Request.objects.count(),
        [{"key": row.key, "command": row.command} for row in broken[:MOST_VIOLATIONS]],
    )
