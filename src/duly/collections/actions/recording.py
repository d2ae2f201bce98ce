"""Record a call as one: what came of it, what was agreed, and its confirmation in writing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from duly.access.actions import Author, announce
from duly.collections.actions.calling import log_call, take_back_call
from duly.collections.actions.excusing import ExcuseDraft, note_evidence, record_excuses
from duly.collections.actions.promising import PromiseDraft, cancel_promise, make_promises
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.actions.switching import cancel_message
from duly.collections.errors import CallUnfit
from duly.collections.events import MessagesQueued
from duly.collections.models import RIGHT_PARTY, Call, ExcuseTold, Message, Promise, ScriptVersion
from duly.collections.policy import CALLS, ESCALATE, CallPolicy
from duly.collections.queries.promises import promised_by_item
from duly.collections.queries.scripts import words_of_confirmation
from duly.collections.queries.standing import Standing
from duly.collections.rules.addressing import Addressed, is_address
from duly.collections.rules.call_tasks import avoidance_key, copy_key
from duly.collections.rules.confirming import CONFIRMATION, TAKEN_BACK, Agreed, write_confirmation
from duly.collections.rules.reasons import Reason
from duly.collections.rules.scripts import Script, document_of, read_script
from duly.disputes.actions import DisputeDraft, close_dispute, open_disputes
from duly.disputes.models import Dispute
from duly.kernel.ids import digest
from duly.kernel.locales import language_of, reader
from duly.parties.models import Contact, Entity
from duly.receivables.queries import line_facts
from duly.storage import bulk, locks
from duly.storage.writing import whole

MOST_REFERENCES = 12


@whole()
def save_script(*, entity_id: int, document: Mapping[str, Any], actor: str, at: datetime) -> Script:
    """Keep a version of a script of the firm's own. Refuses: ScriptUnfit."""
    read = read_script(document)
    locks.hold(f"scripts:{entity_id}")
    whose = {"stage": read.stage, "segment": read.segment, "language": read.language}
    rows = ScriptVersion.objects.filter(entity_id=entity_id, **whose)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    ScriptVersion.objects.create(
        entity_id=entity_id,
        **whose,
        version=version,
        document=document_of(read),
        actor=actor,
        recorded_at=at,
    )
    return read._replace(version=version)


class CallDraft(NamedTuple):
    """A call as it was: one outcome, and all that was agreed in it.

    `copies` are (item, number) of what they asked a copy of; `excuse` a code or a key, with the day
    that they named.
    """

    customer_id: int
    outcome: str
    person: str = ""
    phone: str = ""
    recording: str = ""
    note: str = ""
    next_on: date | None = None
    promises: tuple[PromiseDraft, ...] = ()
    disputes: tuple[DisputeDraft, ...] = ()
    copies: tuple[tuple[int, str], ...] = ()
    excuse: str = ""
    named_on: date | None = None
    is_confirmed: bool = True  # in writing, where there is something to confirm


class _Post(NamedTuple):
    """When, from where and by whom a confirmation is sent."""

    on: date
    domain: str
    author: Author
    not_before: datetime | None


class Recorded(NamedTuple):
    """What a call came to: numbers of what was written, and why nothing confirms it."""

    call_id: int
    promise_ids: tuple[int, ...]
    dispute_ids: tuple[int, ...]
    excuse_id: int | None
    message_id: int | None
    why_unconfirmed: str


@whole()
def record_call(
    *,
    entity: Entity,
    draft: CallDraft,
    on: date,
    domain: str,
    author: Author,
    not_before: datetime | None = None,
) -> Recorded:
    """Write a call down with all that came of it; its confirmation is queued with it.

    The third try in ten days that reaches nobody goes a step further. Given: `domain` for the
    Message-ID; `not_before` the confirmation leaves not before it.
    Refuses: CallUnfit; and as promises, disputes and excuses do: then nothing is written.
    """
    _refuse_unfit(draft, on)
    who: dict[str, Any] = {"actor": author.actor, "at": author.at}
    call = log_call(
        entity_id=entity.pk,
        customer_id=draft.customer_id,
        on=on,
        outcome=draft.outcome,
        person=draft.person,
        phone=draft.phone,
        recording=draft.recording,
        note=draft.note,
        next_on=draft.next_on,
        **who,
    )
    spoken = [
        one._replace(person=one.person or draft.person, channel="call", call_id=call.pk)
        for one in draft.promises
    ]
    told = {"entity_id": entity.pk, "on": on, **who}
    promise_ids = make_promises(drafts=spoken, **told) if spoken else []
    dispute_ids = open_disputes(drafts=draft.disputes, **told)
    excuse_id = _excuse(entity, draft, call, promise_ids, dispute_ids, on, author)
    raise_tasks(entity_id=entity.pk, drafts=_tasks(entity.pk, draft, call, on), **who)
    post = _Post(on, domain, author, not_before)
    message_id, why = _confirm(entity, draft, call, dispute_ids, post)
    return Recorded(call.pk, tuple(promise_ids), tuple(dispute_ids), excuse_id, message_id, why)


def _refuse_unfit(draft: CallDraft, on: date) -> None:
    agreed = bool(draft.promises or draft.disputes or draft.copies)
    if agreed and draft.outcome not in RIGHT_PARTY:
        told = "Nobody who can commit was reached, and yet something was agreed."
        remedy = "Say that they were reached, promised or objected; or leave out what was agreed."
    elif draft.outcome == "promised" and not draft.promises:
        told = "A promise without an amount and a day is none."
        remedy = "Record both, or say that they were reached."
    elif draft.outcome == "objected" and not (draft.disputes or draft.excuse):
        told = "They objected, and nobody wrote down to what."
        remedy = "Record the dispute or the excuse, or say that they were reached."
    elif draft.next_on is not None and draft.next_on < on:
        told = f"{draft.next_on} is over: nobody can call then."
        remedy = "Name a day to come."
    else:
        return
    raise CallUnfit(told, facts={"outcome": draft.outcome, "on": on}, remedy=remedy)


def _excuse(
    entity: Entity,
    draft: CallDraft,
    call: Call,
    promise_ids: Sequence[int],
    dispute_ids: Sequence[int],
    on: date,
    author: Author,
) -> int | None:
    if not draft.excuse:
        return None
    items = (*(one.item.id for one in draft.disputes), *(pk for pk, _ in draft.copies))
    first = draft.promises[0] if draft.promises else None
    (row,) = record_excuses(
        entity=entity,
        drafts=[
            ExcuseDraft(
                draft.customer_id,
                draft.excuse,
                draft.person,
                "call",
                draft.note,
                items or (first.item_ids if first else ()),
                first.currency if first else "",
                first.amount_minor if first else 0,
                draft.named_on or (first.due_on if first else None),
                call_id=call.pk,
                promise_id=promise_ids[0] if promise_ids else None,
                dispute_id=dispute_ids[0] if dispute_ids else None,
            )
        ],
        on=on,
        author=author,
    )
    return row.pk


def _tasks(
    entity_id: int, draft: CallDraft, call: Call, on: date, policy: CallPolicy = CALLS
) -> list[TaskDraft]:
    """Copies to send, and a step further where nobody is reached."""
    found = [
        TaskDraft(
            draft.customer_id,
            copy_key(call.pk, item_id),
            "copy",
            f"Send a copy of {number}: {draft.person or 'they'} asked for it.",
            on,
        )
        for item_id, number in draft.copies
    ]
    if draft.outcome in RIGHT_PARTY:
        return found
    since = on - timedelta(days=policy.within_days)
    calls = Call.objects.filter(
        entity_id=entity_id,
        customer_id=draft.customer_id,
        called_on__range=(since, on),
        taken_back_at=None,
    ).order_by("called_on", "pk")
    reached = [outcome in RIGHT_PARTY for outcome in calls.values_list("outcome", flat=True)]
    tries = reached[::-1].index(True) if True in reached else len(reached)
    if tries >= policy.most_tries and tries % policy.most_tries == 0:
        told = f"{tries} tries in {policy.within_days} days reached nobody: vary hour, channel and "
        told += "person, ask the switchboard. The next step is taken without its wait."
        found.append(TaskDraft(draft.customer_id, avoidance_key(call.pk), ESCALATE, told, on))
    return found


def _confirm(
    entity: Entity,
    draft: CallDraft,
    call: Call,
    dispute_ids: Sequence[int],
    post: _Post,
) -> tuple[int | None, str]:
    """Queue what confirms the call; (its number, why there is none)."""
    agreed = _agreed(draft, dispute_ids)
    if not agreed or not draft.is_confirmed:
        return None, ""
    standing = Standing(entity=entity, on=post.on, customer_ids=[draft.customer_id])
    to, reach = standing.addressed(draft.customer_id), standing.reach[draft.customer_id]
    why = standing.barred.get(draft.customer_id) or _forbidden(standing, draft.customer_id)
    if why is not None:
        return None, why.text
    person = _contact(draft)
    if person and is_address(person.email) and not standing.is_suppressed(person.email):
        to = to._replace(
            recipients=(person.email,),
            why_none=None,
            language=language_of(person.language, to.language),
        )
    if not to.recipients:
        return None, to.why_none.text if to.why_none else ""
    subject, body = write_confirmation(
        words_of_confirmation(to.language),
        person=person.name if person else draft.person or reach.name,
        entity=entity.name,
        agreed=agreed,
        references=_references(entity, draft, post.on),
        today=post.on,
        locale=reader(to.language, tag=reach.language, country=reach.country),
    )
    money = next((one for one in agreed if one.currency), None) or Agreed(
        "", currency=entity.currency
    )
    return _queue(call, standing, to, (subject, body), money, post), ""


def _forbidden(standing: Standing, customer_id: int) -> Reason | None:
    """The rule of law for which a mail would never leave; one that lifts on a day is waited for."""
    for one in standing.gate.stopped(customer_id, "email"):
        if one.is_stop and one.until is None:
            return one.reason
    return None


def _queue(
    call: Call,
    standing: Standing,
    to: Addressed,
    text: tuple[str, str],
    money: Agreed,
    post: _Post,
) -> int:
    """Queue a confirmation; return its number."""
    (id_,) = bulk.reserve_ids(Message, 1)
    key = digest(CONFIRMATION, str(call.pk))
    customer_id, entity_id = call.customer_id, call.entity_id
    policy = standing.policy_of(customer_id, standing.reach[customer_id])
    Message.objects.create(
        id=id_,
        entity_id=entity_id,
        customer_id=customer_id,
        key=key,
        planned_on=post.on,
        policy=policy.name,
        policy_version=policy.version,
        step=CONFIRMATION,
        channel=CONFIRMATION,
        recipients=list(to.recipients),
        language=to.language,
        timezone=standing.timezone(customer_id),
        currency=money.currency,
        amount_minor=money.minor,
        subject=text[0],
        body=text[1],
        message_id=f"<{key[:32]}.{id_}@{post.domain}>",
        state="queued",
        not_before=post.not_before,
        actor=post.author.actor,
        queued_at=post.author.at,
    )
    call.message_id = id_
    call.save(update_fields=["message_id"])
    announce(event=MessagesQueued(entity_id, 1), at=post.author.at)
    return id_


def _agreed(draft: CallDraft, dispute_ids: Sequence[int]) -> list[Agreed]:
    rows = {row.pk: row for row in Dispute.objects.filter(pk__in=list(dispute_ids))}
    return [
        *(
            Agreed("promise", "", one.currency, one.amount_minor, one.due_on, one.condition)
            for one in draft.promises
        ),
        *(
            Agreed(
                "dispute",
                row.number,
                row.currency,
                row.amount_minor,
                row.deadline_on,
                reason=row.reason,
            )
            for row in (rows[pk] for pk in dispute_ids)
        ),
        *(Agreed("copy", number) for _, number in draft.copies),
    ]


def _contact(draft: CallDraft) -> Contact | None:
    """The contact who was spoken to, where they have an address and may be written to."""
    rows = Contact.objects.filter(
        customer_id=draft.customer_id, name__iexact=draft.person, do_not_contact=False
    ).exclude(email="")
    return rows.order_by("role", "pk").first() if draft.person else None


def _references(entity: Entity, draft: CallDraft, on: date) -> list[str]:
    """The numbers of the items that are promised; where none is named, of the oldest."""
    awaited = promised_by_item(entity, on, [draft.customer_id]) if draft.promises else {}
    ids = [pk for one in draft.promises for pk in one.item_ids] or list(awaited)
    facts = line_facts(set(ids), set())
    return list(dict.fromkeys(facts["item", pk].number for pk in ids))[:MOST_REFERENCES]


@whole()
def take_back_recorded(
    *, call_id: int, dispute_ids: Collection[int], on: date, author: Author
) -> Call:
    """Take a call back with all that was recorded in it: promises, disputes, the excuse, tasks, and
    the confirmation while it has not left. Refuses: CallUnknown."""
    who: dict[str, Any] = {"actor": author.actor, "at": author.at}
    row = take_back_call(call_id=call_id, **who)
    for pk in Promise.objects.filter(call_id=call_id, state="open").values_list("pk", flat=True):
        cancel_promise(promise_id=pk, on=on, **who)
    for pk in ExcuseTold.objects.filter(call_id=call_id).values_list("pk", flat=True):
        note_evidence(
            entity_id=row.entity_id, excuse_id=pk, kind="mistake", text="", on=on, author=author
        )
    for pk in dispute_ids:
        close_dispute(dispute_id=pk, verdict="mistake", credit_minor=0, on=on, **who)
    if row.message_id and Message.objects.filter(pk=row.message_id, state="queued").exists():
        cancel_message(message_id=row.message_id, reason=TAKEN_BACK.text, **who)
    return row
