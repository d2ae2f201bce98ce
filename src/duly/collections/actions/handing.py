"""Hand one message after the other to the courier: judged, claimed and committed before the socket
opens.

SMTP can't tell whether a message was taken when the line breaks at the wrong moment. So a row goes
to `sending` first; whatever stays there when its worker is gone becomes `unknown`, and a person
decides. Never twice without a person, never lost without a word.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F

from duly.collections.actions.choosing import suppress
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.models import Message
from duly.collections.policy import DELIVERY, DeliveryPolicy
from duly.collections.queries.judging import ANEW, Facts
from duly.collections.queries.marks import Mark, marks_of
from duly.collections.queries.messages import threads_of
from duly.collections.rules.handing import Clock, trouble_key
from duly.collections.rules.reasons import NOT_THERE
from duly.ledger.actions import hold_books
from duly.parties.models import Entity
from duly.storage.among import among
from duly.storage.writing import whole


class Handover(NamedTuple):
    """A message as it is handed over, once; `thread` the messages before it to the customer."""

    id: int
    customer_id: int
    message_id: str
    sender: str
    sender_name: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    language: str
    attachments: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()


class Judged(NamedTuple):
    """A message that may leave now: what it is, and what the judgement rests on."""

    entity_id: int
    handover: Handover
    on: date  # where its recipient is
    not_before: datetime | None
    mark: Mark


class Judgement(NamedTuple):
    """What may leave now, what never will, and what waits; the reason stands with each row."""

    may_go: list[Judged]
    cancelled: int
    waiting: list[int]


class Answer(NamedTuple):
    """What the server said: sent, put_off, failed, or unknown when its answer was lost.

    `bad_addresses` were refused, though others of the message may have been taken.
    """

    state: str
    text: str
    bad_addresses: tuple[str, ...] = ()


@whole()
def judge_messages(
    *,
    entity: Entity,
    message_ids: Sequence[int],
    clock: Clock,
    snapshot_on: date | None = None,
) -> Judgement:
    """Say of queued messages of an entity whether they may leave now; cancel what never may.

    Judged here, while nobody else writes in the entity's books: what is paid a moment before is
    not asked for. What was judged is held against the facts once more by `claim_message`, so any
    number can be judged at once. Given: `snapshot_on` the day of the newest list of open items.
    See: docs/invariants.md, I12; docs/sources.md, pains A5-A7.
    """
    hold_books(entity_id=entity.pk)
    rows = list(
        Message.objects.select_for_update()
        .filter(pk__in=among(message_ids), entity_id=entity.pk, state="queued")
        .order_by("pk")
    )
    facts = Facts(entity, rows, clock, snapshot_on)
    threads = threads_of([row.customer_id for row in rows])
    marks = marks_of(entity_id=entity.pk, customer_ids={row.customer_id for row in rows})
    told = Judgement([], 0, [])
    cancelled, changed, rewritten = 0, list[Message](), list[Message]()
    for row in rows:
        why = facts.never(row)
        if why is not None:
            row.state, row.settled_at = "cancelled", clock.at
            cancelled += 1
        else:
            if _write_anew(row, facts):
                rewritten.append(row)
            why = facts.not_now(row)
        if why is not None:
            if row.state == "queued":
                told.waiting.append(row.pk)
            if row.state == "cancelled" or (row.why_code, row.why_text) != why:
                row.why_code, row.why_text = why
                changed.append(row)
            continue
        thread = [one for pk, one in threads.get(row.customer_id, ()) if pk < row.pk]
        told.may_go.append(_judged(row, entity, facts, thread, marks[row.customer_id]))
    Message.objects.bulk_update(
        changed, ["state", "settled_at", "why_code", "why_text"], batch_size=500
    )
    Message.objects.bulk_update(rewritten, list(ANEW), batch_size=500)
    return told._replace(cancelled=cancelled)


def _write_anew(row: Message, facts: Facts) -> bool:
    anew = facts.anew(row)
    for name, value in anew.items():
        setattr(row, name, value)
    return bool(anew)


def _judged(
    row: Message, entity: Entity, facts: Facts, thread: Sequence[str], mark: Mark
) -> Judged:
    handover = Handover(
        row.pk,
        row.customer_id,
        row.message_id,
        facts.switch.sender,
        entity.name,
        facts.switch.reply_to,
        tuple(row.recipients),
        row.subject,
        row.body,
        row.language,
        tuple(row.attachments),
        tuple(thread),
    )
    return Judged(entity.pk, handover, facts.local(row).date(), row.not_before, mark)


@whole()
def claim_message(*, judged: Judged, clock: Clock) -> bool:
    """Take a message that was judged, if it is still queued and nothing it was judged by changed.

    Rule: the row is `sending`, and committed, before anything of it goes over the line.
    """
    hold_books(entity_id=judged.entity_id)
    customer_id = judged.handover.customer_id
    marks = marks_of(entity_id=judged.entity_id, customer_ids=[customer_id])
    if marks[customer_id] != judged.mark:
        return False
    rows = Message.objects.filter(
        pk=judged.handover.id, state="queued", not_before=judged.not_before
    )
    taken = rows.update(
        state="sending",
        claimed_at=clock.at,
        attempts=F("attempts") + 1,
        why_code="",
        why_text="",
    )
    return taken == 1


@whole()
def settle_message(
    *, message_id: int, answer: Answer, clock: Clock, policy: DeliveryPolicy = DELIVERY
) -> str:
    """Write down what the server answered; return the state that the message is in by it.

    Rule: put off goes back to the queue for a while, and fails after the last try; a refused
    address is written to no more; failed and unknown ones become a person's task.
    """
    if answer.state == "sent" and not answer.bad_addresses:
        Message.objects.filter(pk=message_id).update(
            state="sent", why_code="", why_text="", settled_at=clock.at
        )
        return "sent"
    row = Message.objects.select_for_update().get(pk=message_id)
    state, on = answer.state, clock.where(row.timezone).date()
    if state == "put_off":
        tries = row.attempts
        if tries > len(policy.retry_minutes):
            state = "failed"
        else:
            wait = timedelta(minutes=policy.retry_minutes[tries - 1])
            row.not_before = clock.after(wait, row.timezone)
            state = "queued"
    row.state = state
    row.why_code, row.why_text = (
        ("address_refused", f"Not to {', '.join(answer.bad_addresses)}: {answer.text}"[:1000])
        if state == "sent"
        else (answer.state, answer.text[:1000])
    )
    row.settled_at = None if state == "queued" else clock.at
    row.save(update_fields=["state", "not_before", "why_code", "why_text", "settled_at"])
    for address in answer.bad_addresses:
        suppress(
            entity_id=row.entity_id,
            address=address,
            reason=answer.text,
            on=on,
            actor="worker",
            at=clock.at,
        )
    if state != "queued":
        _raise_task(row, on, clock.at)
    return state


_TOLD = {
    "unknown": "may have been sent: look whether it arrived, then decide",
    "failed": "was not delivered",
    "sent": "did not reach everyone",
}


def _raise_task(row: Message, on: date, at: datetime) -> None:
    kind = "address_refused" if row.state == "sent" else f"message_{row.state}"
    raise_tasks(
        entity_id=row.entity_id,
        drafts=[
            TaskDraft(
                row.customer_id,
                trouble_key(row.pk, row.state, row.attempts),
                kind,
                f"The message to {', '.join(row.recipients)} {_TOLD[row.state]}: {row.why_text}",
                on,
            )
        ],
        actor="worker",
        at=at,
    )


@whole()
def mark_orphans(*, clock: Clock) -> int:
    """Say of messages whose worker died that they may have been sent; return how many.

    Only who holds the lock of the mail may call it: then nobody is handing anything over.
    """
    rows = list(Message.objects.select_for_update().filter(state="sending").order_by("pk"))
    for row in rows:
        row.state, row.settled_at = "unknown", clock.at
        row.why_code, row.why_text = NOT_THERE
        row.save(update_fields=["state", "settled_at", "why_code", "why_text"])
        _raise_task(row, clock.where(row.timezone).date(), clock.at)
    return len(rows)
