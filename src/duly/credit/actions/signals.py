"""Record what happened at customers; what is grave opens one review of their credit, never two."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.access.actions import Author
from duly.credit.errors import SignalUnknown
from duly.credit.models import CreditReview, CreditSignal, StateCrossing
from duly.credit.rules.reviewing import (
    KINDS,
    REVIEWS,
    ReviewPolicy,
    Seen,
    has_lasted,
    opens_review,
)
from duly.storage import locks
from duly.storage.among import among
from duly.storage.writing import whole


class SignalDraft(NamedTuple):
    """What happened at a customer, when; `source` names it, so that it is recorded once."""

    customer_id: int
    kind: str
    on: date
    source: str = ""
    note: str = ""


def record_signal(
    *,
    entity_id: int,
    customer_id: int,
    kind: str,
    on: date,
    author: Author,
    source: str = "",
    note: str = "",
) -> CreditSignal | None:
    """Record one signal; None when it was recorded before. See `record_signals`."""
    drafts = [SignalDraft(customer_id, kind, on, source, note)]
    return next(iter(record_signals(entity_id=entity_id, drafts=drafts, author=author)), None)


@whole()
def record_signals(
    *,
    entity_id: int,
    drafts: Sequence[SignalDraft],
    author: Author,
    policy: ReviewPolicy = REVIEWS,
) -> list[CreditSignal]:
    """Record what happened; return what was not recorded before.

    A customer whose signals are enough gets a review, unless one is open: then they are its.
    Refuses: SignalUnknown.
    """
    for draft in drafts:
        if draft.kind not in KINDS:
            raise SignalUnknown(
                f"{draft.kind!r} is no signal.",
                facts={"kind": draft.kind, "known": sorted(KINDS)},
                remedy="Take one of " + ", ".join(sorted(KINDS)) + ".",
            )
    if not drafts:
        return []
    hold_reviews(entity_id=entity_id)
    whose = {draft.customer_id for draft in drafts}
    seen, sources = _recorded(entity_id, whose)
    fresh: list[SignalDraft] = []
    opening: dict[int, SignalDraft] = {}
    for draft in drafts:
        key = (draft.customer_id, draft.kind, draft.source)
        if draft.source and key in sources:
            continue
        sources.add(key)
        fresh.append(draft)
        if opens_review(draft.kind, draft.on, seen[draft.customer_id]):
            opening.setdefault(draft.customer_id, draft)
        seen[draft.customer_id].append(Seen(draft.kind, draft.on))
    reviews = _reviews(entity_id, whose, opening, author, policy)
    return CreditSignal.objects.bulk_create(
        CreditSignal(
            entity_id=entity_id,
            **draft._asdict(),
            review_id=reviews.get(draft.customer_id) if KINDS[draft.kind].needed else None,
            actor=author.actor,
            recorded_at=author.at,
        )
        for draft in fresh
    )


def hold_reviews(*, entity_id: int) -> None:
    """Keep others from opening or concluding reviews of an entity until the commit."""
    locks.hold(f"credit-reviews:{entity_id}")


def _recorded(
    entity_id: int, customer_ids: Collection[int]
) -> tuple[dict[int, list[Seen]], set[tuple[int, str, str]]]:
    """{customer: its signals}, and which sources were recorded."""
    seen: dict[int, list[Seen]] = defaultdict(list)
    sources = set()
    rows = CreditSignal.objects.filter(entity_id=entity_id, customer_id__in=among(customer_ids))
    for customer_id, kind, on, source in rows.values_list("customer_id", "kind", "on", "source"):
        seen[customer_id].append(Seen(kind, on))
        sources.add((customer_id, kind, source))
    return seen, sources


def _reviews(
    entity_id: int,
    customer_ids: Collection[int],
    opening: Mapping[int, SignalDraft],
    author: Author,
    policy: ReviewPolicy,
) -> dict[int, int]:
    """{customer: its open review}, of those that have one or get one now."""
    rows = CreditReview.objects.filter(
        entity_id=entity_id, customer_id__in=among(customer_ids), outcome=""
    )
    there = dict(rows.values_list("customer_id", "pk"))
    opened = CreditReview.objects.bulk_create(
        CreditReview(
            entity_id=entity_id,
            customer_id=customer_id,
            cause=draft.kind,
            opened_on=draft.on,
            due_on=draft.on + timedelta(days=policy.days_to_conclude),
            note=draft.note,
            opened_by=author.actor,
            opened_at=author.at,
        )
        for customer_id, draft in opening.items()
        if customer_id not in there
    )
    return there | {row.customer_id: row.pk for row in opened}


@whole()
def follow_states(
    *,
    entity_id: int,
    states: Mapping[int, Collection[str]],
    on: date,
    author: Author,
    policy: ReviewPolicy = REVIEWS,
) -> list[CreditSignal]:
    """Begin and end the states of customers as they are on a day; return the signals of it.

    A state is told when it begins, once; a limit in use for months is told when it has lasted.
    Given: `states` of every customer that may be in one; who is left out is in none.
    """
    hold_reviews(entity_id=entity_id)
    rows = StateCrossing.objects.filter(entity_id=entity_id, until_on=None)
    running = {(row.customer_id, row.kind): row for row in rows}
    now = {(customer_id, kind) for customer_id, kinds in states.items() for kind in kinds}
    over = [row for key, row in running.items() if key not in now]
    for row in over:
        row.until_on = on
    StateCrossing.objects.bulk_update(over, ["until_on"], batch_size=500)
    begun = StateCrossing.objects.bulk_create(
        StateCrossing(entity_id=entity_id, customer_id=customer_id, kind=kind, since_on=on)
        for customer_id, kind in sorted(now - running.keys())
    )
    drafts = [
        SignalDraft(row.customer_id, row.kind, on, f"crossing:{row.pk}")
        for row in begun
        if row.kind in KINDS
    ]
    drafts += [
        SignalDraft(row.customer_id, "limit_use", on, f"crossing:{row.pk}")
        for key, row in running.items()
        if key in now and row.kind == "approaching_limit" and has_lasted(row.since_on, on, policy)
    ]
    return record_signals(entity_id=entity_id, drafts=drafts, author=author, policy=policy)
