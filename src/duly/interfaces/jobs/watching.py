"""The daily look at customers' credit: what happened becomes a signal, what is due a review."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from duly.access.actions import Author
from duly.credit.actions.graduating import propose_changes
from duly.credit.actions.reviews import DueReview, open_due_reviews
from duly.credit.actions.scores import score_customers
from duly.credit.actions.settled_orders import settle_orders
from duly.credit.actions.signals import SignalDraft, follow_states, record_signals
from duly.credit.models import CreditReview, CreditSignal
from duly.credit.models.scores import CHAMPION
from duly.credit.queries.insurance import cover_of
from duly.credit.queries.scores import adoption_on, last_scored_on
from duly.credit.queries.watching import (
    bands_of,
    limits_of_entity,
    reviews_due,
    score_drops,
    uses_of,
)
from duly.credit.rules.reviewing import states_of
from duly.parties.models import Entity
from duly.receivables.queries.trading import returns_since

DAYS_BACK = 31  # a day that was not looked at is looked at later
SCORED_FOR_DAYS = 30


@dataclass(frozen=True)
class Look:
    """What a look found that was not known before."""

    signals: list[CreditSignal]
    reviews: list[CreditReview]


def watch_credit(*, entity: Entity, on: date, actor: str, at: datetime) -> Look:
    """Look at everybody who has a limit; return the signals and the reviews of the calendar.

    Looking twice finds nothing new: what happened has a name, a state is told when it begins.
    Limits that the rule would change are proposed, orders that were invoiced whole are noted. A
    book is scored first where a person adopted a card, and then each month.
    """
    author = Author(actor, at)
    settle_orders(entity_id=entity.pk, on=on)
    scored_on = last_scored_on(entity.pk)
    if scored_on is None:
        is_due = adoption_on(entity.pk, CHAMPION, on) is not None
    else:
        is_due = scored_on <= on - timedelta(days=SCORED_FOR_DAYS)
    if is_due:
        score_customers(entity=entity, customer_ids=None, on=on, author=author)
    returned = [
        SignalDraft(
            one.customer_id, "returned_payment", one.returned_on, f"return:{one.payment_id}"
        )
        for one in returns_since(entity.pk, on - timedelta(days=DAYS_BACK), on)
        if one.customer_id is not None
    ]
    fallen = [
        SignalDraft(
            one.customer_id,
            "score_drop",
            one.on,
            f"score:{one.score_id}",
            f"From {one.before} to {one.after}",
        )
        for one in score_drops(entity.pk, on - timedelta(days=DAYS_BACK), on)
    ]
    signals = record_signals(entity_id=entity.pk, drafts=[*returned, *fallen], author=author)
    limits = limits_of_entity(entity.pk, on)
    uses = uses_of(entity, limits, on)
    signals += follow_states(
        entity_id=entity.pk,
        states={pk: states_of(use, on) for pk, use in uses.items()},
        on=on,
        author=author,
    )
    insured = [pk for pk, one in cover_of(entity, on).items() if one.limit is not None]
    coming = reviews_due(entity, limits, on, bands_of(entity.pk, limits), insured)
    due = [
        DueReview(pk, one.due_on, one.why) for pk, one in sorted(coming.items()) if one.due_on <= on
    ]
    reviews = open_due_reviews(entity_id=entity.pk, due=due, on=on, author=author)
    propose_changes(entity=entity, on=on, author=author)
    return Look(signals, reviews)
