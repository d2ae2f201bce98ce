"""Back-up documents of disputes: proofs of delivery, orders, photos, mails.

What a file is, its content says and not its name. It is kept as it came, under its digest, and
given back as a download only: nothing in it is shown or run by a page.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from duly.access.actions import Author
from duly.disputes.actions import FileDraft, attach_files
from duly.disputes.models import Dispute, DisputeFile
from duly.interfaces.exchange.evidence import keep_bytes
from duly.kernel.errors import Malformed
from duly.kernel.quoting import safe_text

MOST_BYTES = 20 * 1024 * 1024
MARKS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "tiff": (b"II*\x00", b"MM\x00*"),
}
IN_ARCHIVE = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
MOST_PARTS = 5_000
KINDS = (*MARKS, *IN_ARCHIVE, "text")


class FileUnfit(Malformed):
    """A back-up document is empty, too large, or nothing that proves anything."""

    code = "DISPUTE_FILE_UNFIT"


class Offered(NamedTuple):
    """A file that is to prove something: what it is called, and where it lies."""

    name: str
    path: Path


def attach(row: Dispute, offered: Iterable[Offered], author: Author) -> list[DisputeFile]:
    """Keep files and attach them to a dispute; one that is unfit leaves all of them out.

    Refuses: FileUnfit, DisputeUnknown, Outage.
    """
    drafts = [(looked_at(one), one.path) for one in offered]
    for draft, path in drafts:
        keep_bytes(path, draft.sha256)
    return attach_files(
        entity_id=row.entity_id,
        dispute_id=row.pk,
        drafts=[draft for draft, _ in drafts],
        author=author,
    )


def files_document(rows: Sequence[DisputeFile]) -> dict[str, Any]:
    """Files as scripts read them."""
    return {
        "files": [
            {
                "id": row.pk,
                "file": row.file,
                "kind": row.kind,
                "bytes": row.bytes,
                "sha256": row.sha256,
                "by": row.actor,
                "at": row.recorded_at.isoformat(),
            }
            for row in rows
        ]
    }


def looked_at(one: Offered) -> FileDraft:
    """A file by its content: its kind, size and digest. Refuses: FileUnfit."""
    name = safe_text(one.name, 200)
    try:
        size = one.path.stat().st_size
        if not 0 < size <= MOST_BYTES:
            raise _unfit(name, f"has {size:,} bytes; one has 1 to {MOST_BYTES:,}")
        kind = kind_of(one.path)
        with one.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unfit(name, f"can't be read: {error.strerror or error}") from None
    if not kind:
        raise _unfit(name, "is none of " + ", ".join(KINDS))
    return FileDraft(name, kind, digest, size)


def _unfit(name: str, why: str) -> FileUnfit:
    return FileUnfit(
        f"{name} {why}.",
        facts={"file": name},
        remedy="Give a PDF, a picture, a workbook, a letter or a plain text.",
    )


def kind_of(path: Path) -> str:
    """What a file is by its content; "" for what is none of these."""
    with path.open("rb") as file:
        head = file.read(1024)
    for kind, marks in MARKS.items():
        if head.startswith(marks):
            return kind
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    return "text" if _is_text(path) else ""


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:MOST_PARTS])
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return ""
    return next((kind for kind, part in IN_ARCHIVE.items() if part in names), "")


def _is_text(path: Path) -> bool:
    """Tell whether all of it is text: a mail, a note, delimited rows."""
    try:
        return "\0" not in path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
