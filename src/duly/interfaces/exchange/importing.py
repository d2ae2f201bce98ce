"""Files to imports: read, handed to intake, once for each key. Shell and browser both come here."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from duly.access.actions import Author
from duly.intake import queries
from duly.intake.actions import Options, import_sheets, revert_import
from duly.intake.queries import import_by_batch
from duly.intake.rules.sheet import Sheet
from duly.interfaces.exchange.counting import Told, counted
from duly.interfaces.exchange.evidence import keep_evidence
from duly.interfaces.exchange.holding import follow_import
from duly.interfaces.exchange.readers import Mapping, read_files
from duly.interfaces.exchange.readers.bank.said import NOTHING_SAID, Said
from duly.interfaces.exchange.settling import carry_out
from duly.interfaces.exchange.unreadable import Unread, read_on, refusal_of, watched
from duly.kernel.errors import Malformed, Missing, Refusal
from duly.parties.actions import add_entity
from duly.parties.models import Entity
from duly.parties.queries import entities, entity

FIRST_ENTITY = "My company"


class FileMissing(Missing):
    """A file named is not there."""

    code = "FILE_MISSING"


class MapUnreadable(Malformed):
    """A mapping file can't be read."""

    code = "MAP_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person said of the files; None and False are the defaults of the contract."""

    kind: str | None = None
    preset: str | None = None
    map_file: Path | None = None
    entity: str | None = None
    accept_partial: bool = False
    create_customers: bool = False
    snapshot_on: date | None = None
    accept_closing: bool = False
    said: Said = NOTHING_SAID  # of bank files


def import_files(
    paths: Sequence[Path],
    *,
    wanted: Wanted,
    actor: str,
    at: datetime,
    key: str | None = None,
    is_dry_run: bool = False,
    names: Sequence[str] | None = None,
    mappings: Sequence[Mapping | None] | None = None,
    expected_digest: str = "",
    told: Told = lambda rows: None,
) -> dict[str, Any]:
    """Import files as one write; {"batches": [...]} as the contract tells it.

    `told` hears how many rows were taken so far.
    Refuses: all that readers and intake refuse; nothing is then written.
    """
    digests = [_sha256(path) for path in paths]
    given = {
        "files": digests,
        "wanted": asdict(wanted) | {"map_file": _sha256(wanted.map_file)},
        "mappings": [one.to_dict() if one else None for one in mappings or ()],
    }

    def act() -> dict[str, Any]:
        sheets = _read_each(paths, digests, wanted, names, mappings)
        of = _entity(wanted.entity, at)
        unread: Unread = []
        try:
            batches = import_sheets(
                entity=of,
                sheets=watched(counted(sheets, told), unread),
                actor=actor,
                at=at,
                options=Options(
                    accept_partial=wanted.accept_partial,
                    create_customers=wanted.create_customers,
                    snapshot_on=wanted.snapshot_on,
                    accept_closing=wanted.accept_closing,
                    today=at.astimezone(ZoneInfo(of.timezone)).date(),
                    expected_digest=expected_digest,
                ),
            )
        except Refusal:
            if unread:
                raise refusal_of(read_on(sheets, unread)) from None
            raise
        follow_import(of, Author(actor, at))
        if not is_dry_run:
            keep_evidence(zip(paths, digests, strict=True), sheets)
        return {"batches": batches}

    document = carry_out(act, key, "import", given, at, is_dry_run)
    if is_dry_run:  # the batches were rolled back, so that nobody looks for their ids
        return {"batches": [{**batch, "id": None} for batch in document["batches"]]}
    return document


def _read_each(
    paths: Sequence[Path],
    digests: Sequence[str],
    wanted: Wanted,
    names: Sequence[str] | None,
    mappings: Sequence[Mapping | None] | None,
) -> list[tuple[Sheet, str]]:
    """The sheets of files, each with the digest of its file; two files may have one name.

    Refuses: for all files that can't be read.
    """
    mapping = _mapping(wanted.map_file) if wanted.map_file else None
    found: list[tuple[Sheet, str]] = []
    unread: Unread = []
    for place, (path, digest) in enumerate(zip(paths, digests, strict=True)):
        name = path.name if names is None else names[place]
        try:
            sheets = read(
                path,
                wanted=wanted,
                name=name,
                mapping=mapping if mappings is None else mappings[place],
            )
        except Refusal as refusal:
            unread.append((name, refusal))
        else:
            found += [(sheet, digest) for sheet in sheets]
    if unread:
        raise refusal_of(read_on(found, unread))
    return found


def read(path: Path, *, wanted: Wanted, name: str, mapping: Mapping | None) -> list[Sheet]:
    """The sheets of a file, read as the person said or as its header tells."""
    if not path.is_file():
        raise FileMissing(
            f"There is no file {path}.",
            facts={"file": str(path)},
            remedy="Look at the name and the folder.",
        )
    return read_files(
        [path],
        names=[name],
        kind=wanted.kind,
        preset=wanted.preset,
        mappings=[mapping],
        remembered=_remembered,
        said=wanted.said,
    )


def _remembered(layout: str) -> Mapping | None:
    """The mapping that a person once chose for this layout."""
    found = queries.mapping_for(layout)
    return Mapping.from_dict(found) if found else None


def _mapping(path: Path) -> Mapping:
    try:
        with path.open("rb") as file:
            return Mapping.from_dict(tomllib.load(file))
    except FileNotFoundError:
        raise FileMissing(f"There is no file {path}.", facts={"file": str(path)}) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MapUnreadable(
            f"{path} is no TOML file: {error}",
            facts={"file": str(path)},
            remedy="See the example in docs/importing.md.",
        ) from None


def _entity(name: str | None, at: datetime) -> Entity:
    """The entity named, or the only one; a new home gets one, to be renamed later."""
    if name or entities():
        return entity(name)
    return add_entity(name=FIRST_ENTITY, currency="EUR", country="DE", at=at)


def _sha256(path: Path | None) -> str:
    if path is None or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def revert(
    *, batch_id: int, actor: str, at: datetime, key: str | None = None, is_dry_run: bool = False
) -> dict[str, Any]:
    """Take an import back, or only tell what would go."""

    def act() -> dict[str, Any]:
        told = revert_import(batch_id=batch_id, actor=actor, at=at)
        if row := import_by_batch(batch_id):
            follow_import(entity(str(row.entity_id)), Author(actor, at))
        return told

    return carry_out(act, key, "revert", batch_id, at, is_dry_run)
