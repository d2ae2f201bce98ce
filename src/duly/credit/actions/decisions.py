"""Decide about requests and proposals: by whom it may be, at what authority, with its memo."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duly.access.actions import Author
from duly.credit.actions.limits import grant_limit, hold_limits
from duly.credit.actions.sequels import begin_if_ready
from duly.credit.errors import AlreadyDecided, DecisionNotYours, DecisionUnfit, NotSubmitted
from duly.credit.models import CreditDecision, CreditLimit, DecisionStep
from duly.credit.queries.decisions import (
    Matter,
    approved_before,
    decisions_of,
    makers_of,
    person_acting,
    proposal_by_id,
    request_named,
    steps_of,
)
from duly.credit.queries.evidence import (
    Evidence,
    evidence_of,
    evidence_of_customer,
    terms_proposed,
)
from duly.credit.queries.memos import memo_of, notice_of
from duly.credit.queries.policies import powers_on
from duly.credit.rules.authority import (
    Person,
    Powers,
    counted,
    needs_committee,
    refuse_above,
    refuse_own_work,
    refuse_role,
)
from duly.credit.rules.deciding import (
    DECLINE,
    Terms,
    as_voted,
    refuse_unfit_decision,
    refuse_unfit_limit,
    refuse_without_statements,
)
from duly.credit.rules.terms_bands import is_looser
from duly.kernel.money import Money
from duly.parties.queries import entity
from duly.storage.writing import whole

SENT_ON, VOTED = "sent_on", "voted"
ACCEPTANCE = "The applicant accepts this offer."


class DecisionDraft(NamedTuple):
    """What somebody wants to decide. `is_offer`: the applicant is to accept it first."""

    verdict: str
    amount_minor: int
    currency: str
    reason: str
    terms: Terms
    conditions: Sequence[str] = ()
    reason_codes: Sequence[str] = ()
    is_offer: bool = False

    @property
    def money(self) -> Money:
        """How much."""
        return Money(self.amount_minor, self.currency)

    @property
    def is_approval(self) -> bool:
        """Tell whether anything is granted."""
        return self.verdict != DECLINE


class Outcome(NamedTuple):
    """What came of it: a decision, maybe with its limit; or a vote, and another is needed."""

    decision: CreditDecision | None
    limit: CreditLimit | None
    vote: DecisionStep | None = None


@whole()
def decide_request(
    *, entity_id: int, request: str, draft: DecisionDraft, on: date, author: Author
) -> Outcome:
    """Decide a credit request, once.

    The limit begins at once, or when every condition is met, the offer is accepted and the
    applicant is a customer. Refuses: AlreadyDecided, NotSubmitted, DecisionNotYours,
    OwnCreditWork, DecisionAboveAuthority, StatementsMissing, DecisionUnfit, LimitUnfit,
    LimitsOverlap, CreditRequestUnknown, CreditRateMissing.
    """
    hold_limits(entity_id=entity_id)
    row = request_named(entity_id, request)
    if row.submitted_on is None:
        raise NotSubmitted(
            f"{row.number} is a draft.",
            facts={"request": row.number},
            remedy="Let it be completed and submitted first.",
        )
    return _decide(Matter(entity_id, row, None), draft, on, author)


@whole()
def decide_proposal(
    *, entity_id: int, proposal_id: int, is_approved: bool, reason: str, on: date, author: Author
) -> Outcome:
    """Approve a proposed limit as it stands, or decline it. Refuses: as `decide_request`."""
    hold_limits(entity_id=entity_id)
    row = proposal_by_id(entity_id, proposal_id)
    terms = Terms(**{name: getattr(row, name) for name in Terms._fields})
    draft = DecisionDraft(
        "approve" if is_approved else DECLINE,
        row.amount_minor if is_approved else 0,
        row.currency,
        reason,
        terms,
    )
    return _decide(Matter(entity_id, None, row), draft, on, author)


@whole()
def send_on(
    *, entity_id: int, request: str, to_role: str, draft: DecisionDraft, on: date, author: Author
) -> DecisionStep:
    """Send a request on to a role of higher authority, with what one would decide.

    Whoever does so has had their say, and does not approve it later.
    Refuses: AlreadyDecided, DecisionNotYours, DecisionUnfit.
    """
    hold_limits(entity_id=entity_id)
    matter = Matter(entity_id, request_named(entity_id, request), None)
    _refuse_decided(matter)
    person = person_acting(author.actor)
    refuse_role(person)
    powers = powers_on(entity(str(entity_id)), on)
    if to_role not in powers.policy.authority:
        raise DecisionUnfit(
            f"{to_role} is no role that decides about credit.",
            facts={"role": to_role, "roles": sorted(powers.policy.authority)},
            remedy="Choose one of those that do.",
        )
    if not draft.reason.strip():
        raise DecisionUnfit("Say why you send it on.", remedy="Add a reason.")
    return _step(matter, SENT_ON, draft, person, on, author, to_role)


def _decide(matter: Matter, draft: DecisionDraft, on: date, author: Author) -> Outcome:
    """Check what the law of the house asks, then write it; the entity's limits are held."""
    _refuse_decided(matter)
    person = person_acting(author.actor)
    refuse_role(person)
    own = entity(str(matter.entity_id))
    powers = powers_on(own, on)
    evidence = _evidence(matter, on, powers)
    is_proposal = matter.proposal is not None
    if not is_proposal:
        refuse_unfit_decision(
            draft.verdict, draft.money, matter.asked, draft.reason, draft.conditions
        )
    elif not draft.reason.strip():
        raise DecisionUnfit("A decision needs a reason.", remedy="Add one.")
    amount = Money.zero(own.currency)
    if draft.is_approval:
        refuse_unfit_limit(draft.money, draft.terms, draft.reason)
        amount = _refuse_unauthorised(matter, draft, person, evidence, on, powers)
        in_own = powers.rates.convert(draft.money, own.currency)
        if not is_proposal:
            refuse_without_statements(in_own, evidence.has_statements, powers.policy)
        if needs_committee(powers, amount) and draft.money.minor:
            vote = _vote(matter, draft, person, on, author)
            if not _is_carried(matter, vote, powers):
                return Outcome(None, None, vote)
    decision = _write(matter, draft, person, evidence, amount, on, author)
    return Outcome(decision, begin_if_ready(decision=decision, on=on, author=author))


def _refuse_decided(matter: Matter) -> None:
    name, pk = ("request", matter.request.pk) if matter.request else ("proposal", 0)
    if matter.proposal is not None:
        pk = matter.proposal.pk
    ids = {f"{name}_ids": [pk]}
    earlier = decisions_of(**ids).get((name, pk))
    if earlier is not None:
        raise AlreadyDecided(
            f"{earlier.actor} decided this on {earlier.decided_on}.",
            facts={"decision": earlier.pk, "verdict": earlier.verdict, "by": earlier.actor},
            remedy="Ask for it anew, if it should be looked at again.",
        )


def _evidence(matter: Matter, on: date, powers: Powers) -> Evidence:
    if matter.request is not None:
        return evidence_of(matter.request, on, powers.policy)
    customer_id = matter.customer_id
    assert customer_id is not None  # noqa: S101 - a proposal is of a customer
    return evidence_of_customer(
        matter.entity_id, customer_id, matter.asked.currency, on, powers.policy
    )


def _refuse_unauthorised(
    matter: Matter,
    draft: DecisionDraft,
    person: Person,
    evidence: Evidence,
    on: date,
    powers: Powers,
) -> Money:
    """Refuse who had a hand in it, or whose authority is too small; return what was counted."""
    refuse_own_work(person, makers_of(matter))
    stood = None if evidence.now is None else Money(evidence.now.minor, evidence.now.currency)
    proposed = terms_proposed(evidence, powers.policy, draft.money)
    if is_looser(draft.terms, evidence.asked_days, proposed):
        stood = None  # all of it is given on terms that the band does not give
    earlier = approved_before(matter, on, powers.policy.split_days)
    amount = counted(draft.money, stood, earlier, on, powers)
    refuse_above(person, amount, powers)
    return amount


def _vote(
    matter: Matter, draft: DecisionDraft, person: Person, on: date, author: Author
) -> DecisionStep:
    if not person.is_known:
        raise DecisionNotYours(
            "A committee is made of people who sign in.",
            facts={"actor": person.actor},
            remedy="Vote with --user EMAIL, or in the browser.",
        )
    return _step(matter, VOTED, draft, person, on, author)


def _is_carried(matter: Matter, vote: DecisionStep, powers: Powers) -> bool:
    """Tell whether enough persons voted for the same: verdict, amount, terms and conditions."""
    voters = {
        step.actor.casefold()
        for step in steps_of(matter)
        if step.step == VOTED
        and (step.verdict, step.amount_minor, step.wanted)
        == (vote.verdict, vote.amount_minor, vote.wanted)
    }
    return len(voters) >= powers.policy.committee_size


def _step(
    matter: Matter,
    step: str,
    draft: DecisionDraft,
    person: Person,
    on: date,
    author: Author,
    to_role: str = "",
) -> DecisionStep:
    return DecisionStep.objects.create(
        entity_id=matter.entity_id,
        step=step,
        to_role=to_role,
        verdict=draft.verdict,
        currency=draft.currency,
        amount_minor=draft.amount_minor,
        wanted=as_voted(draft.terms, _conditions(draft), on),
        reason=draft.reason,
        role=person.role,
        on_day=on,
        actor=author.actor,
        recorded_at=author.at,
        **matter.keys,
    )


def _conditions(draft: DecisionDraft) -> list[str]:
    return [*draft.conditions, *([ACCEPTANCE] if draft.is_offer else [])]


def _write(
    matter: Matter,
    draft: DecisionDraft,
    person: Person,
    evidence: Evidence,
    amount: Money,
    on: date,
    author: Author,
) -> CreditDecision:
    decision = CreditDecision(
        entity_id=matter.entity_id,
        customer_id=matter.customer_id,
        verdict=draft.verdict,
        currency=draft.currency,
        asked_minor=matter.asked.minor,
        amount_minor=draft.amount_minor,
        counted_minor=amount.minor,
        counted_currency=amount.currency,
        terms=draft.terms.as_kept(),
        conditions=_conditions(draft),
        reason=draft.reason,
        reason_codes=list(draft.reason_codes),
        decided_on=on,
        role=person.role,
        actor=author.actor,
        recorded_at=author.at,
        **matter.keys,
    )
    decision.memo = memo_of(decision, matter, evidence, steps_of(matter))
    if matter.request is not None:
        decision.notice = notice_of(decision, matter.request, evidence)
    decision.save(force_insert=True)
    return decision


__all__ = [
    "ACCEPTANCE",
    "DecisionDraft",
    "Outcome",
    "decide_proposal",
    "decide_request",
    "grant_limit",
    "send_on",
]
