"""What an upload would do, and doing it: a preview is the import itself, rolled back."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from duly.access.actions import once
from duly.access.rules.requests import OWN
from duly.intake.actions import (
    Options,
    import_sheets,
    plan_digest,
    remember_mapping,
    settle_upload,
)
from duly.intake.errors import PlanChanged, TooMuchCloses
from duly.intake.models import Upload
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.counting import Told, counted
from duly.interfaces.exchange.evidence import keep_evidence
from duly.interfaces.exchange.importing import Wanted, read
from duly.interfaces.exchange.readers import Mapping, open_tables
from duly.interfaces.exchange.readers.formats import BANK, EINVOICE, recognise
from duly.interfaces.exchange.readers.mapping import layout_of
from duly.interfaces.exchange.readers.presets import presets_for
from duly.interfaces.exchange.unreadable import Unread, read_on, watched
from duly.interfaces.exchange.uploads.keeping import folder, note, plan_file, progress_of, said_of
from duly.kernel.errors import Refusal
from duly.parties.models import Entity
from duly.parties.queries import entities
from duly.storage.writing import whole


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was recognised: the kind and preset of its sheets, or why it can't be read."""

    name: str
    sheets: list[dict[str, str]] = field(default_factory=list)  # kind, preset, layout
    is_table: bool = True  # its columns can be mapped by hand
    export: dict[str, str] | None = None  # family and layout of an accounting system's export
    refusal: dict[str, Any] | None = None

    def holds(self, file: str) -> bool:
        """Tell whether what a sheet calls its file is this one, or one inside this ZIP."""
        return file == self.name or file.startswith(f"{self.name}/")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upload would do: each file, each report; refused as a whole, or over the guard."""

    files: list[Seen]
    reports: list[dict[str, Any]] = field(default_factory=list)
    refusal: dict[str, Any] | None = None
    guard: dict[str, Any] | None = None  # a snapshot that closes more than is taken unasked
    digest: str = ""

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan that was kept beside the files."""
        told = json.loads(text)
        return cls(**{**told, "files": [Seen(**seen) for seen in told["files"]]})

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(report["rows"] for report in self.reports)

    @property
    def rejected(self) -> int:
        """Rows that can't be taken."""
        return sum(report["rejected"] for report in self.reports)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Every problem, each with its file and kind."""
        return [
            {"file": report["file"], "kind": report["kind"], **problem}
            for report in self.reports
            for problem in report["problems"]
        ]

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be written: wholly, or without the rows that are rejected."""
        return bool(self.digest)


def plan_of(upload: Upload) -> Plan | None:
    """The preview of an upload as it is now; None while there is none."""
    try:
        return Plan.from_json(plan_file(upload).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError, KeyError):  # kept by another version: it is made again
        return None


def check(upload: Upload, *, actor: str, at: datetime) -> Plan:
    """Look at each file, then run the import and roll it back; keep what it would do."""
    told = progress_of(upload)
    looked = [_look(upload, file) for file in upload.files]
    seen = [one for one, _ in looked]
    sheets = [pair for _, sheets in looked for pair in sheets]
    if not seen or any(one.refusal for one in seen):
        plan = Plan(_with_unread(seen, read_on(sheets, [])))
    else:
        plan = _previewed(upload, seen, sheets, actor, at, told)
    note(upload, digest=plan.digest)
    with suppress(FileNotFoundError):  # thrown away meanwhile
        plan_file(upload).write_text(json.dumps(asdict(plan), default=str), encoding="utf-8")
    return plan


def _look(upload: Upload, file: dict[str, Any]) -> tuple[Seen, list[tuple[Sheet, str]]]:
    """A file as it is recognised, and its sheets with the file's digest."""
    path, name, is_table, export = folder(upload) / file["path"], file["name"], False, None
    try:
        mapping = Mapping.from_dict(file["mapping"]) if file["mapping"] else None
        encoding = mapping.writing.encoding if mapping else None
        is_table = recognise(path, name, encoding=encoding) not in (EINVOICE, BANK)
        export = _export_of(path, name, mapping) if is_table else None
        sheets = read(path, wanted=Wanted(said=said_of(upload)), name=name, mapping=mapping)
    except Refusal as refusal:
        return Seen(name, [], is_table, export, refusal.as_dict()), []
    told = [{"kind": s.kind, "preset": s.preset, "layout": s.layout} for s in sheets]
    return Seen(name, told, is_table, export), [(sheet, file["sha256"]) for sheet in sheets]


def _export_of(path: Path, name: str, mapping: Mapping | None) -> dict[str, str] | None:
    """The family of presets that reads a table, and the layout of its header; None for others."""
    if mapping is not None and not mapping.preset:
        return None
    with suppress(Refusal):  # what can't be opened so may be read by a mapping that is remembered
        for table in open_tables(path, name, mapping):
            for preset in presets_for(table.header):
                return {"family": preset.family or preset.name, "layout": layout_of(table.header)}
    return None


def _previewed(
    upload: Upload,
    seen: list[Seen],
    sheets: list[tuple[Sheet, str]],
    actor: str,
    at: datetime,
    told: Told,
) -> Plan:
    """The plan of files that can be read: one run tells what goes in with and without bad rows."""
    unread: Unread = []
    try:
        reports, guard = _guarded(upload, watched(sheets, unread), actor, at, told)
    except Refusal as refusal:
        if unread:
            return Plan(_with_unread(seen, read_on(sheets, unread)))
        reports = refusal.facts.get("batches", [])
        return Plan(seen, reports, _without_lists(refusal.as_dict()))
    return Plan(seen, reports, None, guard, plan_digest(reports))


def _with_unread(seen: Sequence[Seen], unread: Unread) -> list[Seen]:
    """Files as they were recognised, with what was found where their rows were read."""
    found = []
    for one in seen:
        told = next((refusal for file, refusal in unread if one.holds(file)), None)
        found.append(replace(one, sheets=[], refusal=told.as_dict()) if told else one)
    return found


def _guarded(
    upload: Upload, sheets: Sequence[tuple[Sheet, str]], actor: str, at: datetime, told: Told
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The reports of a run; where a snapshot closes too much, the refusal, and what it closes."""
    try:
        return _run(upload, sheets, actor, at, told), None
    except TooMuchCloses as refusal:
        again = [pair for file in upload.files for pair in _look(upload, file)[1]]
        return _run(upload, again, actor, at, told, accept_closing=True), refusal.as_dict()


def _without_lists(refusal: dict[str, Any]) -> dict[str, Any]:
    """A refusal without what the reports tell as well."""
    facts = {k: v for k, v in refusal["facts"].items() if k not in ("batches", "problems")}
    return {**refusal, "facts": facts}


def _run(
    upload: Upload,
    sheets: Sequence[tuple[Sheet, str]],
    actor: str,
    at: datetime,
    told: Told,
    *,
    accept_closing: bool = False,
) -> list[dict[str, Any]]:
    """Run the import and roll it back."""
    with whole():
        reports = import_sheets(
            entity=_entity(upload),
            sheets=counted(sheets, told),
            actor=actor,
            at=at,
            options=_options(upload, at, accept_partial=True, accept_closing=accept_closing),
        )
        transaction.set_rollback(True)
    return reports


def commit(
    upload: Upload, *, accept_partial: bool, accept_closing: bool, actor: str, at: datetime
) -> list[int]:
    """Write what the preview showed, once however often it is asked; return the batches.

    Refuses: PlanChanged when anything else would be written; what intake refuses. Nothing is
    then written.
    """

    def act() -> dict[str, Any]:
        settle_upload(upload=upload, at=at)
        looked = [(file, *_look(upload, file)) for file in upload.files]
        sheets = [pair for _, _, sheets in looked for pair in sheets]
        if not upload.plan_digest or not sheets:
            raise PlanChanged(
                "This upload was not previewed as it is now.",
                remedy="Look at the preview, then confirm it.",
            )
        batches = import_sheets(
            entity=_entity(upload),
            sheets=counted(sheets, progress_of(upload)),
            actor=actor,
            at=at,
            options=_options(
                upload,
                at,
                accept_partial=accept_partial,
                accept_closing=accept_closing,
                expected_digest=upload.plan_digest,
            ),
        )
        files = [(folder(upload) / file["path"], file["sha256"]) for file in upload.files]
        keep_evidence(files, sheets)
        for file, seen, _ in looked:
            if file["mapping"]:
                mapping = Mapping.from_dict(file["mapping"])
                remember_mapping(
                    layout=seen.sheets[0]["layout"],
                    name=mapping.name,
                    mapping=mapping.to_dict(),
                    actor=actor,
                    at=at,
                )
        return {"batches": [batch["id"] for batch in batches]}

    told = once(key=key_of(upload), command="upload", given=upload.token, at=at, act=act)
    shutil.rmtree(folder(upload), ignore_errors=True)
    return list(told["batches"])


def key_of(upload: Upload) -> str:
    """The key under which an upload is written once."""
    return f"{OWN}upload:{upload.token}"


def _entity(upload: Upload) -> Entity:
    return next(one for one in entities() if one.pk == upload.entity_id)


def _options(upload: Upload, at: datetime, **more: Any) -> Options:
    snapshot_on = upload.options.get("snapshot_on")
    return Options(
        create_customers=bool(upload.options.get("create_customers")),
        snapshot_on=date.fromisoformat(snapshot_on) if snapshot_on else None,
        today=at.astimezone(ZoneInfo(_entity(upload).timezone)).date(),
        **more,
    )
