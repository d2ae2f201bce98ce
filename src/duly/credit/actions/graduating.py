"""Limits that a rule proposes: starter limits that grow or shrink, dormant ones that lapse."""

from datetime import date

from duly.access.actions import Author
from duly.credit.actions.limits import hold_limits
from duly.credit.errors import CreditRateMissing
from duly.credit.models import LimitProposal
from duly.credit.queries.decisions import proposals_waiting
from duly.credit.queries.graduating import Standing, proposed_before, standings
from duly.credit.queries.policies import powers_on
from duly.credit.rules.authority import Powers
from duly.credit.rules.graduating import Change, propose_change
from duly.kernel.currencies import EXPONENTS
from duly.kernel.money import Money
from duly.parties.models import Entity
from duly.storage.writing import whole


@whole()
def propose_changes(*, entity: Entity, on: date, author: Author) -> list[LimitProposal]:
    """Propose what the rule says of limits that we granted; a person decides.

    Of one limit the rule says each thing once, and nothing while a proposal waits. See: facts,
    credit.md sections 6 and 8.
    """
    hold_limits(entity_id=entity.pk)
    powers = powers_on(entity, on)
    said = proposed_before(entity.pk)
    waiting = {row.customer_id for row in proposals_waiting(entity.pk)}
    rows = []
    for one in standings(entity.pk, on):
        top = _starter_top(one, entity, powers)
        change = None if top is None else propose_change(one.record, on, powers.policy, top)
        is_new = change is not None and (one.limit.limit_id, change.origin) not in said
        if change is not None and is_new and one.customer_id not in waiting:
            rows.append(_proposal(entity.pk, one, change, on, author))
    return LimitProposal.objects.bulk_create(rows)


def _starter_top(one: Standing, entity: Entity, powers: Powers) -> int | None:
    """Up to how much is a starter limit, in the limit's currency; None where no rate tells."""
    digits = EXPONENTS[entity.currency]
    starter = Money(int(powers.policy.starter_amount.scaleb(digits)), entity.currency)
    try:
        return powers.rates.convert(starter, one.limit.currency).minor
    except CreditRateMissing:
        return None


def _proposal(
    entity_id: int, one: Standing, change: Change, on: date, author: Author
) -> LimitProposal:
    limit = one.limit
    insured = min(limit.insured_minor, change.minor)
    review_on = limit.review_on if limit.review_on and limit.review_on >= on else None
    return LimitProposal(
        entity_id=entity_id,
        customer_id=one.customer_id,
        origin=change.origin,
        kind=limit.kind,
        currency=limit.currency,
        amount_minor=change.minor,
        insured_minor=insured,
        secured_minor=min(limit.secured_minor, change.minor - insured),
        terms_band=limit.terms_band or "open",
        terms_days=limit.terms_days,
        from_on=on,
        to_on=limit.to_on,
        review_on=review_on,
        replaces_id=limit.limit_id,
        reason=change.reason,
        because=change.because,
        actor=author.actor,
        recorded_at=author.at,
    )
