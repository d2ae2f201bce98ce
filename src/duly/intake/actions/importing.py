"""Import sheets: all files of one command are one write, all or none.

A preview is the import itself, rolled back by the caller: what a person saw is what is written, and
the digest of the preview is compared before anything is kept.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from duly.intake.actions.applications import ApplicationsTaker
from duly.intake.actions.bank import BankTaker
from duly.intake.actions.customers import CustomersTaker
from duly.intake.actions.items import ItemsTaker
from duly.intake.actions.master_data import ContactsTaker, RatesTaker
from duly.intake.actions.orders import OrdersTaker
from duly.intake.actions.payments import PaymentsTaker
from duly.intake.actions.snapshots import SnapshotTaker
from duly.intake.actions.stops import StopsTaker
from duly.intake.actions.taking import Taker, Taking
from duly.intake.errors import (
    PlanChanged,
    RowsRejected,
    SnapshotInFuture,
    SnapshotKind,
)
from duly.intake.models import Import
from duly.intake.policy import SNAPSHOT, SnapshotPolicy
from duly.intake.rules.columns import ALL_KINDS
from duly.intake.rules.outcome import MOST_REJECTED, Outcome
from duly.intake.rules.reading import Reading
from duly.intake.rules.sheet import Sheet
from duly.kernel.collector import without_collector
from duly.ledger.actions import recording
from duly.parties.models import Entity
from duly.storage.failpoints import failpoint
from duly.storage.writing import whole

_TAKERS: dict[str, type[Taker]] = {
    "rates": RatesTaker,
    "customers": CustomersTaker,
    "contacts": ContactsTaker,
    "items": ItemsTaker,
    "payments": PaymentsTaker,
    "bank": BankTaker,
    "applications": ApplicationsTaker,
    "orders": OrdersTaker,
    "stops": StopsTaker,
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: what is taken unasked, and whether anything is kept."""

    accept_partial: bool = False
    create_customers: bool = False
    snapshot_on: date | None = None
    accept_closing: bool = False
    today: date | None = None  # where the entity is; None: nothing is in the future
    expected_digest: str = ""  # of the preview that a person confirmed
    snapshot_policy: SnapshotPolicy = SNAPSHOT


def import_sheets(
    *,
    entity: Entity,
    sheets: Sequence[tuple[Sheet, str]],
    actor: str,
    at: datetime,
    options: Options = Options(),
) -> list[dict[str, Any]]:
    """Import sheets, each with the SHA-256 of its file; return a report for each.

    All sheets are checked, and every problem is found, before anything is refused. Files go in
    order of dependency; reports come in the order given.
    Refuses: RowsRejected when any row has a problem and partial import was not accepted;
    PlanChanged when the outcome is not the one previewed. Nothing is then written.
    """
    _refuse_kinds(sheets, options)
    _refuse_future(options)
    reports: list[dict[str, Any] | None] = [None] * len(sheets)
    order = sorted(range(len(sheets)), key=lambda i: (ALL_KINDS[sheets[i][0].kind].order, i))
    with whole(), without_collector():
        for index in order:
            sheet, sha256 = sheets[index]
            reports[index] = _import_one(entity, sheet, sha256, actor, at, options)
            failpoint("import.file_written")
        told = [report for report in reports if report is not None]
        _refuse_rejected(told, options)
        if options.expected_digest and plan_digest(told) != options.expected_digest:
            raise PlanChanged(
                "The books changed since this preview: another outcome would be written.",
                remedy="Look at the new preview, then confirm it.",
            )
        failpoint("import.before_commit")
    return told


def _refuse_kinds(sheets: Sequence[tuple[Sheet, str]], options: Options) -> None:
    kinds = [sheet.kind for sheet, _ in sheets]
    if options.snapshot_on is not None and kinds.count("items") != 1:
        raise SnapshotKind(
            "A snapshot is one file of open items: the whole list of what is open.",
            facts={"kinds": kinds},
            remedy="Give one items file with --snapshot.",
        )


def _refuse_future(options: Options) -> None:
    on, today = options.snapshot_on, options.today
    if on is not None and today is not None and on > today:
        raise SnapshotInFuture(
            f"A snapshot of {on} can't be there yet: today is {today}.",
            facts={"snapshot_on": on, "today": today},
            remedy="Give the day on which the list was exported.",
        )


def _import_one(
    entity: Entity, sheet: Sheet, sha256: str, actor: str, at: datetime, options: Options
) -> dict[str, Any]:
    """Take in one sheet as one batch and write down what came of it."""
    with recording(
        kind="import", entity_id=entity.pk, actor=actor, at=at, note=sheet.file
    ) as recorder:
        taking = Taking(
            recorder,
            entity,
            create_customers=options.create_customers,
            today=options.today,
            sha256=sha256,
            preset=sheet.preset,
        )
        taker: Taker
        if options.snapshot_on is not None and sheet.kind == "items":
            taker = SnapshotTaker(
                taking,
                options.snapshot_on,
                policy=options.snapshot_policy,
                accept_closing=options.accept_closing,
                accept_partial=options.accept_partial,
            )
        else:
            taker = _TAKERS[sheet.kind](taking)  # type: ignore[call-arg]
        for block in sheet.blocks:
            taking.outcome.notes += block.notes
            taker.take(Reading(block, sheet.place, taking.dates))
            failpoint("import.block_written")
            if taking.outcome.rejected > MOST_REJECTED and not options.accept_partial:
                taking.outcome.notes.append(
                    f"Reading ended after {taking.outcome.rows:,} rows: this is not the file that "
                    "was meant, or all of it needs mending."
                )
                break
        taker.finish()
        outcome = taking.outcome
        preset = f"{sheet.preset} snapshot" if options.snapshot_on else sheet.preset
        record = Import.objects.create(
            batch_id=recorder.batch_id,
            entity_id=entity.pk,
            file=sheet.file[:255],
            sha256=sha256,
            kind=sheet.kind,
            preset=preset[:64],
            rows=outcome.rows,
            new=outcome.new,
            changed=outcome.changed,
            same=outcome.same,
            rejected=outcome.rejected,
            problems=[asdict(problem) for problem in outcome.problems],
            notes=outcome.notes,
            control=outcome.control_told(),
            written=outcome.written,
            actor=actor,
            recorded_at=at,
        )
    return _report(record, outcome)


def _report(record: Import, outcome: Outcome) -> dict[str, Any]:
    """An import as the contract tells it."""
    report = {
        "id": record.batch_id,
        "file": record.file,
        "kind": record.kind,
        "preset": record.preset,
        "rows": record.rows,
        "new": record.new,
        "changed": record.changed,
        "same": record.same,
        "rejected": record.rejected,
        "problems": record.problems,
        "control": record.control,
        "notes": record.notes,
        "digest": outcome.digest,
    }
    if outcome.first:
        report["first"] = outcome.first
    if outcome.more_problems:
        report["more_problems"] = outcome.more_problems
    if outcome.is_unfit:
        report["is_unfit"] = True
    if outcome.closing:
        report["closing"] = outcome.closing
    return report


def _refuse_rejected(reports: list[dict[str, Any]], options: Options) -> None:
    rejected = sum(report["rejected"] for report in reports)
    found = [
        {"file": report["file"], **problem} for report in reports for problem in report["problems"]
    ]
    unfit = [report["file"] for report in reports if report.get("is_unfit")]
    if not found or (options.accept_partial and rejected and not unfit):
        return
    told = "1 row can't be taken as it is"
    if rejected != 1:
        told = f"{rejected:,} rows can't be taken as they are"
    if unfit:
        told = f"{', '.join(unfit[:5])} can't be taken, nor any part: {found[0]['message']}"
    raise RowsRejected(
        f"{told.removesuffix('.')}. Nothing was written.",
        facts={
            "problems": found,
            "batches": [{**report, "id": None} for report in reports],
        },
        remedy="Ask the bank for the file again, or leave it out."
        if unfit
        else "Mend the places named and import again, or take the good rows alone with "
        "--accept-partial.",
    )


def plan_digest(reports: Sequence[dict[str, Any]]) -> str:
    """A digest of what an import would write, equal for a preview and its commit.

    A report's own digest is over every row that it writes or changes.
    """
    shown = ("id", "first")
    kept = [{key: value for key, value in r.items() if key not in shown} for r in reports]
    told = json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
