"""Keep what is proposed for money that waits: a projection, made anew by each run."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from duly.cash_application.models import Suggestion
from duly.cash_application.rules.matching import Proposal
from duly.cash_application.rules.outcomes import outcome_of
from duly.storage.among import among


def keep_suggestions(
    *,
    entity_id: int,
    proposals: Sequence[Proposal],
    on: date,
    at: datetime,
    instead_of: Collection[int] | None,
) -> None:
    """Put proposals in the place of those of some payments, or of all of an entity (None)."""
    if instead_of is None:
        Suggestion.objects.filter(entity_id=entity_id).delete()
    else:
        drop_suggestions(instead_of)
    Suggestion.objects.bulk_create(
        (
            Suggestion(
                entity_id=entity_id,
                payment_id=one.payment.id,
                customer_id=one.customer.id if one.customer else None,
                outcome=outcome_of(one),
                made_on=on,
                made_at=at,
                confidence_ppm=int(one.confidence * 1_000_000),
                is_unique=one.unique,
                on_account_minor=one.on_account,
                way=one.way[:64],
                lines=[list(line) for line in one.lines],
                because=list(one.because),
                against=list(one.against),
            )
            for one in proposals
        ),
        batch_size=500,
    )


def drop_suggestions(payment_ids: Collection[int]) -> None:
    """Drop what was proposed for payments."""
    Suggestion.objects.filter(payment_id__in=among(payment_ids)).delete()
