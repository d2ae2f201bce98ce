"""Write excuses down: the firm's own library, what customers told, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from duly.access.actions import Author, announce
from duly.collections.actions.choosing import place_block
from duly.collections.actions.queueing import TaskDraft, raise_tasks
from duly.collections.errors import ExcuseUnknown
from duly.collections.events import ExcusesTold
from duly.collections.models import ExcuseEvidence, ExcuseTold, ExcuseVersion, Task
from duly.collections.queries.excuses import cleared_before, excuse_named, excuses_of
from duly.collections.queries.standing import works
from duly.collections.rules.excuses import (
    Excuse,
    document_of,
    follow_day,
    read_excuse,
    refuse_taken_key,
)
from duly.credit.actions.signals import SignalDraft, record_signals
from duly.disputes.queries.reasons import policy_on
from duly.kernel.ids import digest
from duly.parties.models import Entity
from duly.receivables.queries import open_of_customers
from duly.storage import locks
from duly.storage.writing import whole


@whole()
def save_excuse(
    *, entity_id: int, document: Mapping[str, Any], on: date, actor: str, at: datetime
) -> Excuse:
    """Keep a version of an excuse of the firm's own. Refuses: ExcuseUnfit."""
    locks.hold(f"excuses:{entity_id}")
    duties = policy_on(entity_id, on).duties
    read = read_excuse(document, reasons=duties)
    refuse_taken_key(read, excuses_of(entity_id).values())
    rows = ExcuseVersion.objects.filter(entity_id=entity_id, code=read.code)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    row = ExcuseVersion(entity_id=entity_id, code=read.code, version=version)
    row.document, row.actor, row.recorded_at = document_of(read), actor, at
    row.save()
    return read._replace(version=version)


class ExcuseDraft(NamedTuple):
    """An excuse as a customer told it; `excuse` is a code or a key."""

    customer_id: int
    excuse: str
    speaker: str = ""
    channel: str = "call"
    note: str = ""
    items: tuple[int, ...] = ()
    currency: str = ""
    amount_minor: int = 0
    named_on: date | None = None
    call_id: int | None = None
    mail_id: int | None = None
    promise_id: int | None = None
    dispute_id: int | None = None


@whole()
def record_excuses(
    *, entity: Entity, drafts: Sequence[ExcuseDraft], on: date, author: Author
) -> list[ExcuseTold]:
    """Write down what was told: each is followed up by a task on its day.

    One that was told and cleared before is told to credit as a signal, as is what speaks of
    distress; one that stops every demand places a legal stay.
    Refuses: ExcuseUnknown. Announces: ExcusesTold.
    """
    if not drafts:
        return []
    locks.hold(f"excuses:{entity.pk}")
    excuses = [excuse_named(entity.pk, draft.excuse) for draft in drafts]
    drafts = _with_amounts(entity, drafts)
    whose = [(draft.customer_id, one.code) for draft, one in zip(drafts, excuses, strict=True)]
    before = cleared_before(entity.pk, on=on, pairs=whose)
    rows = ExcuseTold.objects.bulk_create(
        _row(entity, draft, one, before[draft.customer_id, one.code], on, author)
        for draft, one in zip(drafts, excuses, strict=True)
    )
    raise_tasks(
        entity_id=entity.pk,
        drafts=[
            task
            for row, one in zip(rows, excuses, strict=True)
            for task in _tasks(row, one, draft_on=on)
        ],
        actor=author.actor,
        at=author.at,
    )
    _consequences(entity.pk, rows, excuses, on, author)
    announce(event=ExcusesTold(entity.pk, tuple(row.pk for row in rows)), at=author.at)
    return rows


def _with_amounts(entity: Entity, drafts: Sequence[ExcuseDraft]) -> list[ExcuseDraft]:
    """Drafts that name no money, with what is open of their items, or of all in one currency."""
    owed = open_of_customers(
        entity_id=entity.pk, customer_ids={draft.customer_id for draft in drafts}
    )
    found = []
    for draft in drafts:
        if not draft.currency:
            sums = {
                currency: sum(
                    minor for pk, minor in rows if not draft.items or pk in set(draft.items)
                )
                for (customer_id, currency), rows in owed.items()
                if customer_id == draft.customer_id
            }
            currency = max(
                sums, key=lambda code: (sums[code] > 0, code == entity.currency), default=""
            )
            draft = draft._replace(
                currency=currency or entity.currency, amount_minor=sums.get(currency, 0)
            )
        found.append(draft)
    return found


def _row(
    entity: Entity, draft: ExcuseDraft, one: Excuse, repeat: int, on: date, author: Author
) -> ExcuseTold:
    given = draft._asdict()
    del given["excuse"]
    return ExcuseTold(
        **{**given, "items": list(draft.items)},
        entity_id=entity.pk,
        code=one.code,
        version=one.version,
        proof=one.proof,
        told_on=on,
        owner=one.owner,
        evidence=one.evidence,
        follow_on=_working(follow_day(one, on, draft.named_on), entity.country),
        within_on=max(on + timedelta(days=one.within_days), draft.named_on or on),
        repeat=repeat,
        actor=author.actor,
        recorded_at=author.at,
    )


def _working(day: date, country: str) -> date:
    """The day, or the first after it on which offices work."""
    days = (day + timedelta(days=count) for count in range(14))
    return next((one for one in days if works(one, country)), day)


def _tasks(row: ExcuseTold, one: Excuse, draft_on: date) -> list[TaskDraft]:
    again = f" (heard {row.repeat + 1} times)" if row.repeat else ""
    told = f"Excuse of {row.told_on}: {one.name}{again}. {one.action}".strip()
    found = [TaskDraft(row.customer_id, _follow_key(row.pk), "excuse", told, row.follow_on)]
    if one.proof == "copy":
        text = f"{one.name}: {one.action} Owner: {one.owner}."
        found.append(TaskDraft(row.customer_id, _copy_key(row.pk), "copy", text, draft_on))
    return found


def _consequences(
    entity_id: int,
    rows: Sequence[ExcuseTold],
    excuses: Sequence[Excuse],
    on: date,
    author: Author,
) -> None:
    """Signals to credit, and legal stays."""
    signals = []
    for row, one in zip(rows, excuses, strict=True):
        source = f"excuse:{row.pk}"
        if one.signal:
            signals.append(SignalDraft(row.customer_id, one.signal, on, source, one.name))
        if row.repeat:
            told = f"{one.name}: heard {row.repeat + 1} times"
            signals.append(SignalDraft(row.customer_id, "excuse_repeated", on, source, told))
        if one.stop:
            place_block(
                entity_id=entity_id,
                customer_id=row.customer_id,
                kind="legal",
                reason=f"{one.name}. {row.note}".strip()[:500],
                from_on=on,
                until_on=None,
                actor=author.actor,
                at=author.at,
            )
    record_signals(entity_id=entity_id, drafts=signals, author=author)


def _follow_key(excuse_id: int) -> str:
    """The key of the task that looks at an excuse again."""
    return digest("excuse", str(excuse_id))


def _copy_key(excuse_id: int) -> str:
    """The key of the task that sends what an excuse asks for."""
    return digest("excuse copy", str(excuse_id))


@whole()
def note_evidence(
    *, entity_id: int, excuse_id: int, kind: str, text: str, on: date, author: Author
) -> ExcuseEvidence:
    """Write down what came of an excuse: a copy was sent, or a person found it true or not.

    The task it belongs to is done with it. Refuses: ExcuseUnknown.
    """
    if not ExcuseTold.objects.filter(entity_id=entity_id, pk=excuse_id).exists():
        raise ExcuseUnknown(
            f"No excuse was told under number {excuse_id}.",
            facts={"excuse": excuse_id},
            remedy="Look at `duly excuse told`.",
        )
    row = ExcuseEvidence.objects.create(
        excuse_id=excuse_id,
        entity_id=entity_id,
        kind=kind,
        seen_on=on,
        text=text,
        actor=author.actor,
        recorded_at=author.at,
    )
    key = _copy_key(excuse_id) if kind == "copy" else _follow_key(excuse_id)
    Task.objects.filter(key=key, done_at=None).update(done_at=author.at, actor=author.actor)
    return row
