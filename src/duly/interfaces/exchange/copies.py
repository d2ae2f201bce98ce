"""Copies of invoices: PDFs tied to documents by the numbers in their names and texts.

Files lie in DULY_HOME/copies under the digest of what they hold, so each is kept once, whatever it
is called.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from duly.intake.actions import CopyDraft, keep_copies
from duly.intake.models import InvoiceCopy
from duly.intake.rules.copies import numbers_of_name, numbers_of_text, tie
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import Problem
from duly.kernel.quoting import safe_text
from duly.parties.models import Entity
from duly.parties.queries import customer as customer_of
from duly.parties.queries import names_of
from duly.parties.rules.search import words_of
from duly.receivables.errors import DocumentUnknown, NumberUnclear
from duly.receivables.queries import documents_by_number
from duly.receivables.queries.standing import documents_of

MOST_BYTES = 20 * 1024 * 1024
READ_PAGES = 3  # a number stands on the first pages
AT_ONCE = 50  # files whose numbers are looked up by one query


class Offered(NamedTuple):
    """A file that may be a copy: what it is called, and where it lies."""

    name: str
    path: Path


class _Read(NamedTuple):
    name: str
    path: Path
    sha256: str
    bytes: int
    of_name: list[str]
    of_text: list[str]
    words: list[str]


class Taken(NamedTuple):
    """What became of files: copies that are kept, and files that are none."""

    copies: list[InvoiceCopy]
    problems: list[Problem]


def take_copies(*, entity: Entity, offered: Iterable[Offered], actor: str, at: datetime) -> Taken:
    """Keep the PDFs among some files and tie them; one that is none stops no other."""
    taken = Taken([], [])
    read: list[_Read] = []
    for one in offered:
        problem = _refused(one)
        if problem is not None:
            taken.problems.append(problem)
            continue
        read.append(_read(one))
        if len(read) == AT_ONCE:
            taken.copies.extend(_keep(entity, read, actor, at))
            read = []
    taken.copies.extend(_keep(entity, read, actor, at))
    return taken


def pdfs_in(folder: Path) -> Iterable[Offered]:
    """The PDFs in a folder and below, in order of their names."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".pdf" and path.is_file():
            yield Offered(path.name, path)


def file_of(copy: InvoiceCopy) -> Path:
    """Where a copy lies."""
    return _place(copy.sha256)


def _refused(one: Offered) -> Problem | None:
    size = one.path.stat().st_size
    if size > MOST_BYTES:
        return Problem(
            safe_text(one.name, 200),
            "COPY_TOO_LARGE",
            f"It has {size:,} bytes; a copy has up to {MOST_BYTES:,}.",
            "Save it smaller.",
        )
    with one.path.open("rb") as file:
        if file.read(1024).lstrip().startswith(b"%PDF-"):
            return None
    return Problem(
        safe_text(one.name, 200),
        "COPY_NO_PDF",
        "What is in it is no PDF.",
        "Give the invoice as PDF.",
    )


def _read(one: Offered) -> _Read:
    with one.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    text = _text_of(one.path)
    return _Read(
        one.name,
        one.path,
        sha256,
        one.path.stat().st_size,
        numbers_of_name(one.name),
        numbers_of_text(text),
        words_of(text),
    )


def _text_of(path: Path) -> str:
    """The text of the first pages; none of a PDF that is broken, locked or a picture."""
    # pypdf takes a quarter of a second to load: only those who read a PDF wait for it.
    from pypdf import PdfReader, apply_configuration

    from duly.interfaces.exchange.readers.einvoice.pdf import BROKEN, LIMITS

    try:
        with apply_configuration(LIMITS):
            reader = PdfReader(path)
            return "\n".join(page.extract_text() for page in reader.pages[:READ_PAGES])
    except BROKEN:
        return ""


def _keep(entity: Entity, read: Sequence[_Read], actor: str, at: datetime) -> list[InvoiceCopy]:
    wanted = {number for one in read for number in (*one.of_name, *one.of_text)}
    known: dict[str, set[int]] = {}
    owners: dict[int, int] = {}
    if wanted:
        for (customer_id, _, number), facts in documents_by_number(entity.pk, wanted).items():
            known.setdefault(number, set()).add(facts.id)
            owners[facts.id] = customer_id
    called = names_of(owners.values())
    names = {document_id: called[customer_id] for document_id, customer_id in owners.items()}
    drafts = []
    for one in read:
        found = tie(one.of_name, one.of_text, known, names, one.words)
        _store(one)
        drafts.append(CopyDraft(safe_text(one.name, 200), one.sha256, one.bytes, *found))
    return keep_copies(entity_id=entity.pk, drafts=drafts, actor=actor, at=at)


def _store(one: _Read) -> None:
    place = _place(one.sha256)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as new:
        shutil.copyfile(one.path, new)


def _place(sha256: str) -> Path:
    return Path(settings.HOME) / "copies" / sha256[:2] / f"{sha256}.pdf"


def document_numbered(entity: Entity, number: str, customer: str | None) -> int:
    """The one document of a number, of a customer where several have it.

    Refuses: DocumentUnknown, NumberUnclear, CustomerUnknown.
    """
    found = documents_by_number(entity.pk, [number])
    whose = customer_of(entity_id=entity.pk, code=customer).pk if customer else None
    ids = [facts.id for (owner, _, _), facts in found.items() if whose in (None, owner)]
    if not ids:
        raise DocumentUnknown(
            f"There is no document {number} here.",
            facts={"number": number},
            remedy="Look it up with `duly items`.",
        )
    if len(ids) > 1:
        raise NumberUnclear(
            f"{len(ids)} documents have the number {number}.",
            facts={"number": number, "documents": len(ids)},
            remedy="Name the customer with --customer, or tie it on the page of copies.",
        )
    return ids[0]


def copies_document(entity: Entity, taken: Taken) -> dict[str, Any]:
    """What became of files, as scripts read it."""
    ids = {one.document_id for one in taken.copies if one.document_id is not None}
    numbers = {pk: row.number for pk, row in documents_of(entity.pk, ids).items()}
    return {
        "copies": [
            {
                "id": one.pk,
                "file": one.file,
                "document": numbers.get(one.document_id or 0),
                "told_by": one.told_by or None,
                "sha256": one.sha256,
            }
            for one in taken.copies
        ],
        "tied": sum(one.document_id is not None for one in taken.copies),
        "to_confirm": sum(one.is_unsure for one in taken.copies),
        "untied": sum(one.document_id is None for one in taken.copies),
        "problems": [asdict(one) for one in taken.problems],
    }
