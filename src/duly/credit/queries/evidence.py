"""What is known of an applicant when somebody decides: the one place that asks every part."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from duly.credit.models import CreditRequest
from duly.credit.policy import DecisionPolicy
from duly.credit.queries.limits import limits_on
from duly.credit.rules.limits import Known, LimitPolicy, Recommendation, recommend
from duly.credit.rules.limits_in_force import LimitInForce
from duly.kernel.currencies import exponent


class Evidence(NamedTuple):
    """What is known, and what limit it leads to."""

    now: LimitInForce | None
    known: Known
    band: str
    recommended: Recommendation
    has_statements: bool
    missing: tuple[str, ...]  # what a person would still want to see
    used_consumer_report: bool = False

    @property
    def recommended_text(self) -> str:
        """The recommended amount, or why there is none."""
        amount = self.recommended.amount
        return "" if amount is None else str(amount)


def evidence_of(request: CreditRequest, on: date, policy: DecisionPolicy) -> Evidence:
    """What is known of a request's applicant on a day."""
    return _evidence(request.entity_id, request.customer_id, on, policy)


def evidence_of_customer(
    entity_id: int, customer_id: int, on: date, policy: DecisionPolicy
) -> Evidence:
    """What is known of a customer on a day."""
    return _evidence(entity_id, customer_id, on, policy)


def _evidence(
    entity_id: int, customer_id: int | None, on: date, policy: DecisionPolicy
) -> Evidence:
    now = limits_on(entity_id, [customer_id], on).get(customer_id) if customer_id else None
    known = Known()
    band = ""
    told = recommend(known, limit_policy(policy, band))
    missing = ("statements", "score", "references", "need")
    return Evidence(now, known, band, told, False, missing)


def limit_policy(policy: DecisionPolicy, band: str) -> LimitPolicy:
    """How limits are made for a band; without one nothing is taken off, and it says so."""
    return LimitPolicy(
        combine=policy.combine,
        step=policy.step,
        band_percent=policy.band_percents.get(band, Decimal(100)),
        starter_amount=policy.starter_amount,
        starter_cycles=policy.starter_cycles,
    )


def minor_of(amount: Decimal, currency: str) -> int:
    """Whole currency as minor units, rounded down."""
    return int(amount.scaleb(exponent(currency)))


def told_of(evidence: Evidence, currency: str) -> dict[str, Any]:
    """What was known, in a form that a memo keeps."""
    return {
        "band": evidence.band,
        "missing": list(evidence.missing),
        "has_statements": evidence.has_statements,
        "limit_now": _limit_told(evidence.now),
        "methods": [
            {
                "id": one.id,
                "amount": None if one.amount is None else str(one.amount),
                "inputs": {name: str(value) for name, value in one.inputs.items()},
                "missing": list(one.missing),
            }
            for one in evidence.recommended.methods
        ],
        "binding": evidence.recommended.binding,
        "recommended": evidence.recommended_text,
        "currency": currency,
    }


def _limit_told(limit: LimitInForce | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in limit._asdict().items()
    }
