"""Score who asks for credit again whenever something that a card looks at comes in."""

from datetime import date

from duly.access.actions import Author
from duly.credit.actions.scores import score_request
from duly.credit.models import CreditDecision, CreditRequest, CustomerScore
from duly.credit.queries.known import known_of_request
from duly.credit.queries.scores import cards_on, latest_row_of_request, score_of
from duly.credit.rules.card_documents import plain
from duly.credit.rules.scorecards import Score, is_scorable, score
from duly.parties.models import Entity
from duly.storage import locks
from duly.storage.writing import whole


@whole()
def rescore_request(*, request_id: int, on: date, author: Author) -> CustomerScore | None:
    """Score a request by what is known of it now; return its last score, or None without one.

    Rule: a draft and what is decided are left as they are, and a score that would say the same by
    the same card is not kept twice.
    """
    locks.hold(f"score:{request_id}")
    request = CreditRequest.objects.get(pk=request_id)
    last = latest_row_of_request(request_id)
    is_decided = CreditDecision.objects.filter(request_id=request_id).exists()
    if request.submitted_on is None or is_decided:
        return last
    factors = known_of_request(Entity.objects.get(pk=request.entity_id), request, on)
    card = cards_on(request.entity_id, on).champion
    if not is_scorable(card, factors):
        return last
    if last is not None and _told(score_of(last)) == _told(score(card, factors)):
        return last
    return score_request(
        entity_id=request.entity_id,
        request_id=request_id,
        customer_id=request.customer_id,
        factors=factors,
        on=on,
        author=author,
    )


def _told(one: Score) -> tuple[object, ...]:
    """What a score says, for comparing one that was kept with a new one."""
    factors = [
        (each.id, "" if each.value is None else plain(each.value), each.points)
        for each in one.factors
    ]
    return (one.version, one.points, one.band, one.known_weight, one.is_declined, factors)
