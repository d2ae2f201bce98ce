"""Runs of statements that were asked for in the browser: each a folder in DULY_HOME.

A run is told by a small file beside its PDF, written whole. Killed, it goes on where it was: the
parts that lie ready are not drawn again.
"""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from duly.interfaces.exchange.statements import Asked, Filter, write_many
from duly.interfaces.exchange.writers.statements.running import drawn_so_far, processors
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import DulyError, Missing
from duly.parties.models import Entity

TOLD = "run.json"
PDF = "statements.pdf"
MOST_KEPT = 50
_TOKEN = re.compile(r"[0-9a-f]{12,40}")


class StatementRunUnknown(Missing):
    """No run of statements has this name."""

    code = "STATEMENT_RUN_UNKNOWN"


@dataclass(frozen=True, slots=True)
class StatementRun:
    """A run: what was asked by whom, and what came of it. `state`: waiting, done or failed."""

    token: str
    entity_id: int
    asked: dict[str, Any]
    whose: dict[str, Any]
    actor: str
    asked_at: str
    state: str = "waiting"
    statements: int = 0
    bytes: int = 0
    error: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return _home(self.entity_id) / self.token

    @property
    def file(self) -> Path:
        """The PDF for post, once it is whole."""
        return self.folder / PDF

    @property
    def moment(self) -> datetime:
        """When it was asked for."""
        return datetime.fromisoformat(self.asked_at)

    @property
    def drawn(self) -> int:
        """How many statements lie ready."""
        return self.statements if self.state == "done" else drawn_so_far(self.file)


def begin_run(
    *, entity: Entity, asked: Asked, whose: Filter, actor: str, at: datetime
) -> StatementRun:
    """Write down that a run is wanted; of many old ones the oldest go."""
    token = f"{at:%Y%m%d%H%M%S}{secrets.token_hex(6)}"
    told = asdict(asked) | {
        "on": asked.on.isoformat(),
        "from_on": asked.from_on.isoformat() if asked.from_on else None,
    }
    run = StatementRun(token, entity.pk, told, asdict(whose), actor, at.isoformat())
    run.folder.mkdir(parents=True)
    _tell(run)
    for old in runs_of(entity.pk)[MOST_KEPT:]:
        shutil.rmtree(old.folder, ignore_errors=True)
    return run


def runs_of(entity_id: int) -> list[StatementRun]:
    """The runs of an entity, the newest first."""
    folders = sorted(_home(entity_id).glob("*/" + TOLD), reverse=True)
    return [run for run in map(_read, folders) if run is not None]


def run_of(entity_id: int, token: str) -> StatementRun:
    """A run of an entity. Refuses: StatementRunUnknown."""
    run = None
    if _TOKEN.fullmatch(token):
        run = _read(_home(entity_id) / token / TOLD)
    if run is None:
        raise StatementRunUnknown(
            "There is no such run of statements here.", remedy="Look at the list of runs."
        )
    return run


def carry_out_run(*, entity: Entity, token: str) -> StatementRun:
    """Write the statements of a run as one PDF, or go on with it; what was done stays done."""
    run = run_of(entity.pk, token)
    if run.state == "done":
        return run
    try:
        told = write_many(
            entity,
            _asked(run.asked),
            Filter(**run.whose),
            folder=None,
            combined=run.file,
            processes=max(1, processors() - 1),  # pages are served beside it
        )
    except (DulyError, OSError) as error:
        _tell(replace(run, state="failed", error=str(error)))
        raise
    done = replace(
        run,
        state="done",
        error="",
        statements=told["statements"],
        bytes=run.file.stat().st_size,
        warnings=[one["message"] for one in told["warnings"]],
    )
    _tell(done)
    return done


def throw_away_run(*, entity_id: int, token: str) -> None:
    """Remove a run with its PDF. Refuses: StatementRunUnknown."""
    shutil.rmtree(run_of(entity_id, token).folder)


def _asked(told: Mapping[str, Any]) -> Asked:
    days = {
        name: date.fromisoformat(told[name]) if told[name] else None for name in ("on", "from_on")
    }
    return Asked(**{**told, **days})


def _home(entity_id: int) -> Path:
    return Path(settings.HOME) / "statements" / str(entity_id)


def _tell(run: StatementRun) -> None:
    with replacing(run.folder / TOLD) as new:
        new.write_text(json.dumps(asdict(run), ensure_ascii=False), "utf-8")


def _read(path: Path) -> StatementRun | None:
    try:
        return StatementRun(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
