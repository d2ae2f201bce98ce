"""Reads of reviews and signals."""

from collections.abc import Collection
from datetime import date

from duly.credit.errors import ReviewUnknown
from duly.credit.models import CreditReview, CreditSignal, StateCrossing
from duly.credit.queries.limits import limits_on
from duly.parties.models import Customer
from duly.storage.among import among


def reviews(
    *, entity_id: int, customer_id: int | None = None, only_open: bool = False
) -> list[CreditReview]:
    """Reviews of an entity (or one customer): open ones first, by when they are due."""
    rows = CreditReview.objects.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if only_open:
        rows = rows.filter(outcome="")
    return sorted(rows, key=lambda row: (bool(row.outcome), row.due_on, row.pk))


def review(review_id: int) -> CreditReview:
    """The review of a number. Refuses: ReviewUnknown."""
    row = CreditReview.objects.filter(pk=review_id).first()
    if row is None:
        raise ReviewUnknown(
            f"There is no review {review_id}.",
            facts={"review": review_id},
            remedy="Look at `duly credit review list`.",
        )
    return row


def currency_of_limit(row: CreditReview, on: date) -> str:
    """The currency of the limit of whom a review is about, or in which its first one would be."""
    stands = limits_on(row.entity_id, [row.customer_id], on).get(row.customer_id)
    if stands is not None:
        return stands.currency
    customer = Customer.objects.select_related("entity").get(pk=row.customer_id)
    return customer.currency or customer.entity.currency


def signals(
    *, entity_id: int, customer_id: int | None = None, review_id: int | None = None
) -> list[CreditSignal]:
    """What happened, the newest first."""
    rows = CreditSignal.objects.filter(entity_id=entity_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if review_id is not None:
        rows = rows.filter(review_id=review_id)
    return list(rows.order_by("-on", "-pk"))


def signals_of_reviews(review_ids: Collection[int]) -> dict[int, list[CreditSignal]]:
    """{review: the signals that belong to it, the oldest first}."""
    found: dict[int, list[CreditSignal]] = {pk: [] for pk in review_ids}
    rows = CreditSignal.objects.filter(review_id__in=among(review_ids)).order_by("on", "pk")
    for row in rows:
        if row.review_id is not None:
            found[row.review_id].append(row)
    return found


def crossings(entity_id: int, kind: str) -> list[StateCrossing]:
    """Customers that are in a state now, the longest first."""
    rows = StateCrossing.objects.filter(entity_id=entity_id, kind=kind, until_on=None)
    return list(rows.order_by("since_on", "pk"))
