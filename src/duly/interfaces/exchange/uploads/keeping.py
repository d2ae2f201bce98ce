"""The files of an upload: where they lie, what they are called, when they go."""

import hashlib
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from duly.intake.actions import abandon_upload, keep_upload, note_plan
from duly.intake.models import Upload
from duly.intake.queries import stale_uploads
from duly.interfaces.exchange.counting import Told
from duly.interfaces.exchange.readers import Mapping
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.interfaces.exchange.readers.limits import MIB
from duly.interfaces.exchange.readers.refusals import FileTooBig
from duly.kernel.errors import Outage

MOST_BYTES = 64 * MIB  # of one upload; more comes in by the command line
MOST_FILES = 200
KEPT = timedelta(days=2)  # how long an upload waits for a person
LONGEST_NAME = 200


class Incoming(Protocol):
    """A file as the web server hands it over."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Its bytes, some at a time."""


def folder(upload: Upload) -> Path:
    """Where the files of an upload lie."""
    return Path(settings.UPLOADS) / upload.token


def receive(*, entity_id: int, user_id: int, files: Iterable[Incoming], at: datetime) -> Upload:
    """Keep files that were dropped. Old uploads that nobody confirmed are swept away."""
    sweep(at)
    upload = keep_upload(entity_id=entity_id, user_id=user_id, files=[], at=at)
    add_files(upload, files)
    return upload


def add_files(upload: Upload, files: Iterable[Incoming]) -> None:
    """Add files to an upload; one of a name that is there takes its place, with its mapping.

    Refuses: FileTooBig when that makes too much in all.
    """
    files = list(files)
    _refuse_too_much(upload, files)
    folder(upload).mkdir(parents=True, exist_ok=True, mode=0o700)
    there = {one["name"]: one for one in upload.files}
    free = 1 + max((int(one["path"]) for one in upload.files), default=-1)
    dropped: set[str] = set()
    for number, file in enumerate(files, free):
        name = _free_name((file.name or "file")[-LONGEST_NAME:], dropped)
        dropped.add(name)
        before = there.get(name)
        there[name] = {
            **_store(folder(upload) / str(number), file),
            "name": name,
            "mapping": before["mapping"] if before else None,
        }
        if before:
            (folder(upload) / before["path"]).unlink(missing_ok=True)
    note(upload, files=list(there.values()))


def _refuse_too_much(upload: Upload, files: list[Incoming]) -> None:
    replaced = {(file.name or "file")[-LONGEST_NAME:] for file in files}
    sizes = [one["bytes"] for one in upload.files if one["name"] not in replaced]
    sizes += [file.size or 0 for file in files]
    if sum(sizes) > MOST_BYTES or len(sizes) > MOST_FILES:
        raise refuse_too_big(files[-1].name or "file")


def _free_name(name: str, taken: set[str]) -> str:
    """A name, told apart from others of one drop: they may come from several folders."""
    stem, dot, suffix = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}" if dot else f"{name} ({number})"
    return free


def _store(path: Path, file: Incoming) -> dict[str, Any]:
    """Keep a file under a number. Refuses: Outage when the disk takes no more."""
    try:
        return _copy(path, file)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Outage(
            f"{file.name} could not be kept: {error.strerror or error}.",
            remedy="See that the disk of DULY_HOME has room, then drop the file again.",
        ) from error


def _copy(path: Path, file: Incoming) -> dict[str, Any]:
    digest, size, lines = hashlib.sha256(), 0, 0
    with path.open("xb") as kept:
        path.chmod(0o600)
        for chunk in file.chunks():
            kept.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
    return {"path": path.name, "sha256": digest.hexdigest(), "bytes": size, "lines": lines}


def leave_out(upload: Upload, name: str) -> None:
    """Take one file out of an upload."""
    for file in upload.files:
        if file["name"] == name:
            (folder(upload) / file["path"]).unlink(missing_ok=True)
    note(upload, files=[file for file in upload.files if file["name"] != name])


def map_file(upload: Upload, name: str, mapping: Mapping | None) -> None:
    """Read a file of an upload as a mapping says; None as it is recognised."""
    told = mapping.to_dict() if mapping else None
    note(
        upload,
        files=[
            {**file, "mapping": told} if file["name"] == name else file for file in upload.files
        ],
    )


def choose(
    upload: Upload, *, create_customers: bool, snapshot_on: date | None, said: Said = NOTHING_SAID
) -> None:
    """Keep how an upload is to be imported; `said` of bank files that tell too little."""
    told = {
        "create_customers": create_customers,
        "snapshot_on": snapshot_on.isoformat() if snapshot_on else None,
        **asdict(said),
    }
    note(upload, options=told)


def said_of(upload: Upload) -> Said:
    """What was said of the bank files of an upload."""
    return Said(**{name: upload.options.get(name, "") for name in asdict(NOTHING_SAID)})


def note(
    upload: Upload,
    *,
    files: list[dict[str, Any]] | None = None,
    options: dict[str, Any] | None = None,
    digest: str = "",
) -> None:
    """Keep what an upload is now; unless it comes with a digest, its preview is stale."""
    if not digest:
        plan_file(upload).unlink(missing_ok=True)
    note_plan(
        upload=upload,
        digest=digest,
        options=upload.options if options is None else options,
        files=upload.files if files is None else files,
    )


def plan_file(upload: Upload) -> Path:
    """Where the preview of an upload is kept."""
    return folder(upload) / "plan.json"


def throw_away(upload: Upload) -> None:
    """Forget an upload and remove its files."""
    shutil.rmtree(folder(upload), ignore_errors=True)
    abandon_upload(upload=upload)


def sweep(at: datetime) -> None:
    """Throw away what nobody confirmed in time, and folders that nothing stands for any more."""
    for upload in stale_uploads(at - KEPT):
        throw_away(upload)
    with suppress(FileNotFoundError):
        for path in Path(settings.UPLOADS).iterdir():
            if path.is_dir() and path.stat().st_mtime < (at - KEPT - KEPT).timestamp():
                shutil.rmtree(path, ignore_errors=True)


def progress_of(upload: Upload) -> Told:
    """Where a run tells how many rows it took so far."""
    path = folder(upload) / "progress"

    def told(rows: int) -> None:
        with suppress(FileNotFoundError):
            path.write_text(str(rows), encoding="ascii")

    told(0)
    return told


def progress(upload: Upload) -> tuple[int, int]:
    """(rows taken so far, about how many there are; 0 where that is not known)."""
    try:
        rows = int((folder(upload) / "progress").read_text(encoding="ascii") or 0)
    except (FileNotFoundError, ValueError):
        rows = 0
    return rows, sum(max(file["lines"] - 1, 0) for file in upload.files)


def refuse_too_big(name: str) -> FileTooBig:
    """The refusal of an upload that is too big for a browser."""
    return FileTooBig(
        f"{name} takes this upload beyond {MOST_BYTES // MIB} MiB and {MOST_FILES} files, the most "
        "that comes in through a browser.",
        facts={"file": name, "limit": MOST_BYTES},
        remedy="Split it, or import it where Duly runs: duly import FILE takes up to 1 GiB.",
    )
