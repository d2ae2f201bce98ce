"""Schedules of statements and their runs: where a PDF lies, and documents for scripts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from duly.collections.actions import ScheduleDraft
from duly.collections.errors import StatementScheduleUnfit
from duly.collections.models import ScheduledRun, StatementSchedule
from duly.collections.queries.statements import RunRow, outcomes_of, schedule_names
from duly.collections.rules.statement_days import Rhythm, read_rhythm
from duly.collections.rules.statement_ways import OUTCOMES
from duly.interfaces.exchange.statements import Asked, Filter
from duly.parties.queries import codes_and_names


def post_file(run: ScheduledRun) -> Path:
    """Where the PDF for post of a run lies."""
    home = Path(settings.HOME) / "statements" / str(run.entity_id) / "scheduled"
    return home / str(run.pk) / "statements.pdf"


def asked_of(run: ScheduledRun) -> Asked:
    """Which statement a run tells."""
    from_on = run.asked["from_on"]
    return Asked(
        on=run.due_on,
        kind=run.asked["kind"],
        from_on=date.fromisoformat(from_on) if from_on else None,
        paper=run.asked["paper"],
    )


def draft_of(
    *, name: str, due: str, kind: str, delivery: str, paper: str, whose: Filter
) -> ScheduleDraft:
    """A schedule as a form or a command asks for it. Refuses: StatementScheduleUnfit."""
    rhythm = read_rhythm(due.strip().lower())
    if rhythm is None:
        raise StatementScheduleUnfit(
            f"{due[:20]!r} is no day on which statements can be due.",
            facts={"due": due[:20]},
            remedy="Give a day of the month (1 to 30, last-day, last-business-day) or of the week"
            " (monday).",
        )
    return ScheduleDraft(name.strip(), rhythm, kind, delivery, paper, asdict(whose))


def schedule_document(row: StatementSchedule, next_on: Sequence[date]) -> dict[str, Any]:
    """A schedule as scripts read it."""
    return {
        "name": row.name,
        "due": Rhythm(row.every, row.day).words,
        "kind": row.kind,
        "paper": row.paper or None,
        "by": row.delivery,
        "whose": {name: value for name, value in row.whose.items() if value},
        "state": state_of(row),
        "next": [on.isoformat() for on in next_on],
    }


def state_of(row: StatementSchedule) -> str:
    """Whether a schedule goes on."""
    if row.ended_at is not None:
        return "ended"
    return "paused" if row.paused_at is not None else "on"


def run_documents(runs: Sequence[ScheduledRun]) -> list[dict[str, Any]]:
    """Runs as scripts read them."""
    names = schedule_names({run.schedule_id for run in runs})
    counts = outcomes_of([run.pk for run in runs])
    return [
        {
            "run": run.pk,
            "schedule": names[run.schedule_id],
            "due_on": run.due_on.isoformat(),
            "kind": run.asked["kind"],
            "from": run.asked["from_on"],
            "state": run.state,
            "error": run.error or None,
            **{outcome: counts[run.pk].get(outcome, 0) for outcome, _ in OUTCOMES},
            "pdf": str(post_file(run)) if run.sha256 else None,
            "sha256": run.sha256 or None,
            "warnings": run.warnings,
        }
        for run in runs
    ]


def rows_document(rows: Sequence[RunRow]) -> list[dict[str, Any]]:
    """Who is in a run and who is left out, as scripts read it."""
    names = codes_and_names({one.row.customer_id for one in rows})
    return [
        {
            "customer": names[row.customer_id][0],
            "name": names[row.customer_id][1],
            "outcome": row.outcome,
            "why": {"code": row.why_code, "text": row.why_text} if row.why_code else None,
            "message": row.message_id,
            "state": message.state if message else None,
            "to": message.recipients if message else [],
        }
        for row, message in rows
    ]
