"""What was matched: by itself or by people, what of it stands, and who did it."""

from collections.abc import Collection
from datetime import date

from duly.cash_application.models import Match
from duly.cash_application.queries.waiting import BY_PEOPLE, kept_whole
from duly.ledger.queries import batches_by_id
from duly.receivables.queries import standing_applications
from duly.storage.among import among

AUTO = "auto"
_LATEST = 20


def matches(
    *,
    entity_id: int,
    decided: str = "",
    payment_ids: Collection[int] | None = None,
    customer_id: int | None = None,
    first: int = 0,
    limit: int,
) -> list[Match]:
    """Decisions, the newest first: by itself (AUTO), by people, or all; of some payments."""
    rows = Match.objects.filter(entity_id=entity_id)
    if decided:
        rows = rows.filter(decided__in=[AUTO] if decided == AUTO else BY_PEOPLE)
    if payment_ids is not None:
        rows = rows.filter(payment_id__in=among(payment_ids))
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return list(rows.order_by("-id")[first : first + limit])


def last_matched_by(entity_id: int, actor: str, on: date) -> int | None:
    """The payment that a person applied, or put on account, last on a day; still so."""
    rows = Match.objects.filter(entity_id=entity_id, matched_on=on, decided__in=BY_PEOPLE)
    latest = list(rows.order_by("-id").values_list("batch_id", "payment_id", "id")[:_LATEST])
    batches = batches_by_id({batch for batch, _, _ in latest})
    kept = kept_whole([pk for _, _, pk in latest])
    standing = {
        (one.batch_id, one.source_id)
        for one in standing_applications({pk for _, pk, _ in latest}, of_credit=False)
    } | {(batch, payment) for batch, payment, pk in latest if pk in kept}
    return next(
        (
            payment
            for batch, payment, _ in latest
            if batches[batch].actor == actor and (batch, payment) in standing
        ),
        None,
    )
