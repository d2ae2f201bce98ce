"""Write down policies and templates, choose who is under which, and say whom not to write to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from duly.access.actions import Author, record_changes
from duly.collections.actions.laws import stop_messages
from duly.collections.errors import BlockUnknown, ChoiceUnknown, SuppressionUnknown
from duly.collections.models import Block, PolicyChoice, PolicyVersion, Suppression, Template
from duly.collections.policy import DunningPolicy
from duly.collections.queries.laws import lint_letter
from duly.collections.queries.policies import policy_named, template_names
from duly.collections.rules.laws.linter import refuse_unlawful
from duly.collections.rules.policies import Choice, read_policy
from duly.collections.rules.reasons import Reason
from duly.collections.rules.templates import refuse_unfit
from duly.parties.models import Entity
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


@whole()
def save_policy(
    *, entity_id: int, document: Mapping[str, Any], valid_from: date, actor: str, at: datetime
) -> DunningPolicy:
    """Keep a version of a dunning policy, valid from a day. Refuses: PolicyUnfit."""
    locks.hold(f"policies:{entity_id}")
    templates = template_names(entity_id)
    read_policy(document, version=0, valid_from=valid_from, templates=templates)
    rows = PolicyVersion.objects.filter(entity_id=entity_id, name=document["name"])
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    PolicyVersion.objects.create(
        entity_id=entity_id,
        name=document["name"],
        version=version,
        valid_from=valid_from,
        document=dict(document),
        actor=actor,
        recorded_at=at,
    )
    return read_policy(document, version=version, valid_from=valid_from, templates=templates)


@whole()
def choose_policy(
    *,
    entity_id: int,
    policy: str,
    scope: str,
    on: date,
    actor: str,
    at: datetime,
    segment: str = "",
    record_id: int = 0,
) -> PolicyChoice:
    """Put an item, a customer, a segment or the entity under a policy. Refuses: PolicyUnknown."""
    policy_named(entity_id, policy, on)
    return _choose(entity_id, Choice(scope, segment, record_id, policy), on, actor, at)


@whole()
def end_choice(
    *,
    entity_id: int,
    scope: str,
    on: date,
    actor: str,
    at: datetime,
    segment: str = "",
    record_id: int = 0,
) -> PolicyChoice:
    """End a choice from a day on: whatever holds around it holds there too. The choice and its end
    both stay written. Refuses: ChoiceUnknown."""
    ended = Choice(scope, segment, record_id, "")
    before = _chosen(entity_id, ended, on)
    if before is None or not before.policy:
        raise ChoiceUnknown(
            "Nobody chose a policy for this.",
            facts={"scope": scope, "segment": segment, "on": on},
            remedy="Look at `duly policy list`.",
        )
    return _choose(entity_id, ended, on, actor, at)


def _choose(entity_id: int, choice: Choice, on: date, actor: str, at: datetime) -> PolicyChoice:
    """Write a choice, or with an empty policy its end, beside what it replaces."""
    before = _chosen(entity_id, choice, on)
    row = PolicyChoice.objects.create(
        entity_id=entity_id, **choice._asdict(), from_on=on, actor=actor, recorded_at=at
    )
    was = {"policy": before.policy if before else ""}
    change = (row.pk, was, {**choice._asdict(), "from_on": on.isoformat()})
    record_changes(noun="policy choice", changes=[change], author=Author(actor, at))
    return row


def _chosen(entity_id: int, choice: Choice, on: date) -> PolicyChoice | None:
    """The newest choice of the same scope that holds on a day."""
    rows = PolicyChoice.objects.filter(
        entity_id=entity_id,
        scope=choice.scope,
        segment=choice.segment,
        record_id=choice.record_id,
        from_on__lte=on,
    )
    return rows.order_by("-from_on", "-pk").first()


@whole()
def save_template(
    *,
    entity_id: int,
    name: str,
    language: str,
    subject: str,
    body: str,
    actor: str,
    at: datetime,
) -> Template:
    """Keep a version of a text in one language. Refuses: TemplateUnfit; WordingUnlawful where a
    rule of law stops it."""
    refuse_unfit(subject, body)
    entity = Entity.objects.get(pk=entity_id)
    refuse_unlawful(
        lint_letter(
            entity=entity, subject=subject, body=body, language=language, stage=name, on=at.date()
        )
    )
    locks.hold(f"policies:{entity_id}")
    rows = Template.objects.filter(entity_id=entity_id, name=name, language=language)
    return Template.objects.create(
        entity_id=entity_id,
        name=name,
        language=language,
        version=(rows.aggregate(newest=Max("version"))["newest"] or 0) + 1,
        subject=subject,
        body=body,
        actor=actor,
        recorded_at=at,
    )


@whole()
def place_block(
    *,
    entity_id: int,
    customer_id: int,
    kind: str,
    reason: str,
    from_on: date,
    until_on: date | None,
    actor: str,
    at: datetime,
    item_id: int | None = None,
) -> Block:
    """Say that a customer, or one item, is not to be chased for a time, and why."""
    told = {"kind": kind, "reason": reason, "from_on": from_on, "until_on": until_on}
    return _place(entity_id, [(customer_id, item_id)], told, Author(actor, at))[0]


@whole()
def place_blocks(
    *,
    entity_id: int,
    customer_ids: Collection[int],
    kind: str,
    reason: str,
    from_on: date,
    until_on: date | None,
    actor: str,
    at: datetime,
) -> list[Block]:
    """Say that several customers are not to be chased for a time, and why."""
    told = {"kind": kind, "reason": reason, "from_on": from_on, "until_on": until_on}
    return _place(entity_id, [(id_, None) for id_ in customer_ids], told, Author(actor, at))


def _place(
    entity_id: int,
    whom: Sequence[tuple[int, int | None]],
    told: Mapping[str, Any],
    author: Author,
) -> list[Block]:
    """Blocks of (customer, item or None) and their place in the trail; a stay stops what is queued
    for the customer the same minute."""
    given = {"entity_id": entity_id, "actor": author.actor, "recorded_at": author.at, **told}
    rows = Block.objects.bulk_create(
        [Block(customer_id=customer, item_id=item, **given) for customer, item in whom]
    )
    days = {
        name: told[name].isoformat() if told[name] else None for name in ("from_on", "until_on")
    }
    changes: list[Any] = [
        (row.pk, {}, {"customer_id": row.customer_id, "item_id": row.item_id, **told, **days})
        for row in rows
    ]
    record_changes(noun="block", changes=changes, author=author)
    stayed = [customer for customer, item in whom if item is None]
    if told["kind"] == "legal" and told["from_on"] <= author.at.date():
        why = Reason("legal", f"{rows[0].get_kind_display()}: {told['reason']}")
        stop_messages(entity_id=entity_id, customer_ids=stayed, why=why, author=author)
    return rows


@whole()
def end_block(*, block_id: int, actor: str, at: datetime) -> Block:
    """End a block; chasing goes on. Refuses: BlockUnknown."""
    row = Block.objects.select_for_update().filter(pk=block_id, ended_at=None).first()
    if row is None:
        raise BlockUnknown(
            f"There is no block {block_id} in force.",
            facts={"block": block_id},
            remedy="Look at `duly block list`.",
        )
    row.ended_at, row.actor = at, actor
    row.save(update_fields=["ended_at", "actor"])
    change = (row.pk, {"is_ended": False}, {"is_ended": True})
    record_changes(noun="block", changes=[change], author=Author(actor, at))
    return row


@whole()
def end_blocks(*, block_ids: Collection[int], actor: str, at: datetime) -> int:
    """End those of some blocks that are in force; return how many that were."""
    rows = Block.objects.select_for_update().filter(pk__in=among(block_ids), ended_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Block.objects.filter(pk__in=among(ids)).update(ended_at=at, actor=actor)
    changes: list[Any] = [(id_, {"is_ended": False}, {"is_ended": True}) for id_ in ids]
    record_changes(noun="block", changes=changes, author=Author(actor, at))
    return len(ids)


@whole()
def suppress(
    *, entity_id: int, address: str, reason: str, on: date, actor: str, at: datetime
) -> Suppression:
    """Send nothing to an address any more."""
    row, is_new = Suppression.objects.get_or_create(
        entity_id=entity_id,
        address=address.strip().lower(),
        defaults={"reason": reason[:500], "since_on": on, "recorded_at": at},
    )
    if is_new:
        _trail_suppression(row, {}, {"address": row.address, "reason": row.reason}, actor, at)
    return row


@whole()
def lift_suppression(*, entity_id: int, address: str, actor: str, at: datetime) -> Suppression:
    """Send to an address again: it works now, as somebody found. Refuses: SuppressionUnknown."""
    rows = Suppression.objects.select_for_update().filter(entity_id=entity_id)
    row = rows.filter(address=address.strip().lower()).first()
    if row is None:
        raise SuppressionUnknown(
            f"Mail to {address!r} is not kept back.",
            facts={"address": address},
            remedy="Look at `duly suppression list`.",
        )
    _trail_suppression(row, {"address": row.address, "reason": row.reason}, {}, actor, at)
    rows.filter(pk=row.pk).delete()
    return row


def _trail_suppression(
    row: Suppression, before: dict[str, Any], after: dict[str, Any], actor: str, at: datetime
) -> None:
    record_changes(noun="suppression", changes=[(row.pk, before, after)], author=Author(actor, at))
