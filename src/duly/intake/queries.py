"""Reads of intake."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from duly.intake.models import Import, Mapping, Upload
from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.receivables.queries import written_by_batch


def imports(
    *, entity_id: int | None = None, limit: int = 100, before: int | None = None
) -> list[Import]:
    """The newest imports, first; `before` the batch that a page ended with, for the next page."""
    rows = Import.objects.order_by("-batch_id")
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    if before is not None:
        rows = rows.filter(batch_id__lt=before)
    return list(rows[:limit])


def import_by_batch(batch_id: int) -> Import | None:
    """The import that wrote a batch, or None."""
    return Import.objects.filter(batch_id=batch_id).first()


def imports_by_batch(batch_ids: Collection[int]) -> list[Import]:
    """The imports that wrote some batches, in the order of writing."""
    return list(Import.objects.filter(batch_id__in=list(batch_ids)).order_by("batch_id"))


def mapping_for(layout: str) -> dict[str, Any] | None:
    """The mapping remembered for a layout, or None."""
    found = mapped(layout)
    return dict(found.mapping) if found else None


def mapped(layout: str) -> Mapping | None:
    """The mapping remembered for a layout with who told it and when, or None."""
    return Mapping.objects.filter(layout=layout).first()


def upload(*, token: str, user_id: int, entity_id: int) -> Upload | None:
    """A person's own upload for an entity, also one that was written; or None."""
    return Upload.objects.filter(token=token, user_id=user_id, entity_id=entity_id).first()


def waiting_uploads(*, user_id: int, entity_id: int) -> list[Upload]:
    """A person's own uploads that wait, newest first."""
    rows = Upload.objects.filter(user_id=user_id, entity_id=entity_id, committed_at=None)
    return list(rows.order_by("-id")[:20])


def stale_uploads(before: datetime) -> list[Upload]:
    """Uploads of anyone that nobody confirmed since a moment."""
    return list(Upload.objects.filter(committed_at=None, created_at__lt=before))


def freshness(entity_id: int) -> dict[str, datetime | None]:
    """When items and payments last came in: {"items", "payments": moment or None}.

    A snapshot counts for both: it tells what was paid as well.
    """
    standing = Import.objects.filter(entity_id=entity_id, reverted_by_batch_id=None)
    newest: dict[str, datetime | None] = {}
    for name, kinds in (("items", ["items"]), ("payments", ["payments", "applications"])):
        rows = standing.filter(kind__in=kinds)
        if name == "payments":
            rows = rows | standing.filter(kind="items", preset__endswith="snapshot")
        newest[name] = rows.order_by("-id").values_list("recorded_at", flat=True).first()
    return newest


def latest_snapshot_day(entity_id: int) -> date | None:
    """The day on which the newest list of all open items came in: then it was known who paid."""
    rows = Import.objects.filter(
        entity_id=entity_id, preset__endswith="snapshot", reverted_by_batch_id__isnull=True
    )
    moment = rows.order_by("-id").values_list("recorded_at", flat=True).first()
    return moment.date() if moment else None


def prove_imports() -> Proof:
    """I18: each imported file is wholly in or wholly out, and its totals tie.

    The rows of a file are new, changed, the same or rejected; what its batch wrote adds up to
    what the import says it wrote, by currency.
    """
    violations: list[dict[str, object]] = []
    written = written_by_batch()
    records = Import.objects.order_by("id")
    for record in records.iterator():
        counted = record.new + record.changed + record.same + record.rejected
        if record.rows != counted:
            violations.append(
                {"file": record.file, "batch": record.batch_id, "problem": "rows do not add up"}
            )
        if record.kind in ("items", "payments", "applications"):
            there = written.get(record.batch_id, {})
            told = {c: tuple(sums) for c, sums in record.written.items() if sums[0]}
            if told != there.get(record.kind, {}):
                violations.append(
                    {
                        "file": record.file,
                        "batch": record.batch_id,
                        "problem": "what it wrote is not what is there",
                        "told": record.written,
                        "there": {c: list(v) for c, v in there.get(record.kind, {}).items()},
                    }
                )
    return Proof(
        "I18",
        "Each file is wholly in or wholly out, and its totals tie",
        records.count(),
        violations[:MOST_VIOLATIONS],
    )
