"""Runs of matching over a large book, asked for in the browser: in parts, each whole by itself.

A run is told by a small file in DULY_HOME, written after each part. Killed, it goes on behind the
last part; a part carries a key of its own, so that none is written twice.
"""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from duly.interfaces.exchange.matching import match
from duly.interfaces.exchange.settling import Asked
from duly.interfaces.exchange.writers.tables import replacing
from duly.kernel.errors import DulyError, Missing
from duly.parties.models import Entity
from duly.receivables.queries import payments_to_match

PART = 2_000  # payments; up to so many are matched while the page is asked for
MOST_KEPT = 20
_TOKEN = re.compile(r"[0-9a-f]{12,40}")


class MatchRunUnknown(Missing):
    """No run of matching has this name."""

    code = "MATCH_RUN_UNKNOWN"


@dataclass(frozen=True, slots=True)
class MatchRun:
    """A run: who asked for it, how far it is. `state`: waiting, done or failed."""

    token: str
    entity_id: int
    actor: str
    asked_at: str
    on: str
    total: int
    state: str = "waiting"
    looked_at: int = 0
    applied: int = 0
    last: tuple[str, int] = ("", 0)  # day and id of the payment looked at last
    error: str = ""

    @property
    def moment(self) -> datetime:
        """When it was asked for."""
        return datetime.fromisoformat(self.asked_at)

    @property
    def percent(self) -> int:
        """How much of it is looked at."""
        return self.looked_at * 100 // self.total if self.total else 100


def begin_match_run(*, entity: Entity, total: int, on: date, actor: str, at: datetime) -> MatchRun:
    """Write down that a run is wanted; of many old ones the oldest go."""
    token = f"{at:%Y%m%d%H%M%S}{secrets.token_hex(6)}"
    run = MatchRun(token, entity.pk, actor, at.isoformat(), on.isoformat(), total)
    _file(run).parent.mkdir(parents=True, exist_ok=True)
    _tell(run)
    for old in sorted(_file(run).parent.glob("*.json"), reverse=True)[MOST_KEPT:]:
        old.unlink(missing_ok=True)
    return run


def match_run_of(entity_id: int, token: str) -> MatchRun:
    """A run of an entity. Refuses: MatchRunUnknown."""
    if _TOKEN.fullmatch(token):
        try:
            told = json.loads(_home(entity_id).joinpath(f"{token}.json").read_text("utf-8"))
            return MatchRun(**{**told, "last": tuple(told["last"])})
        except (OSError, ValueError, TypeError, KeyError):
            pass
    raise MatchRunUnknown("There is no such run of matching here.", remedy="Match again.")


def carry_out_match_run(*, entity: Entity, token: str, at: datetime) -> MatchRun:
    """Match part after part, or go on with it; what was written stays written."""
    run = match_run_of(entity.pk, token)
    on = date.fromisoformat(run.on)
    try:
        while run.state != "done":
            rows = payments_to_match(entity.pk, on=on)
            left = [one for one in rows if (one.received_on.isoformat(), one.id) > run.last]
            part = left[:PART]
            if not part:
                run = replace(run, state="done", error="")
            else:
                applied = _match(entity, run, on, at, [one.id for one in part])
                run = replace(
                    run,
                    looked_at=run.looked_at + len(part),
                    applied=run.applied + applied,
                    last=(part[-1].received_on.isoformat(), part[-1].id),
                )
            _tell(run)
    except (DulyError, OSError) as error:
        _tell(replace(run, state="failed", error=str(error)))
        raise
    return run


def _match(entity: Entity, run: MatchRun, on: date, at: datetime, ids: Sequence[int]) -> int:
    """Match some payments; return how many were applied."""
    asked = Asked(
        actor=run.actor,
        at=at,
        entity_name=entity.name,
        on=on,
        key=f"match-{run.token}-{run.last[1]}",
    )
    told = match(asked, auto=True, payment_ids=ids)
    return sum(one["outcome"] == "applied" for one in told["payments"])


def _home(entity_id: int) -> Path:
    return Path(settings.HOME) / "matching" / str(entity_id)


def _file(run: MatchRun) -> Path:
    return _home(run.entity_id) / f"{run.token}.json"


def _tell(run: MatchRun) -> None:
    with replacing(_file(run)) as new:
        new.write_text(json.dumps(asdict(run), ensure_ascii=False), "utf-8")
