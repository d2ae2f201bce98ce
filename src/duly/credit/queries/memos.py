"""The memo of a decision, as it was on the day, and the notice that the applicant is to have."""

from collections.abc import Sequence
from typing import Any

from duly.credit.models import CreditDecision, CreditRequest, DecisionStep
from duly.credit.queries.decisions import Matter
from duly.credit.queries.evidence import Evidence, terms_proposed, told_of
from duly.credit.queries.policies import decision_policy
from duly.credit.rules.deciding import terms_from
from duly.credit.rules.knobs import told
from duly.credit.rules.notices import NoticeFacts, write_notice
from duly.credit.rules.terms_bands import is_looser
from duly.kernel.money import Money
from duly.parties.queries import entity

VERSION = 1


def memo_of(
    decision: CreditDecision,
    matter: Matter,
    evidence: Evidence,
    steps: Sequence[DecisionStep],
) -> dict[str, Any]:
    """Everything that the decision stood on: what was asked, known and missing, every method with
    its inputs, the policy, who had it before, and what was decided."""
    asked, money = matter.asked, Money(decision.amount_minor, decision.currency)
    policy = decision_policy(decision.entity_id, decision.decided_on)
    proposed = terms_proposed(evidence, policy, money)
    return {
        "memo": VERSION,
        "request": matter.request.number if matter.request else None,
        "proposal": matter.proposal.pk if matter.proposal else None,
        "applicant": matter.request.name if matter.request else None,
        "country": matter.request.country if matter.request else None,
        "is_natural_person": matter.request.is_natural_person if matter.request else False,
        "submitted_by": matter.maker,
        "submitted_on": str(matter.request.submitted_on) if matter.request else None,
        "asked": asked.text(),
        "currency": asked.currency,
        "why_proposed": matter.proposal.reason if matter.proposal else None,
        "because": matter.proposal.because if matter.proposal else {},
        "known": told_of(evidence, asked.currency),
        "steps": [
            {
                "step": step.step,
                "by": step.actor,
                "role": step.role,
                "to": step.to_role,
                "verdict": step.verdict,
                "amount": Money(step.amount_minor, step.currency).text(),
                "reason": step.reason,
                "on": step.on_day.isoformat(),
            }
            for step in steps
        ],
        "policy": told(policy),
        "decision": {
            "verdict": decision.verdict,
            "amount": money.text(),
            "counted": Money(decision.counted_minor, decision.counted_currency).text(),
            "counted_currency": decision.counted_currency,
            "terms": decision.terms,
            "terms_proposed": proposed.as_kept() if proposed else None,
            "is_looser": is_looser(terms_from(decision.terms), evidence.asked_days, proposed),
            "conditions": decision.conditions,
            "reason": decision.reason,
            "by": decision.actor,
            "role": decision.role,
            "on": decision.decided_on.isoformat(),
            "is_automatic": decision.is_automatic,
        },
    }


def notice_of(
    decision: CreditDecision, request: CreditRequest, evidence: Evidence
) -> dict[str, Any]:
    """What the applicant is to be told, and by when."""
    assert request.submitted_on is not None  # noqa: S101 - a draft is not decided
    policy = decision_policy(decision.entity_id, decision.decided_on)
    written = write_notice(
        NoticeFacts(
            applicant=request.name,
            our_name=entity(str(decision.entity_id)).name,
            country=request.country,
            is_natural_person=request.is_natural_person,
            verdict=decision.verdict,
            amount=str(Money(decision.amount_minor, decision.currency)),
            asked=str(Money(request.amount_minor, request.currency)),
            reason_codes=decision.reason_codes,
            conditions=decision.conditions,
            is_offer=False,
            used_consumer_report=evidence.used_consumer_report,
            submitted_on=request.submitted_on,
            answer_days=policy.answer_days,
        )
    )
    return {**written._asdict(), "due_on": written.due_on.isoformat()}
