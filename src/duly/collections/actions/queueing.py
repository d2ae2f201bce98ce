"""Put the steps of a day where the worker, or a person, finds them; each once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duly.access.actions import announce
from duly.collections.errors import TaskUnknown
from duly.collections.events import MessagesQueued
from duly.collections.models import Message, MessageLine, Task
from duly.collections.rules.planning import PlannedStep
from duly.storage import bulk, locks
from duly.storage.among import among
from duly.storage.failpoints import failpoint
from duly.storage.writing import whole

DEBIT_MISSING = "debit_missing"  # a kind of task


class Draft(NamedTuple):
    """A step ready to be queued: what is said, to whom; numbers of its lines in order."""

    step: PlannedStep
    policy: str
    policy_version: int
    language: str
    timezone: str
    subject: str
    body: str
    numbers: tuple[str, ...]


class TaskDraft(NamedTuple):
    """Something for a person to do; a key is a task once."""

    customer_id: int
    key: str
    kind: str
    text: str
    due_on: date


@whole()
def queue_steps(
    *,
    entity_id: int,
    drafts: Sequence[Draft],
    on: date,
    domain: str,
    actor: str,
    at: datetime,
    not_before: datetime | None = None,
) -> dict[str, int]:
    """Queue messages and tasks of steps that are not there yet; return {key: message's number}.

    Rule: a key is queued once, whoever runs the day how often, and a customer gets one e-mail of
    a day (I11). Given: `domain` for the Message-ID, which stays the same for ever.
    Announces: MessagesQueued.
    """
    locks.hold(f"outbox:{entity_id}")
    there = set(
        Message.objects.filter(key__in=among([draft.step.key for draft in drafts]))
        .exclude(state="cancelled")
        .values_list("key", flat=True)
    )
    today = set(
        Message.objects.filter(entity_id=entity_id, planned_on=on, channel="email").values_list(
            "customer_id", flat=True
        )
    )
    new = [
        draft
        for draft in drafts
        if draft.step.key not in there
        and (draft.step.channel != "email" or draft.step.customer_id not in today)
    ]
    ids = bulk.reserve_ids(Message, len(new)) if new else range(0)
    rows = [
        _row(id_, draft, entity_id, on, domain, actor, at, not_before)
        for id_, draft in zip(ids, new, strict=True)
    ]
    bulk.insert_rows(Message, rows)
    _write_lines(ids, new)
    failpoint("day.steps_written")
    raise_tasks(
        entity_id=entity_id,
        drafts=[
            TaskDraft(
                draft.step.customer_id,
                draft.step.key,
                draft.step.channel,
                f"Step {draft.step.step}: {draft.subject}",
                on,
            )
            for draft in new
            if draft.step.channel != "email"
        ],
        actor=actor,
        at=at,
    )
    if new:
        announce(event=MessagesQueued(entity_id, len(new)), at=at)
    return {draft.step.key: id_ for id_, draft in zip(ids, new, strict=True)}


def _row(
    id_: int,
    draft: Draft,
    entity_id: int,
    on: date,
    domain: str,
    actor: str,
    at: datetime,
    not_before: datetime | None,
) -> bulk.Row:
    step = draft.step
    return (
        id_,
        entity_id,
        step.customer_id,
        step.key,
        on.isoformat(),
        draft.policy,
        draft.policy_version,
        step.step,
        step.channel,
        json.dumps(step.recipients, ensure_ascii=False),
        draft.language,
        draft.timezone,
        step.currency,
        step.amount_minor,
        draft.subject,
        draft.body,
        json.dumps(step.attachments),
        f"<{step.key[:32]}.{id_}@{domain}>",
        "queued" if step.channel == "email" else "task",
        "",
        "",
        0,
        not_before.isoformat() if not_before else None,
        actor,
        at.isoformat(),
        None,
        None,
    )


def _write_lines(ids: range, drafts: Sequence[Draft]) -> None:
    lines = [
        (message_id, place, line, number)
        for message_id, draft in zip(ids, drafts, strict=True)
        for place, (line, number) in enumerate(zip(draft.step.lines, draft.numbers, strict=True))
    ]
    line_ids = bulk.reserve_ids(MessageLine, len(lines)) if lines else range(0)
    bulk.insert_rows(
        MessageLine,
        [
            (
                id_,
                message_id,
                place,
                line.id if line.kind == "item" else None,
                line.id if line.kind == "payment" else None,
                number,
                line.minor,
                line.level,
            )
            for id_, (message_id, place, line, number) in zip(line_ids, lines, strict=True)
        ],
    )


@whole()
def raise_tasks(*, entity_id: int, drafts: Sequence[TaskDraft], actor: str, at: datetime) -> int:
    """Give people something to do; a key that is there already stays as it is."""
    by_key: Mapping[str, TaskDraft] = {draft.key: draft for draft in drafts}
    rows = {
        key: Task(
            entity_id=entity_id,
            customer_id=draft.customer_id,
            key=draft.key,
            kind=draft.kind,
            text=draft.text[:1000],
            due_on=draft.due_on,
            actor=actor,
            recorded_at=at,
        )
        for key, draft in by_key.items()
    }
    if len(rows) == 1:
        return sum(bulk.insert_row(row, unless="key") for row in rows.values())
    there = Task.objects.filter(key__in=among([*rows])).values_list("key", flat=True)
    for key in there:
        del rows[key]
    return len(Task.objects.bulk_create(rows.values()))


@whole()
def raise_debit_tasks(
    *, entity_id: int, drafts: Sequence[TaskDraft], actor: str, at: datetime
) -> int:
    """Have people look for debits that did not come in; who looked for one that came is done.

    Given: `drafts` one for each that is missing.
    """
    waiting = Task.objects.filter(entity_id=entity_id, kind=DEBIT_MISSING, done_at__isnull=True)
    came = waiting.exclude(key__in=among([draft.key for draft in drafts]))
    came.update(done_at=at, actor=actor)
    return raise_tasks(entity_id=entity_id, drafts=drafts, actor=actor, at=at)


@whole()
def finish_task(*, task_id: int, actor: str, at: datetime) -> Task:
    """Say that a task is done. Refuses: TaskUnknown."""
    row = Task.objects.select_for_update().filter(pk=task_id, done_at=None).first()
    if row is None:
        raise TaskUnknown(
            f"There is no open task {task_id}.",
            facts={"task": task_id},
            remedy="Look at `duly task list`.",
        )
    row.done_at, row.actor = at, actor
    row.save(update_fields=["done_at", "actor"])
    return row


@whole()
def open_task_again(*, task_id: int, actor: str) -> Task:
    """Say that a task is not done after all. Refuses: TaskUnknown."""
    row = Task.objects.select_for_update().filter(pk=task_id).exclude(done_at=None).first()
    if row is None:
        raise TaskUnknown(
            f"There is no task {task_id} that was done.",
            facts={"task": task_id},
            remedy="Look at `duly task list`.",
        )
    row.done_at, row.actor = None, actor
    row.save(update_fields=["done_at", "actor"])
    return row
