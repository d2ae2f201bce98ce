"""Write down policies and templates, choose who is under which, and say whom not to write to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from duly.collections.errors import BlockUnknown
from duly.collections.models import Block, PolicyChoice, PolicyVersion, Suppression, Template
from duly.collections.policy import DunningPolicy
from duly.collections.queries.policies import policy_named, template_names
from duly.collections.rules.policies import read_policy
from duly.collections.rules.templates import refuse_unfit
from duly.storage import locks
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
    return PolicyChoice.objects.create(
        entity_id=entity_id,
        scope=scope,
        segment=segment,
        record_id=record_id,
        policy=policy,
        from_on=on,
        actor=actor,
        recorded_at=at,
    )


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
    """Keep a version of a text in one language. Refuses: TemplateUnfit."""
    refuse_unfit(subject, body)
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
    return Block.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        item_id=item_id,
        kind=kind,
        reason=reason,
        from_on=from_on,
        until_on=until_on,
        actor=actor,
        recorded_at=at,
    )


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
    return row


@whole()
def suppress(*, entity_id: int, address: str, reason: str, on: date, at: datetime) -> Suppression:
    """Send nothing to an address any more."""
    row, _ = Suppression.objects.get_or_create(
        entity_id=entity_id,
        address=address.strip().lower(),
        defaults={"reason": reason[:500], "since_on": on, "recorded_at": at},
    )
    return row
