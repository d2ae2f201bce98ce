"""Schedules of statements, and their runs: each due day once, each customer in it once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from duly.access.actions import Author, announce, record_changes
from duly.collections.errors import StatementScheduleUnfit
from duly.collections.events import MessagesQueued
from duly.collections.models import Message, RunStatement, ScheduledRun, StatementSchedule
from duly.collections.models.statements import UNFINISHED
from duly.collections.policy import ENCLOSED
from duly.collections.queries.statements import customers_done, schedule_named, schedules_of
from duly.collections.rules.reasons import REPLACED, SCHEDULE_STOPPED, Reason
from duly.collections.rules.statement_days import RHYTHMS, Rhythm
from duly.collections.rules.statement_ways import DELIVERIES, LEFT_OUT, Way
from duly.kernel.ids import digest
from duly.receivables.rules.statements import KINDS
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.writing import whole

LONGEST_NAME = 64
PAPERS = ("", "a4", "letter")
MOST_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """A schedule as somebody wants it; `whose` narrows the customers."""

    name: str
    rhythm: Rhythm
    kind: str
    delivery: str
    paper: str = ""
    whose: Mapping[str, Any] = field(default_factory=dict)


class StatementMail(NamedTuple):
    """What a statement by mail says, to whom, and the first balance that it tells."""

    recipients: tuple[str, ...]
    language: str
    timezone: str
    subject: str
    body: str
    currency: str
    balance_minor: int


class Placed(NamedTuple):
    """A customer of a run: by which way, its place, and what is mailed where it goes by mail."""

    customer_id: int
    place: int
    way: Way
    mail: StatementMail | None = None


@whole()
def save_schedule(
    *, entity_id: int, draft: ScheduleDraft, on: date, author: Author
) -> StatementSchedule:
    """Keep a schedule; under a name that there is, it is changed from the next due day on.

    Rule: a schedule that moves to other days begins anew on `on`, so that none of them is made up
    for. Refuses: StatementScheduleUnfit.
    """
    _refuse_unfit(draft)
    locks.hold(f"statements:{entity_id}")
    named = {row.name.casefold(): row for row in schedules_of(entity_id)}
    row = named.get(draft.name.casefold())
    before: dict[str, Any] = {} if row is None else _told(row)
    if row is None:
        row = StatementSchedule(entity_id=entity_id, name=draft.name, since_on=on)
    elif (row.every, row.day) != draft.rhythm:
        row.since_on = on
    row.every, row.day = draft.rhythm
    row.kind, row.delivery, row.paper = draft.kind, draft.delivery, draft.paper
    row.whose = dict(draft.whose)
    return _keep(row, before, author)


@whole()
def pause_schedule(*, entity_id: int, name: str, author: Author) -> StatementSchedule:
    """Let a schedule rest until it is resumed; what waits of it is taken off.

    Refuses: StatementScheduleUnknown.
    """
    row = _held(entity_id, name)
    before = _told(row)
    row.paused_at = row.paused_at or author.at
    _stop_runs(row, author.at)
    return _keep(row, before, author)


@whole()
def resume_schedule(*, entity_id: int, name: str, on: date, author: Author) -> StatementSchedule:
    """Let a schedule go on; days that were due meanwhile are not made up for.

    Refuses: StatementScheduleUnknown.
    """
    row = _held(entity_id, name)
    before = _told(row)
    if row.paused_at is not None:
        row.paused_at, row.since_on = None, on
    return _keep(row, before, author)


@whole()
def end_schedule(*, entity_id: int, name: str, author: Author) -> StatementSchedule:
    """End a schedule for good; its runs stay, what waits of them is taken off.

    Refuses: StatementScheduleUnknown.
    """
    row = _held(entity_id, name)
    before = _told(row)
    row.ended_at = author.at
    _stop_runs(row, author.at)
    return _keep(row, before, author)


def _stop_runs(schedule: StatementSchedule, at: datetime) -> None:
    locks.hold(f"outbox:{schedule.entity_id}")
    runs = ScheduledRun.objects.filter(schedule_id=schedule.pk)
    _take_off(RunStatement.objects.filter(run_id__in=runs.values("pk")), SCHEDULE_STOPPED, at)
    runs.filter(state__in=UNFINISHED).update(state="stopped", done_at=at)


def _told(row: StatementSchedule) -> dict[str, Any]:
    """A schedule as its trail tells it."""
    return {
        "name": row.name,
        "every": row.every,
        "day": row.day,
        "kind": row.kind,
        "paper": row.paper,
        "delivery": row.delivery,
        "whose": row.whose,
        "since_on": row.since_on.isoformat(),
        "is_paused": row.paused_at is not None,
        "is_ended": row.ended_at is not None,
    }


def _held(entity_id: int, name: str) -> StatementSchedule:
    locks.hold(f"statements:{entity_id}")
    return schedule_named(entity_id, name)


def _keep(row: StatementSchedule, before: dict[str, Any], author: Author) -> StatementSchedule:
    after = _told(row)
    if after != before:
        row.actor, row.recorded_at = author.actor, author.at
        row.save()
        record_changes(noun="statement_schedule", changes=[(row.pk, before, after)], author=author)
    return row


def _refuse_unfit(draft: ScheduleDraft) -> None:
    faults = {
        f"A name has 1 to {LONGEST_NAME} characters.": 0 < len(draft.name) <= LONGEST_NAME
        and draft.name.isprintable(),
        "There is no such day in a month or a week.": draft.rhythm in RHYTHMS,
        "A statement lists open items or activity.": draft.kind in KINDS,
        "Paper is a4 or letter.": draft.paper in PAPERS,
        "Statements go by mail or by post.": draft.delivery in dict(DELIVERIES),
    }
    for message, is_fit in faults.items():
        if not is_fit:
            raise StatementScheduleUnfit(
                message,
                facts={"name": draft.name[:LONGEST_NAME], "every": draft.rhythm.every},
                remedy="See `duly schedule set --help`.",
            )


@whole()
def begin_scheduled_run(
    *, schedule: StatementSchedule, due_on: date, from_on: date | None, at: datetime
) -> ScheduledRun:
    """Begin the run of a due day, with what the schedule says now; there is one of a day.

    Rule: it takes the place of earlier ones that broke off, and of what waits of them: nobody gets
    the statements of weeks at once.
    """
    locks.hold(f"statements:{schedule.entity_id}")
    locks.hold(f"outbox:{schedule.entity_id}")
    broken = ScheduledRun.objects.filter(
        schedule_id=schedule.pk, due_on__lt=due_on, state__in=UNFINISHED
    )
    _take_off(RunStatement.objects.filter(run_id__in=broken.values("pk")), REPLACED, at)
    broken.update(state="replaced", done_at=at)
    row, _ = ScheduledRun.objects.get_or_create(
        schedule_id=schedule.pk,
        due_on=due_on,
        defaults={
            "entity_id": schedule.entity_id,
            "asked": {
                "kind": schedule.kind,
                "from_on": from_on.isoformat() if from_on else None,
                "paper": schedule.paper or None,
                "delivery": schedule.delivery,
                "whose": schedule.whose,
            },
            "begun_at": at,
        },
    )
    return row


@whole()
def place_statements(
    *, run: ScheduledRun, placed: Sequence[Placed], on: date, domain: str, at: datetime
) -> bool:
    """Decide of some customers of a run, each once, and queue what goes by mail.

    Tells whether the run still goes on: nobody is decided of one that was replaced or stopped.
    Rule: all of them or none; who was decided before stays as it was (I11). What still waits of an
    earlier due day is taken off, so that nobody gets the statements of weeks at once.
    Announces: MessagesQueued.
    """
    locks.hold(f"outbox:{run.entity_id}")
    if not ScheduledRun.objects.filter(pk=run.pk, state__in=UNFINISHED).exists():
        return False
    there = customers_done(run.pk, [one.customer_id for one in placed])
    new = [one for one in placed if one.customer_id not in there]
    _take_off_earlier(run, [one.customer_id for one in new], at)
    mailed = [(one.customer_id, one.mail) for one in new if one.mail is not None]
    ids = bulk.reserve_ids(Message, len(mailed)) if mailed else range(0)
    messages = [
        _message(id_, customer_id, mail, run, on, domain, at)
        for id_, (customer_id, mail) in zip(ids, mailed, strict=True)
    ]
    Message.objects.bulk_create(messages, batch_size=500)
    numbers = {row.customer_id: row.pk for row in messages}
    RunStatement.objects.bulk_create(
        [
            RunStatement(
                run_id=run.pk,
                place=one.place,
                customer_id=one.customer_id,
                outcome=one.way.outcome,
                why_code=one.way.why.code if one.way.why else "",
                why_text=one.way.why.text[:1000] if one.way.why else "",
                message_id=numbers.get(one.customer_id),
            )
            for one in new
        ],
        batch_size=500,
    )
    if mailed:
        announce(event=MessagesQueued(run.entity_id, len(mailed)), at=at)
    return True


def _take_off_earlier(run: ScheduledRun, customer_ids: Sequence[int], at: datetime) -> None:
    earlier = ScheduledRun.objects.filter(schedule_id=run.schedule_id, due_on__lt=run.due_on)
    rows = RunStatement.objects.filter(
        run_id__in=earlier.values("pk"), customer_id__in=among(customer_ids)
    )
    _take_off(rows, REPLACED, at)


def _take_off(rows: QuerySet[RunStatement], why: Reason, at: datetime) -> None:
    """Cancel what waits of rows of runs."""
    Message.objects.filter(
        pk__in=rows.exclude(message_id=None).values("message_id"), state__in=("queued", "held")
    ).update(state="cancelled", why_code=why.code, why_text=why.text, settled_at=at)


def _message(
    id_: int,
    customer_id: int,
    mail: StatementMail,
    run: ScheduledRun,
    on: date,
    domain: str,
    at: datetime,
) -> Message:
    key = digest("statement", str(run.schedule_id), run.due_on.isoformat(), str(customer_id))
    return Message(
        id=id_,
        entity_id=run.entity_id,
        customer_id=customer_id,
        key=key,
        planned_on=on,
        policy_version=0,
        step="statement",
        channel="statement",
        recipients=list(mail.recipients),
        language=mail.language,
        timezone=mail.timezone,
        currency=mail.currency,
        amount_minor=mail.balance_minor,
        subject=mail.subject[:400],
        body=mail.body,
        attachments=[ENCLOSED],
        message_id=f"<{key[:32]}.{id_}@{domain}>",
        state="queued",
        actor="worker",
        queued_at=at,
    )


@whole()
def finish_scheduled_run(
    *,
    run: ScheduledRun,
    at: datetime,
    bytes_written: int,
    sha256: str,
    warnings: Sequence[str] = (),
    unwritten: Mapping[int, Reason] | None = None,
) -> None:
    """Say that a run is whole, what its PDF for post is, and who is left out of it after all."""
    rows = RunStatement.objects.filter(run_id=run.pk, customer_id__in=among(unwritten or ()))
    left_out = list(rows)
    for row in left_out:
        why = (unwritten or {})[row.customer_id]
        row.outcome, row.why_code, row.why_text = LEFT_OUT, why.code, why.text[:1000]
    RunStatement.objects.bulk_update(left_out, ["outcome", "why_code", "why_text"], batch_size=500)
    ScheduledRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(
        state="done",
        error="",
        bytes=bytes_written,
        sha256=sha256,
        warnings=list(warnings[:MOST_WARNINGS]),
        done_at=at,
    )


@whole()
def break_off_scheduled_run(*, run: ScheduledRun, error: str) -> None:
    """Say why a run broke off; it goes on the next time."""
    ScheduledRun.objects.filter(pk=run.pk, state__in=UNFINISHED).update(
        state="failed", error=error[:500]
    )
