"""Reads of intake."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from duly.cash_application.queries import batches_with_lines, lines_by_batch
from duly.credit.queries.holds import batches_with_stops, stops_by_batch
from duly.credit.queries.orders import batches_with_orders, orders_by_batch
from duly.intake.models import Import, InvoiceCopy, Mapping, Upload
from duly.intake.rules.copies import UNSURE
from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.ledger.queries import batches_of_kind
from duly.parties.queries import customers_of_batches, made_by_batch
from duly.receivables.queries import batches_that_stand, customers_with_history, written_by_batch
from duly.storage.among import among


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
    for name, kinds in (("items", ["items"]), ("payments", ["payments", "applications", "bank"])):
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

    Every batch of a file has the one record of its import. The rows of a file are new, changed,
    the same or rejected; what its batch wrote adds up to what the import says it wrote, by
    currency; of a file that was taken back nothing stands.
    """
    proof = Proof("I18", "Each file is wholly in or wholly out, and its totals tie", 0)
    written, made = written_by_batch(), made_by_batch()
    of_credit = {"orders": orders_by_batch(), "stops": stops_by_batch()}
    for batch_id, sums in lines_by_batch().items():
        written.setdefault(batch_id, {})["bank"] = sums
    gone = Import.objects.exclude(reverted_by_batch_id=None)
    left = _left_of(list(gone.values_list("batch_id", flat=True)))
    files = batches_of_kind("import")
    for record in Import.objects.order_by("id").iterator():
        proof.checked += 1
        told: list[dict[str, object]] = []
        if files.pop(record.batch_id, None) is None:
            told.append({"problem": "no batch of a file"})
        if record.rows != record.new + record.changed + record.same + record.rejected:
            told.append({"problem": "rows do not add up"})
        if record.kind in ("items", "payments", "applications", "bank"):
            said = {c: tuple(sums) for c, sums in record.written.items() if sums[0]}
            there = written.get(record.batch_id, {}).get(record.kind, {})
            count = sum(records for records, _ in there.values())
            if said != there:
                told.append(_differs(record.written, {c: list(v) for c, v in there.items()}))
            elif not _are_as_many(record, count):
                told.append(_differs(record.new, count))
        elif record.reverted_by_batch_id is None:
            count = made.get(record.batch_id, {}).get(record.kind, 0)
            if record.kind in of_credit:
                count = of_credit[record.kind].get(record.batch_id, 0)
            if count != record.new:
                told.append(_differs(record.new, count))
        if record.batch_id in left:
            told.append({"problem": "taken back, and not all of it is gone"})
        proof.violations += [
            {"file": record.file, "batch": record.batch_id, **problem} for problem in told
        ]
    proof.violations += [
        {"file": note, "batch": batch_id, "problem": "the record of its import is missing"}
        for batch_id, note in files.items()
    ]
    del proof.violations[MOST_VIOLATIONS:]
    return proof


def _are_as_many(record: Import, count: int) -> bool:
    """Each new row is one record; one that applies money is one or, over instalments, several."""
    if record.kind == "applications":
        return record.new <= count and bool(record.new) == bool(count)
    return record.new == count


def _differs(told: object, there: object) -> dict[str, object]:
    return {"problem": "what it wrote is not what is there", "told": told, "there": there}


def _left_of(batch_ids: list[int]) -> set[int]:
    """Those of some batches, which were taken back, of which something stands.

    A customer stays while voided documents or payments point at it.
    """
    customers = customers_of_batches(batch_ids)
    kept = customers_with_history(customers)
    of_master_data = {batch for pk, batch in customers.items() if pk not in kept}
    made = made_by_batch(batch_ids)
    of_master_data |= {batch for batch, of in made.items() if of.get("contacts") or of.get("rates")}
    of_master_data |= batches_with_orders(batch_ids) | batches_with_stops(batch_ids)
    return of_master_data | batches_that_stand(batch_ids) | batches_with_lines(batch_ids)


def copies_page(*, entity_id: int, which: str, before: int | None, limit: int) -> list[InvoiceCopy]:
    """Copies of invoices, the newest first: `untied`, `unsure` (to be confirmed), or `tied`."""
    rows = _copies(entity_id, which)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def copies_count(entity_id: int, which: str) -> int:
    """How many copies are `untied`, `unsure` or `tied`."""
    return _copies(entity_id, which).count()


def _copies(entity_id: int, which: str) -> QuerySet[InvoiceCopy]:
    rows = InvoiceCopy.objects.filter(entity_id=entity_id, document_id__isnull=which == "untied")
    if which == "unsure":
        return rows.filter(told_by__in=UNSURE)
    return rows.exclude(told_by__in=UNSURE)


def copies_of(document_ids: Collection[int]) -> dict[int, list[InvoiceCopy]]:
    """{document: its copies, the newest first}."""
    found: dict[int, list[InvoiceCopy]] = {}
    for row in InvoiceCopy.objects.filter(document_id__in=among(document_ids)).order_by("-pk"):
        found.setdefault(row.document_id or 0, []).append(row)
    return found


def copies_to_give(document_ids: Collection[int]) -> dict[int, InvoiceCopy]:
    """{document: its newest copy that is sure}: what may be given to its customer."""
    found = copies_of(document_ids)
    sure = {pk: [one for one in rows if not one.is_unsure] for pk, rows in found.items()}
    return {pk: rows[0] for pk, rows in sure.items() if rows}


def copy_by_id(copy_id: int) -> InvoiceCopy | None:
    """A copy of an invoice, of whichever entity."""
    return InvoiceCopy.objects.filter(pk=copy_id).first()
