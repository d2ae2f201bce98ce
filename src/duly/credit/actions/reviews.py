"""Open reviews of customers' credit by the calendar or by hand, and conclude them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duly.access.actions import Author, record_changes
from duly.credit.actions.holds import StopDraft, stop_orders
from duly.credit.actions.limits import LimitDraft, propose_limit, set_limit
from duly.credit.actions.signals import hold_reviews
from duly.credit.errors import (
    ReviewConcluded,
    ReviewOpen,
    ReviewReasonMissing,
    ReviewUnknown,
)
from duly.credit.models import BLOCK, CHANGE_LIMIT, OUTCOMES, CreditReview
from duly.credit.queries.limits import growth_of, limits_on
from duly.credit.queries.policies import powers_on
from duly.credit.queries.reviews import currency_of_limit
from duly.credit.rules.deciding import Terms
from duly.credit.rules.holds import LONGEST_REASON
from duly.credit.rules.limits_in_force import BASE, LAPSED
from duly.credit.rules.reviewing import ASKED, CALENDAR, REVIEWS, ReviewPolicy
from duly.parties.queries import entity
from duly.storage.among import among
from duly.storage.writing import whole


class DueReview(NamedTuple):
    """A customer whose review the calendar asks for, by when and by what rule."""

    customer_id: int
    due_on: date
    why: str


@whole()
def open_due_reviews(
    *, entity_id: int, due: Sequence[DueReview], on: date, author: Author
) -> list[CreditReview]:
    """Open the reviews that the calendar asks for; whoever is being reviewed is left alone."""
    if not due:
        return []
    hold_reviews(entity_id=entity_id)
    rows = CreditReview.objects.filter(
        entity_id=entity_id, customer_id__in=among({one.customer_id for one in due}), outcome=""
    )
    there = set(rows.values_list("customer_id", flat=True))
    return CreditReview.objects.bulk_create(
        CreditReview(
            entity_id=entity_id,
            customer_id=one.customer_id,
            cause=CALENDAR,
            opened_on=on,
            due_on=one.due_on,
            note=one.why,
            opened_by=author.actor,
            opened_at=author.at,
        )
        for one in due
        if one.customer_id not in there
    )


@whole()
def open_review(
    *,
    entity_id: int,
    customer_id: int,
    on: date,
    author: Author,
    owner: str = "",
    note: str = "",
    policy: ReviewPolicy = REVIEWS,
) -> CreditReview:
    """Open a review because a person wants it. Refuses: ReviewOpen."""
    hold_reviews(entity_id=entity_id)
    there = CreditReview.objects.filter(
        entity_id=entity_id, customer_id=customer_id, outcome=""
    ).first()
    if there is not None:
        raise ReviewOpen(
            f"Review {there.pk} of this customer is open since {there.opened_on}.",
            facts={"review": there.pk, "opened_on": there.opened_on},
            remedy="Conclude that one; there are never two.",
        )
    return CreditReview.objects.create(
        entity_id=entity_id,
        customer_id=customer_id,
        cause=ASKED,
        opened_on=on,
        due_on=on + timedelta(days=policy.days_to_conclude),
        owner=owner or author.actor,
        note=note,
        opened_by=author.actor,
        opened_at=author.at,
    )


@whole()
def take_review(*, entity_id: int, review_id: int, owner: str, author: Author) -> CreditReview:
    """Say who does a review. Refuses: ReviewUnknown, ReviewConcluded."""
    row = _open(entity_id, review_id)
    before, row.owner = row.owner, owner
    row.save(update_fields=["owner"])
    record_changes(
        noun="credit review",
        changes=[(row.pk, {"owner": before}, {"owner": owner})],
        author=author,
    )
    return row


@whole()
def conclude_review(
    *,
    entity_id: int,
    review_id: int,
    outcome: str,
    reason: str,
    on: date,
    author: Author,
    limit_minor: int | None = None,
) -> CreditReview:
    """Give a review its outcome and the reason for it.

    A changed limit is lowered here and now; one that grows is proposed, for another person to
    decide; a block stops orders. `limit_minor` is in the currency of the limit that stands.
    Refuses: ReviewReasonMissing, ReviewUnknown, ReviewConcluded, and what limits refuse.
    """
    is_changed = outcome == CHANGE_LIMIT
    if (
        not reason.strip()
        or outcome not in dict(OUTCOMES)
        or is_changed != (limit_minor is not None)
    ):
        raise ReviewReasonMissing(
            "A review ends with an outcome and the reason for it.",
            facts={"outcome": outcome, "known": [name for name, _ in OUTCOMES]},
            remedy="Say what was decided (keep, change_limit with the limit, block) and why.",
        )
    row = _open(entity_id, review_id)
    if outcome == BLOCK:
        stop = StopDraft(row.customer_id, "blocked", reason.strip()[:LONGEST_REASON])
        stop_orders(entity_id=row.entity_id, drafts=[stop], on=on, author=author)
    if limit_minor is not None:
        _change_limit(row, limit_minor, reason.strip(), on, author)
    row.outcome, row.reason = outcome, reason.strip()
    row.concluded_on, row.concluded_by = on, author.actor
    row.save(update_fields=["outcome", "reason", "concluded_on", "concluded_by"])
    record_changes(
        noun="credit review",
        changes=[(row.pk, {"outcome": ""}, {"outcome": outcome, "reason": row.reason})],
        author=author,
    )
    return row


def _change_limit(
    row: CreditReview, limit_minor: int, reason: str, on: date, author: Author
) -> None:
    """Lower a customer's limit, or propose the one that is more."""
    stands = limits_on(row.entity_id, [row.customer_id], on).get(row.customer_id)
    terms = Terms(from_on=on)
    if stands is not None and stands.terms_band not in ("", "prepay"):
        terms = terms._replace(terms_band=stands.terms_band, terms_days=stands.terms_days)
    if stands is not None and stands.kind == BASE and stands.source != LAPSED:
        terms = terms._replace(replaces_id=stands.limit_id)
    currency = currency_of_limit(row, on)
    draft = LimitDraft(row.customer_id, currency, limit_minor, terms, reason)
    rates = powers_on(entity(str(row.entity_id)), on).rates
    if growth_of(row.entity_id, row.customer_id, draft.money, terms, rates.convert) is None:
        set_limit(entity_id=row.entity_id, draft=draft, on=on, author=author)
    else:
        propose_limit(
            entity_id=row.entity_id, draft=draft, author=author, because={"review": row.pk}
        )


def _open(entity_id: int, review_id: int) -> CreditReview:
    """A review that has no outcome yet, locked."""
    rows = CreditReview.objects.select_for_update().filter(entity_id=entity_id, pk=review_id)
    row = rows.first()
    if row is None:
        raise ReviewUnknown(
            f"There is no review {review_id}.",
            facts={"review": review_id},
            remedy="Look at `duly credit review list`.",
        )
    if row.outcome:
        raise ReviewConcluded(
            f"Review {review_id} ended on {row.concluded_on}: {row.get_outcome_display().lower()}.",
            facts={"review": review_id, "outcome": row.outcome},
            remedy="Open another one if the customer is to be looked at again.",
        )
    return row
