"""Say what customers' codes mean, and who clears which reason in how many days."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.disputes.errors import DutyUnfit, MappingUnknown
from duly.disputes.models import DutyVersion, ReasonMapping
from duly.disputes.queries.reasons import policy_on
from duly.disputes.rules.disputing import refuse_unknown
from duly.disputes.rules.reasons import EVERYBODY, their_code
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole

LONGEST_OWNER = 120
MOST_DAYS = 366


class MappingDraft(NamedTuple):
    """What a code means; of one customer, or of all."""

    code: str
    reason: str
    customer_id: int = EVERYBODY


class DutyDraft(NamedTuple):
    """Who clears a reason, and within how many days."""

    reason: str
    owner: str
    target_days: int


@whole()
def map_reasons(*, entity_id: int, drafts: Sequence[MappingDraft], on: date, author: Author) -> int:
    """Keep what customers' codes mean; the last word on a code counts. Return how many changed.

    Disputes that are open keep their reason. Refuses: DisputeReasonUnknown, MappingUnknown.
    """
    locks.hold(f"reasons:{entity_id}")
    policy = policy_on(entity_id, on)
    wanted: dict[tuple[int, str], str] = {}
    for draft in drafts:
        refuse_unknown(draft.reason, policy)
        code = their_code(draft.code)
        if not code:
            raise _unknown(draft.code)
        wanted[draft.customer_id, code] = draft.reason
    codes = {code for _, code in wanted}
    there = ReasonMapping.objects.filter(entity_id=entity_id, code__in=among(codes))
    before = {(row.customer_id, row.code): row.reason for row in there}
    changed = {key: reason for key, reason in wanted.items() if before.get(key) != reason}
    told = {"actor": author.actor, "recorded_at": author.at}
    rows = ReasonMapping.objects.bulk_create(
        [
            ReasonMapping(entity_id=entity_id, customer_id=c, code=code, reason=reason, **told)
            for (c, code), reason in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["entity_id", "customer_id", "code"],
        update_fields=["reason", "actor", "recorded_at"],
    )
    changes = [
        (
            row.pk,
            {"reason": before.get((row.customer_id, row.code), "")},
            {"customer_id": row.customer_id, "code": row.code, "reason": row.reason},
        )
        for row in rows
    ]
    record_changes(noun="reason mapping", changes=changes, author=author)
    return len(changed)


@whole()
def drop_mapping(*, entity_id: int, code: str, customer_id: int, author: Author) -> ReasonMapping:
    """Forget what a code means: it is "other" again. Refuses: MappingUnknown."""
    rows = ReasonMapping.objects.filter(entity_id=entity_id, customer_id=customer_id)
    row = rows.filter(code=their_code(code)).first()
    if row is None:
        raise _unknown(code)
    change = (row.pk, {"code": row.code, "reason": row.reason}, {"reason": ""})
    record_changes(noun="reason mapping", changes=[change], author=author)
    rows.filter(pk=row.pk).delete()
    return row


def _unknown(code: str) -> MappingUnknown:
    return MappingUnknown(
        f"{code[:64]!r} is no code that is mapped here.",
        facts={"code": code[:64]},
        remedy="Look at `duly dispute reasons list`.",
    )


@whole()
def set_duties(*, entity_id: int, drafts: Sequence[DutyDraft], on: date, author: Author) -> int:
    """Say who clears reasons, and in how many days, from a day on. Return how many changed.

    What is open keeps its owner and its deadline. Refuses: DisputeReasonUnknown, DutyUnfit.
    """
    locks.hold(f"reasons:{entity_id}")
    policy = policy_on(entity_id, on)
    changed = []
    for draft in drafts:
        refuse_unknown(draft.reason, policy)
        owner = draft.owner.strip()
        if not 0 < len(owner) <= LONGEST_OWNER or not 0 < draft.target_days <= MOST_DAYS:
            raise DutyUnfit(
                f"{draft.reason} needs somebody who clears it, in 1 to {MOST_DAYS} days.",
                facts={"reason": draft.reason, "owner": owner, "days": draft.target_days},
                remedy=f"Name who clears it in up to {LONGEST_OWNER} characters, and the days.",
            )
        if policy.duties[draft.reason] != (owner, draft.target_days):
            changed.append(draft._replace(owner=owner))
    told = {"from_on": on, "actor": author.actor, "recorded_at": author.at}
    rows = DutyVersion.objects.bulk_create(
        [DutyVersion(entity_id=entity_id, **draft._asdict(), **told) for draft in changed]
    )
    record_changes(
        noun="duty",
        changes=[
            (row.pk, policy.duties[row.reason]._asdict(), {**draft._asdict(), "from_on": str(on)})
            for row, draft in zip(rows, changed, strict=True)
        ],
        author=author,
    )
    return len(changed)
