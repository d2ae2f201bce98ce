"""Who did what, when: changes of records and news, each beside its cause."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from duly.access.models import Change, Event
from duly.access.rules import requests
from duly.storage import bulk


class Author(NamedTuple):
    """Who writes, when, and in which batch of the ledger (None outside one)."""

    actor: str
    at: datetime
    batch_id: int | None = None


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


def announce(*, event: object, at: datetime) -> None:
    """Write down an event (a frozen dataclass) beside its cause."""
    facts = dataclasses.asdict(event)  # type: ignore[call-overload]
    Event.objects.create(name=type(event).__name__, facts=facts, recorded_at=at)
