"""Grant, lower and propose limits. No limit is written without the decision that granted it."""

from datetime import date
from typing import Any, NamedTuple

from duly.access.actions import Author
from duly.credit.errors import LimitsOverlap, LimitUnfit, LimitUnknown, OwnCreditWork
from duly.credit.models import CreditDecision, CreditLimit, LimitProposal
from duly.credit.queries.decisions import person_acting
from duly.credit.queries.limits import following, granted_to, growth_of, limits_on
from duly.credit.queries.policies import powers_on
from duly.credit.rules.authority import Powers, counted, refuse_above, refuse_role
from duly.credit.rules.deciding import Terms, granted, refuse_unfit_limit, terms_from
from duly.credit.rules.limits_in_force import Granted, LimitInForce, overlapping
from duly.credit.rules.terms_bands import loosens
from duly.kernel.money import Money
from duly.parties.models import Customer
from duly.parties.queries import entity
from duly.storage import locks
from duly.storage.writing import whole


class LimitDraft(NamedTuple):
    """A limit that somebody wants for a customer."""

    customer_id: int
    currency: str
    amount_minor: int
    terms: Terms
    reason: str

    @property
    def money(self) -> Money:
        """How much."""
        return Money(self.amount_minor, self.currency)


@whole()
def propose_limit(
    *,
    entity_id: int,
    draft: LimitDraft,
    author: Author,
    origin: str = "person",
    because: dict[str, Any] | None = None,
) -> LimitProposal:
    """Write down a limit for another person to decide about.

    Refuses: LimitUnfit, LimitsOverlap, LimitUnknown.
    """
    hold_limits(entity_id=entity_id)
    refuse_unfit_limit(draft.money, draft.terms, draft.reason)
    _refuse_overlap(entity_id, draft.customer_id, draft.money, draft.terms)
    return LimitProposal.objects.create(
        entity_id=entity_id,
        customer_id=draft.customer_id,
        origin=origin,
        currency=draft.currency,
        amount_minor=draft.amount_minor,
        reason=draft.reason,
        because=because or {},
        actor=author.actor,
        recorded_at=author.at,
        **draft.terms._asdict(),
    )


@whole()
def set_limit(*, entity_id: int, draft: LimitDraft, on: date, author: Author) -> CreditLimit:
    """Lower a limit, by one person; what grows on any day, or loosens terms, takes two: propose it.

    Refuses: OwnCreditWork when it is more than what stands, also in part or later, or on looser
    terms, DecisionNotYours, DecisionAboveAuthority, LimitUnfit, LimitsOverlap, LimitUnknown.
    """
    hold_limits(entity_id=entity_id)
    person = person_acting(author.actor)
    refuse_role(person)
    refuse_unfit_limit(draft.money, draft.terms, draft.reason)
    powers = powers_on(entity(str(entity_id)), on)
    before = limits_on(entity_id, [draft.customer_id], draft.terms.from_on).get(draft.customer_id)
    stood = None if before is None else Money(before.minor, before.currency)
    _refuse_growing(entity_id, draft, stood, powers)
    if before is not None and draft.money.minor:
        _refuse_loosening(draft, before)
    own = counted(draft.money, stood, (), on, powers)
    refuse_above(person, own, powers)
    decision = CreditDecision.objects.create(
        entity_id=entity_id,
        customer_id=draft.customer_id,
        verdict="approve",
        currency=draft.currency,
        asked_minor=draft.amount_minor,
        amount_minor=draft.amount_minor,
        counted_minor=own.minor,
        counted_currency=own.currency,
        terms=draft.terms.as_kept(),
        reason=draft.reason,
        decided_on=on,
        role=person.role,
        actor=author.actor,
        recorded_at=author.at,
    )
    return grant_limit(decision=decision, customer_id=draft.customer_id, on=on, author=author)


@whole()
def grant_limit(
    *, decision: CreditDecision, customer_id: int, on: date, author: Author
) -> CreditLimit:
    """Write the limit that a decision granted, from its day on or from today if that is later.

    Refuses: LimitUnfit when its days are over, LimitsOverlap, LimitUnknown.
    """
    hold_limits(entity_id=decision.entity_id)
    terms = terms_from(decision.terms)
    begins = max(terms.from_on, on) if decision.conditions else terms.from_on
    if terms.to_on is not None and terms.to_on < begins:
        raise LimitUnfit(
            f"This limit ran out on {terms.to_on}, before it could begin.",
            facts={"to": terms.to_on, "on": on},
            remedy="Let it be decided again.",
        )
    terms = terms._replace(from_on=begins)
    money = Money(decision.amount_minor, decision.currency)
    before = limits_on(decision.entity_id, [customer_id], begins).get(customer_id)
    terms = following(decision.entity_id, customer_id, terms)
    _refuse_overlap(decision.entity_id, customer_id, money, terms)
    return CreditLimit.objects.create(
        entity_id=decision.entity_id,
        customer_id=customer_id,
        decision_id=decision.pk,
        currency=decision.currency,
        amount_minor=decision.amount_minor,
        before_minor=before.minor if before else None,
        before_currency=before.currency if before else "",
        approver=decision.actor,
        reason=decision.reason,
        actor=author.actor,
        recorded_at=author.at,
        **terms._asdict(),
    )


def hold_limits(*, entity_id: int) -> None:
    """Wait until nobody else changes limits of an entity, to the end of this transaction."""
    locks.hold(f"limits:{entity_id}")


def _refuse_growing(entity_id: int, draft: LimitDraft, stood: Money | None, powers: Powers) -> None:
    grows_on = growth_of(
        entity_id, draft.customer_id, draft.money, draft.terms, powers.rates.convert
    )
    if grows_on is not None:
        raise OwnCreditWork(
            "Whoever raises a limit does not approve it alone.",
            facts={
                "amount": draft.money.text(),
                "stands": stood.text() if stood else None,
                "grows_on": grows_on,
            },
            remedy="Propose it, and let another person decide.",
        )


def _refuse_loosening(draft: LimitDraft, before: LimitInForce) -> None:
    new, old = draft.terms.terms_days, before.terms_days
    is_longer = new is not None and old is not None and new > old
    if is_longer or loosens(draft.terms.terms_band, before.terms_band):
        raise OwnCreditWork(
            "Whoever loosens the terms of a limit does not approve it alone.",
            facts={
                "terms": draft.terms.terms_band,
                "days": new,
                "stands": before.terms_band,
                "stands_days": old,
            },
            remedy="Propose it, and let another person decide; or leave the terms as they are.",
        )


def _refuse_overlap(entity_id: int, customer_id: int, money: Money, terms: Terms) -> None:
    """Refuse days in which another limit of the kind stands, and a replacement of what is not
    there or was replaced before."""
    refuse_strangers(entity_id, customer_id)
    there = granted_to(entity_id, [customer_id]).get(customer_id, [])
    if terms.replaces_id is not None:
        _refuse_replacing(there, terms)
    other = overlapping(there, granted(customer_id, money, terms))
    if other is not None:
        raise LimitsOverlap(
            f"Limit L-{other.id} of {Money(other.minor, other.currency)} stands in the same days.",
            facts={"limit": other.id, "from": other.from_on, "to": other.to_on},
            remedy=f"Say that it replaces {other.id}, or choose other days.",
        )


def refuse_strangers(entity_id: int, customer_id: int) -> None:
    """Refuse a customer of another entity. Refuses: LimitUnknown."""
    if not Customer.objects.filter(pk=customer_id, entity_id=entity_id).exists():
        raise LimitUnknown(
            "This customer is not of this company.",
            facts={"customer": customer_id},
            remedy="Choose one of its customers.",
        )


def _refuse_replacing(there: list[Granted], terms: Terms) -> None:
    known = {one.id: one for one in there if (one.kind, one.part) == (terms.kind, terms.part)}
    replaced = {one.replaces_id for one in there}
    if terms.replaces_id not in known or terms.replaces_id in replaced:
        raise LimitUnknown(
            f"Limit L-{terms.replaces_id} is not there to be replaced.",
            facts={"limit": terms.replaces_id},
            remedy="Look at the customer's limits, and name one that stands.",
        )
