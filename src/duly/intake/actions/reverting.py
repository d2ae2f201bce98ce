"""Take an import back, while nothing that came later depends on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from duly.cash_application.actions import unlearn, void_lines, void_noticed
from duly.cash_application.queries import (
    opened_by,
    opened_for,
    overlapping,
    payments_of_lines,
)
from duly.collections.actions import follow_returns_taken_back
from duly.credit.actions import take_back_orders, take_back_stops
from duly.credit.actions.settled_orders import void_documents
from duly.credit.queries.orders import dependents_of_orders
from duly.intake.errors import AlreadyReverted, ImportInUse, ImportUnknown
from duly.intake.models import Import
from duly.ledger.actions import Recorder, recording
from duly.parties.actions import take_back_master_data
from duly.parties.models import Entity
from duly.parties.queries import (
    codes_and_names,
    dependents_of_master_data,
    entities,
    ids_by_batch,
)
from duly.receivables import queries as receivables
from duly.receivables.actions import (
    take_back_applications,
    take_back_returns,
    void_payments,
)
from duly.receivables.queries.batches import has_applied
from duly.storage.writing import whole

SNAPSHOT_PRESET = " snapshot"  # how the preset of an import ends that was a snapshot


@whole()
def revert_import(*, batch_id: int, actor: str, at: datetime) -> dict[str, Any]:
    """Take back everything an import wrote: reversals for what was posted, each on its own day.

    Refuses: ImportUnknown, AlreadyReverted, ImportInUse (with what depends on it), PeriodLocked.
    """
    record = _held(batch_id)
    entity_id = record.entity_id
    with recording(
        kind="revert", entity_id=entity_id, actor=actor, at=at, note=record.file
    ) as recorder:
        _refuse_in_use(record)
        returned = receivables.returns_of_batch(batch_id)
        opened = opened_for(batch_id)  # its batch entries, told anew by a notice
        documents, payments, applications = receivables.ids_by_batch(batch_id)
        returns = take_back_returns(recorder=recorder, entity_id=entity_id, batch_id=batch_id)
        follow_returns_taken_back(
            entity=_entity_of(record),
            returns=returned.values(),
            batch_id=batch_id,
            actor=actor,
            at=at,
        )
        if applications:
            take_back_applications(
                recorder=recorder, entity_id=entity_id, application_ids=applications, on=None
            )
        payments = [*payments, *payments_of_lines(opened)]
        _void(recorder, entity_id, documents, payments)
        orders = take_back_orders(batch_id=batch_id, on=at.date(), author=recorder.author)
        stops = take_back_stops(batch_id=batch_id, author=recorder.author)
        lines = void_lines(batch_id=batch_id)
        void_noticed(batch_id=batch_id, line_ids=[line.pk for line in opened])
        kept = receivables.customers_with_history(made := ids_by_batch(batch_id))
        take_back_master_data(author=recorder.author, batch_id=batch_id, keep=kept)
        record.reverted_by_batch_id = recorder.batch_id
        record.save(update_fields=["reverted_by_batch_id"])
    return {
        "reverted": batch_id,
        "batch": recorder.batch_id,
        "file": record.file,
        "documents": len(documents),
        "payments": len(payments),
        "applications": len(applications),
        "bank_lines": lines,
        "returns": returns,
        "orders": orders,
        "stops": stops,
        "customers": len(made) - len(kept),
        "customers_kept": len(kept),
    }


def _held(batch_id: int) -> Import:
    record = Import.objects.select_for_update().filter(batch_id=batch_id).first()
    if record is None:
        raise ImportUnknown(
            f"There is no import {batch_id}.",
            facts={"batch": batch_id},
            remedy="Look at `duly imports`.",
        )
    if record.reverted_by_batch_id is not None:
        raise AlreadyReverted(
            f"Import {batch_id} was taken back before.", facts={"batch": batch_id}
        )
    return record


def _void(
    recorder: Recorder, entity_id: int, documents: Sequence[int], payments: Sequence[int]
) -> None:
    """Void documents and payments, each on its own day; what they taught is forgotten."""
    if documents:
        void_documents(recorder=recorder, entity_id=entity_id, document_ids=documents, on=None)
    if payments:
        void_payments(recorder=recorder, entity_id=entity_id, payment_ids=payments, on=None)
        unlearn(payment_ids=payments, actor=recorder.actor, at=recorder.at)


def _entity_of(record: Import) -> Entity:
    return next(one for one in entities() if one.pk == record.entity_id)


def _refuse_in_use(record: Import) -> None:
    batch_id = record.batch_id
    found = [
        *_later_snapshots(record),
        *overlapping(batch_id),
        *_opened_entries(batch_id),
        *receivables.dependents_of_documents(batch_id),
        *receivables.dependents_of_payments(batch_id),
        *receivables.dependents_of_returns(batch_id),
        *dependents_of_master_data(batch_id),
        *dependents_of_orders(batch_id),
    ]
    # A customer stays while voided documents point at it, but documents that stand forbid it.
    used = receivables.customers_in_use(ids_by_batch(batch_id), besides_batch=batch_id)
    codes = codes_and_names(used)
    found += [(codes[pk][0], "has documents or payments") for pk in sorted(used)]
    if found:
        things = "1 thing depends" if len(found) == 1 else f"{len(found)} things depend"
        raise ImportInUse(
            f"{record.file} can't be taken back: {things} on it.",
            facts={"depends": [{"what": what, "why": why} for what, why in found[:100]]},
            remedy="Take back what came later first (snapshots, then applications, then payments, "
            "then items): `duly unapply PAYMENT` for what was applied by hand or by matching,"
            " `duly import --revert BATCH` for what another import brought.",
        )


def _opened_entries(batch_id: int) -> list[tuple[str, str]]:
    """Imports of statements whose batch entries a notice of this batch opened.

    Without the notice they would be one payment each again, which is void: with the statement both
    go.
    """
    return [
        (
            f"import {batch}",
            "its batch entries were opened by it: take that one back, it goes along",
        )
        for batch in opened_by(batch_id)
        if not Import.objects.filter(batch_id=batch, reverted_by_batch_id__isnull=False).exists()
    ]


def _later_snapshots(record: Import) -> list[tuple[str, str]]:
    """Snapshots that came after an import that settled something, newest first.

    They were held against what it had closed: without it that is open again, and they stay silent.
    """
    is_snapshot = record.preset.endswith(SNAPSHOT_PRESET)
    if not is_snapshot and not has_applied(record.batch_id):
        return []
    later = Import.objects.filter(
        entity_id=record.entity_id,
        batch_id__gt=record.batch_id,
        preset__endswith=SNAPSHOT_PRESET,
        reverted_by_batch_id=None,
    )
    rows = later.order_by("-batch_id").values_list("batch_id", "file")
    return [(f"import {batch} ({file})", "a later snapshot") for batch, file in rows]
