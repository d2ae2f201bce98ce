"""Reads of access."""

from typing import Any

from duly.access.models import Change, Request, User


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


def request_count() -> int:
    """How many keyed writes are kept."""
    return Request.objects.count()
