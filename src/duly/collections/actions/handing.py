"""Hand one message after the other to the courier: claimed and committed before the socket opens.

SMTP can't tell whether a message was taken when the line breaks at the wrong moment. So a row goes
to `sending` first; whatever stays there when its worker is gone becomes `unknown`, and a person
decides. Never twice without a person, never lost without a word.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from duly.collections.actions.choosing import suppress
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.models import Message, MessageLine
from duly.collections.policy import DELIVERY, DeliveryPolicy
from duly.collections.queries.messages import sending_of
from duly.collections.queries.standing import Standing, lines_of, works
from duly.collections.rules.handing import Clock, Now, never, not_now, trouble_key
from duly.collections.rules.planning import Line
from duly.collections.rules.reasons import NOT_THERE, Reason
from duly.ledger.actions import hold_books
from duly.parties.models import Entity
from duly.receivables.queries import latest_money_day, open_of_items
from duly.storage.writing import whole


class Handover(NamedTuple):
    """A message that is ours to hand over, once."""

    id: int
    message_id: str
    sender: str
    sender_name: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    language: str


class Claim(NamedTuple):
    """What came of trying to take a message: it is ours, or why it is not, and whether for ever."""

    handover: Handover | None
    why: Reason | None = None
    is_cancelled: bool = False


class Answer(NamedTuple):
    """What the server said: sent, put_off, failed, or unknown when its answer was lost."""

    state: str
    text: str
    bad_addresses: tuple[str, ...] = ()


@whole()
def claim_message(*, message_id: int, clock: Clock, snapshot_on: date | None = None) -> Claim:
    """Take a queued message, if it may leave now; cancel it, if it never may.

    Judged again here, while nobody else writes in the entity's books: what is paid a moment before
    is not asked for. Given: `snapshot_on` the day of the newest list of open items, if any.
    See: I12; pains A5-A7.
    """
    found = Message.objects.filter(pk=message_id).values_list("entity_id", flat=True).first()
    if found is None:
        return Claim(None)
    hold_books(entity_id=found)
    row = Message.objects.select_for_update().get(pk=message_id)
    if row.state != "queued":
        return Claim(None)
    entity = Entity.objects.get(pk=row.entity_id)
    local = clock.where(row.timezone)
    standing = Standing(entity=entity, on=local.date(), customer_ids=[row.customer_id])
    recipients = tuple(row.recipients)
    why = never(_lines(row), recipients, _now(row, standing))
    if why is not None:
        row.state, row.settled_at = "cancelled", clock.at
        return _not_taken(row, why, is_cancelled=True)
    switch = sending_of(entity.pk)
    days = [day for day in (latest_money_day(entity.pk), snapshot_on) if day]
    reach = standing.reach[row.customer_id]
    why = not_now(
        mode=switch.mode,
        allowed=switch.allowed,
        recipients=[address.lower() for address in recipients],
        local=local,
        is_business_day=works(local.date(), reach.country or entity.country),
        policy=standing.policy_of(row.customer_id, reach),
        bank_on=max(days, default=None),
        not_before=row.not_before,
    )
    if why is not None:
        return _not_taken(row, why)
    row.state, row.claimed_at, row.attempts = "sending", clock.at, row.attempts + 1
    row.why_code = row.why_text = ""
    row.save(update_fields=["state", "claimed_at", "attempts", "why_code", "why_text"])
    return Claim(
        Handover(
            row.pk,
            row.message_id,
            switch.sender,
            entity.name,
            switch.reply_to,
            recipients,
            row.subject,
            row.body,
            row.language,
        )
    )


def _not_taken(row: Message, why: Reason, *, is_cancelled: bool = False) -> Claim:
    if is_cancelled or (row.why_code, row.why_text) != why:
        row.why_code, row.why_text = why
        row.save(update_fields=["state", "settled_at", "why_code", "why_text"])
    return Claim(None, why, is_cancelled)


def _lines(row: Message) -> list[Line]:
    return [_line(line) for line in lines_of([row.pk])[row.pk]]


def _line(line: MessageLine) -> Line:
    if line.item_id is not None:
        return Line("item", line.item_id, line.open_minor, line.level)
    return Line("payment", line.payment_id or 0, line.open_minor, line.level)


def _now(row: Message, standing: Standing) -> Now:
    lines = lines_of([row.pk])[row.pk]
    return Now(
        open_minor=open_of_items([line.item_id for line in lines if line.item_id is not None]),
        credits=standing.credits.get((row.customer_id, row.currency), ()),
        disputed=standing.guards.disputed,
        promised=standing.guards.promised,
        blocked=standing.guards.blocked,
        silence=standing.silence(row.customer_id),
        recipients=standing.addressed(row.customer_id).recipients,
    )


@whole()
def settle_message(
    *, message_id: int, answer: Answer, clock: Clock, policy: DeliveryPolicy = DELIVERY
) -> str:
    """Write down what the server answered; return the state that the message is in by it.

    Rule: put off goes back to the queue for a while, and fails after the last try; a refused
    address is written to no more; failed and unknown ones become a person's task.
    """
    row = Message.objects.select_for_update().get(pk=message_id)
    state, on = answer.state, clock.where(row.timezone).date()
    if state == "put_off":
        tries = row.attempts
        if tries > len(policy.retry_minutes):
            state = "failed"
        else:
            wait = timedelta(minutes=policy.retry_minutes[tries - 1])
            row.not_before = clock.where(row.timezone) + wait
            state = "queued"
    row.state = state
    row.why_code, row.why_text = ("", "") if state == "sent" else (answer.state, answer.text[:1000])
    row.settled_at = None if state == "queued" else clock.at
    row.save(update_fields=["state", "not_before", "why_code", "why_text", "settled_at"])
    for address in answer.bad_addresses:
        suppress(entity_id=row.entity_id, address=address, reason=answer.text, on=on, at=clock.at)
    if state in ("failed", "unknown"):
        _raise_task(row, on, clock.at)
    return state


def _raise_task(row: Message, on: date, at: datetime) -> None:
    told = (
        "may have been sent: look whether it arrived, then decide"
        if row.state == "unknown"
        else "was not delivered"
    )
    raise_tasks(
        entity_id=row.entity_id,
        drafts=[
            TaskDraft(
                row.customer_id,
                trouble_key(row.pk, row.state, row.attempts),
                f"message_{row.state}",
                f"The message to {', '.join(row.recipients)} {told}: {row.why_text}",
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
