"""Requests, decisions and limits as scripts read them, and acts on them by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from duly.access.actions import Author
from duly.access.queries import user_named
from duly.credit.actions.decisions import DecisionDraft, Outcome
from duly.credit.models import (
    CreditDecision,
    CreditLimit,
    CreditRequest,
    CustomerScore,
    LimitProposal,
)
from duly.credit.policy import DecisionPolicy
from duly.credit.queries.decisions import Matter, sequels_of, steps_of
from duly.credit.queries.evidence import Evidence, evidence_of, score_told, terms_proposed
from duly.credit.queries.limits import granted_to, limit_history, limits_on
from duly.credit.queries.policies import decision_policy
from duly.credit.queries.queue import Queued, queue_of
from duly.credit.queries.scores import latest_of_requests, score_of
from duly.credit.rules.card_documents import plain
from duly.credit.rules.deciding import Terms
from duly.credit.rules.limits_in_force import LimitInForce, last_days
from duly.credit.rules.terms_bands import usual_terms
from duly.interfaces.exchange.limiting import recommendation_document
from duly.interfaces.exchange.noticing import mail_document
from duly.kernel.currencies import exponent
from duly.kernel.money import Money, minor_from_text
from duly.parties.models import Entity
from duly.parties.queries import codes_and_names


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as the command line says it, amounts as texts."""

    amount: str | None  # None: decline
    reason: str
    conditions: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    is_offer: bool = False
    from_on: date | None = None
    to_on: date | None = None
    review_on: date | None = None
    insured: str = ""
    secured: str = ""
    terms_band: str = ""
    terms_days: int | None = None
    is_temporary: bool = False
    reason_codes: tuple[str, ...] = ()


def draft_from(wanted: Wanted, request: CreditRequest, on: date) -> DecisionDraft:
    """What is to be decided; its verdict follows from the amount and the securities, its terms from
    the band of the score where they are not said."""
    currency = request.currency
    digits = exponent(currency)
    minor = 0 if wanted.amount is None else minor_from_text(wanted.amount, digits)
    verdict = "approve"
    if wanted.amount is None:
        verdict = "decline"
    elif wanted.securities:
        verdict = "approve_secured"
    elif minor < request.amount_minor:
        verdict = "approve_less"
    policy = decision_policy(request.entity_id, on)
    evidence = evidence_of(request, on, policy)
    proposed = terms_proposed(evidence, policy, Money(minor, currency))
    band, days = usual_terms(proposed, evidence.asked_days, bool(wanted.securities))
    terms = Terms(
        from_on=wanted.from_on or on,
        kind="temporary" if wanted.is_temporary else "base",
        to_on=wanted.to_on,
        review_on=wanted.review_on,
        insured_minor=minor_from_text(wanted.insured, digits) if wanted.insured else 0,
        secured_minor=minor_from_text(wanted.secured, digits) if wanted.secured else 0,
        terms_band=wanted.terms_band or band,
        terms_days=days if wanted.terms_days is None else wanted.terms_days,
    )
    return DecisionDraft(
        verdict,
        minor,
        currency,
        wanted.reason,
        terms,
        (*wanted.securities, *wanted.conditions),
        wanted.reason_codes,
        wanted.is_offer,
    )


def queue_document(entity: Entity, on: date, state: str = "") -> dict[str, Any]:
    """The queue, those to be answered first in front."""
    rows = [row for row in queue_of(entity, on) if state in ("", row.state)]
    names = codes_and_names({row.request.customer_id for row in rows if row.request.customer_id})
    scores = latest_of_requests([row.request.pk for row in rows])
    return {
        "on": on.isoformat(),
        "requests": [
            _queued(row, names, on) | {"score": _short(scores.get(row.request.pk))} for row in rows
        ],
    }


def request_document(entity: Entity, request: CreditRequest, on: date) -> dict[str, Any]:
    """One request with what is known, every method, who had it, what was decided, its memo."""
    policy = decision_policy(entity.pk, on)
    evidence = evidence_of(request, on, policy)
    rows = [row for row in queue_of(entity, on) if row.request.pk == request.pk]
    names = codes_and_names({request.customer_id} if request.customer_id else set())
    told = _queued(rows[0], names, on) if rows else _drafted(request, names)
    decision = rows[0].decision if rows else None
    return {
        "request": {
            **told,
            "score": _scored(evidence),
            "checks": [one._asdict() for one in evidence.checks],
            "missing": list(evidence.missing),
            "limit_now": limit_document(evidence.now),
            "limit": _recommended(evidence, request, policy),
            "steps": [
                {
                    "step": one.step,
                    "by": one.actor,
                    "role": one.role,
                    "to": one.to_role or None,
                    "amount": Money(one.amount_minor, one.currency).text(),
                    "reason": one.reason,
                    "on": one.on_day.isoformat(),
                }
                for one in steps_of(Matter(entity.pk, request, None))
            ],
            "decision": decision_document(decision) if decision else None,
            "memo": decision.memo if decision else None,
            "notice": (decision.notice or None) if decision else None,
            "notice_mail": mail_document(decision) if decision else None,
        }
    }


def outcome_document(outcome: Outcome, told: dict[str, Any]) -> dict[str, Any]:
    """What an act came to: the request as it stands, the decision or vote, and the limit."""
    vote = outcome.vote
    return {
        **told,
        "decision": decision_document(outcome.decision) if outcome.decision else None,
        "granted": granted_document(outcome.limit) if outcome.limit else None,
        "vote": {"by": vote.actor, "role": vote.role} if vote else None,
    }


def decision_document(row: CreditDecision) -> dict[str, Any]:
    """A decision with what followed it."""
    after = sequels_of([row.pk]).get(row.pk, [])
    met = {one.place: one for one in after if one.sequel == "met"}
    return {
        "id": row.pk,
        "verdict": row.verdict,
        "currency": row.currency,
        "amount": Money(row.amount_minor, row.currency).text(),
        "counted": Money(row.counted_minor, row.counted_currency).text(),
        "counted_currency": row.counted_currency,
        "by": row.actor,
        "role": row.role,
        "on": row.decided_on.isoformat(),
        "reason": row.reason,
        "conditions": [
            {
                "place": place,
                "text": text,
                "met_on": met[place].on_day.isoformat() if place in met else None,
                "met_by": met[place].actor if place in met else None,
            }
            for place, text in enumerate(row.conditions)
        ],
        "told_on": next((one.on_day.isoformat() for one in after if one.sequel == "told"), None),
    }


def limits_document(entity: Entity, customer_id: int, on: date) -> dict[str, Any]:
    """The limit of a customer on a day, and every one that it was granted, the newest first."""
    there = limits_on(entity.pk, [customer_id], on).get(customer_id)
    ends = last_days(granted_to(entity.pk, [customer_id]).get(customer_id, []))
    history = [
        {
            **granted_document(row),
            "stands_until": end.isoformat() if (end := ends.get(row.pk)) else None,
        }
        for row in limit_history(entity.pk, customer_id)
    ]
    return {"on": on.isoformat(), "limit": limit_document(there), "history": history}


def limit_document(limit: LimitInForce | None) -> dict[str, Any] | None:
    """A limit as it stands on a day."""
    if limit is None:
        return None
    return {
        "amount": Money(limit.minor, limit.currency).text(),
        "currency": limit.currency,
        "source": limit.source,
        "kind": limit.kind,
        "from": limit.from_on.isoformat() if limit.from_on else None,
        "to": limit.to_on.isoformat() if limit.to_on else None,
        "review_on": limit.review_on.isoformat() if limit.review_on else None,
        "insured": Money(limit.insured_minor, limit.currency).text(),
        "secured": Money(limit.secured_minor, limit.currency).text(),
        "terms": limit.terms_band or None,
        "terms_days": limit.terms_days,
        "own_risk": Money(limit.own_risk_minor, limit.currency).text(),
        "parts": {part: Money(minor, limit.currency).text() for part, minor in limit.parts.items()},
    }


def granted_document(row: CreditLimit) -> dict[str, Any]:
    """A limit as it was granted: from how much to how much, when, why and by whom."""
    before = row.before_minor
    return {
        "id": row.pk,
        "decision": row.decision_id,
        "kind": row.kind,
        "part": row.part or None,
        "currency": row.currency,
        "amount": Money(row.amount_minor, row.currency).text(),
        "before": None if before is None else Money(before, row.before_currency).text(),
        "from": row.from_on.isoformat(),
        "to": row.to_on.isoformat() if row.to_on else None,
        "review_on": row.review_on.isoformat() if row.review_on else None,
        "replaces": row.replaces_id,
        "terms": row.terms_band,
        "terms_days": row.terms_days,
        "approver": row.approver,
        "reason": row.reason,
    }


def proposals_document(rows: Iterable[LimitProposal]) -> dict[str, Any]:
    """Limits that wait for a person's decision."""
    kept = list(rows)
    names = codes_and_names({row.customer_id for row in kept})
    return {
        "proposals": [
            {
                "id": row.pk,
                "customer": names[row.customer_id][0],
                "origin": row.origin,
                "kind": row.kind,
                "part": row.part or None,
                "currency": row.currency,
                "amount": Money(row.amount_minor, row.currency).text(),
                "from": row.from_on.isoformat(),
                "to": row.to_on.isoformat() if row.to_on else None,
                "terms": row.terms_band,
                "terms_days": row.terms_days,
                "reason": row.reason,
                "because": row.because,
                "by": row.actor,
            }
            for row in kept
        ]
    }


def author_named(user: str | None, actor: str, at: datetime) -> Author:
    """Who acts in a shell: a person of ours, if one is named. Refuses: UserUnknown."""
    return Author(user_named(user).email if user else actor, at)


def _queued(row: Queued, names: dict[int, tuple[str, str]], on: date) -> dict[str, Any]:
    return {
        **_drafted(row.request, names),
        "submitted_on": row.request.submitted_on.isoformat() if row.request.submitted_on else None,
        "answer_due_on": row.due_on.isoformat(),
        "is_late": row.is_late(on),
        "state": row.state,
        "waits_for": row.waits_for or None,
        "verdict": row.decision.verdict if row.decision else None,
        "conditions_open": list(row.conditions_open),
    }


def _drafted(request: CreditRequest, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    code = names.get(request.customer_id or 0, (None,))[0]
    return {
        "id": request.number,
        "customer": code,
        "name": request.name,
        "country": request.country or None,
        "currency": request.currency,
        "amount": Money(request.amount_minor, request.currency).text(),
        "terms": request.terms or None,
        "source": request.source,
        "submitted_by": request.actor,
        "is_natural_person": request.is_natural_person,
        "submitted_on": None,
        "state": "draft",
    }


SHORTLY = ("points", "band", "version", "known_weight", "is_declined")


def _short(row: CustomerScore | None) -> dict[str, Any] | None:
    """A score in a list: how many points, and the class."""
    if row is None:
        return None
    told = score_of(row)
    return {"points": plain(told.points), "band": told.band, "is_declined": told.is_declined}


def _scored(evidence: Evidence) -> dict[str, Any] | None:
    """The score in short; `duly credit rescore --request` and the memo tell it by factor."""
    told = score_told(evidence.score)
    return {name: told[name] for name in SHORTLY} if told else None


def _recommended(
    evidence: Evidence, request: CreditRequest, policy: DecisionPolicy
) -> dict[str, Any]:
    currency = request.currency
    proposed = terms_proposed(evidence, policy, Money(request.amount_minor, currency))
    share = policy.band_percents.get(evidence.band)
    return {
        "band": evidence.band or None,
        "band_percent": None if share is None else str(share),
        "terms": proposed.as_kept() if proposed else None,
        **recommendation_document(evidence.recommended, currency),
    }
