"""What is known of an applicant when somebody decides: the one place that asks every part."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from duly.credit.errors import CreditRateMissing
from duly.credit.models import (
    CreditRequest,
    CustomerScore,
    FinancialStatement,
    Reference,
    ReferenceAnswer,
    RequestRevision,
)
from duly.credit.policy import DecisionPolicy
from duly.credit.queries.insurance import insured_limits, policies_on
from duly.credit.queries.limits import limits_on
from duly.credit.queries.policies import powers_on
from duly.credit.queries.references import References, references_of
from duly.credit.queries.requests import answers_of, flags_of, numbers_looked_at
from duly.credit.queries.scores import latest_rows, score_of
from duly.credit.queries.statements import Subject, sheets_of
from duly.credit.rules.insurance import limit_on
from duly.credit.rules.limits import Known, LimitPolicy, Need, Recommendation, recommend
from duly.credit.rules.limits_in_force import LimitInForce
from duly.credit.rules.terms_bands import ProposedTerms, propose_terms
from duly.kernel.currencies import exponent
from duly.kernel.errors import DulyError
from duly.kernel.money import Money
from duly.kernel.rounding import half_up
from duly.kernel.terms import parse_terms
from duly.parties.queries import entity
from duly.storage.among import among

GOOD, WARN, WAITS = "good", "warn", "open"


class Check(NamedTuple):
    """One thing that was looked at, and how it stands: GOOD, WARN, or WAITS."""

    what: str
    told: str
    state: str


class Evidence(NamedTuple):
    """What is known, and what limit it leads to."""

    now: LimitInForce | None
    known: Known
    band: str
    recommended: Recommendation
    combine: str
    has_statements: bool
    missing: tuple[str, ...]  # what a person would still want to see
    checks: tuple[Check, ...] = ()
    score: CustomerScore | None = None
    used_consumer_report: bool = False
    asked_days: int | None = None  # of the terms that they ask for

    @property
    def recommended_text(self) -> str:
        """The recommended amount, or nothing where there is none."""
        amount = self.recommended.amount
        return "" if amount is None else str(amount)

    def recommended_minor(self, currency: str) -> int | None:
        """The recommended amount in minor units."""
        amount = self.recommended.amount
        return None if amount is None else minor_of(amount, currency)


def evidence_of(request: CreditRequest, on: date, policy: DecisionPolicy) -> Evidence:
    """What is known of a request's applicant on a day."""
    whose = Subject(request.pk, request.customer_id)
    values, told = answers_of(request, on).values, references_of(request.pk)
    digits = exponent(request.currency)
    high = [_whole(minor, digits) for minor in told.trade.high_credits]
    agency = told.agency_recommendation_minor
    known = Known(
        need=_need(values, request, on, policy),
        high_credits=high if told.trade.currency == request.currency else (),
        agency_recommendation=_whole(agency, digits) if agency else None,
    )
    found = _evidence(request.entity_id, whose, request.currency, on, policy, known)
    checks = (*_numbers(values), *_flags(request.pk), *_references(told), *_insurer(found))
    return found._replace(checks=checks, asked_days=_days_of(request.terms, on))


def evidence_of_customer(
    entity_id: int, customer_id: int, currency: str, on: date, policy: DecisionPolicy
) -> Evidence:
    """What is known of a customer on a day."""
    return _evidence(entity_id, Subject(None, customer_id), currency, on, policy, Known())


def _evidence(
    entity_id: int, whose: Subject, currency: str, on: date, policy: DecisionPolicy, known: Known
) -> Evidence:
    customer_id = whose.customer_id
    now = limits_on(entity_id, [customer_id], on).get(customer_id) if customer_id else None
    sheets = sheets_of(entity_id, whose.request_id, customer_id)
    # Statements in another currency say nothing about a limit in this one.
    figures = sheets[0].yearly if sheets and sheets[0].currency == currency else {}
    known = known._replace(
        figures=figures,
        share_of_payables=policy.share_of_payables,
        insured_limit=_insured(entity_id, customer_id, currency, on),
    )
    score = _score(entity_id, whose)
    band = score.band if score is not None else ""
    starter = _starter_in(entity_id, currency, on, policy)
    told = recommend(known, limit_policy(policy, band)._replace(starter_amount=starter))
    there = {
        "statements": bool(sheets),
        "score": bool(band),
        "references": bool(known.high_credits),
        "need": known.need is not None,
    }
    missing = tuple(name for name, is_there in there.items() if not is_there)
    return Evidence(now, known, band, told, policy.combine, bool(sheets), missing, score=score)


def _starter_in(entity_id: int, currency: str, on: date, policy: DecisionPolicy) -> Decimal | None:
    """A starter limit, which policy tells in the entity's currency; None where no rate tells it in
    another one."""
    own = entity(str(entity_id))
    if currency == own.currency:
        return policy.starter_amount
    starter = Money(minor_of(policy.starter_amount, own.currency), own.currency)
    try:
        told = powers_on(own, on).rates.convert(starter, currency)
    except CreditRateMissing:
        return None
    return _whole(told.minor, exponent(currency))


def terms_proposed(
    evidence: Evidence, policy: DecisionPolicy, amount: Money
) -> ProposedTerms | None:
    """The terms that the band of a score gives for an amount; None where nobody was scored."""
    recommended = evidence.recommended_minor(amount.currency)
    share = None if recommended is None else Money(recommended, amount.currency)
    return propose_terms(policy, evidence.band, amount, share)


def _score(entity_id: int, whose: Subject) -> CustomerScore | None:
    """The last score of a request, else of its customer."""
    rows = CustomerScore.objects.filter(request_id=whose.request_id).order_by("-pk")
    found = rows.first() if whose.request_id is not None else None
    if found is None and whose.customer_id is not None:
        found = latest_rows(entity_id, [whose.customer_id]).get(whose.customer_id)
    return found


def missing_of(requests: Collection[CreditRequest]) -> dict[int, tuple[str, ...]]:
    """{request: what a person would still want to see}. Six queries, however many there are."""
    ids = {one.pk for one in requests}
    customers = {one.customer_id for one in requests if one.customer_id}
    statements = FinancialStatement.objects.filter(request_id__in=among(ids))
    of_requests = set(statements.values_list("request_id", flat=True))
    statements = FinancialStatement.objects.filter(customer_id__in=among(customers))
    of_customers = set(statements.values_list("customer_id", flat=True))
    answers = ReferenceAnswer.objects.values("reference_id")
    answered = Reference.objects.filter(request_id__in=among(ids), pk__in=answers, kind="trade")
    with_references = set(answered.values_list("request_id", flat=True))
    typed = RequestRevision.objects.filter(request_id__in=among(ids)).order_by("number")
    needs = {pk: bool(told.get("monthly_purchases")) for pk, told in typed.values_list(*_TYPED)}
    scores = CustomerScore.objects.filter(request_id__in=among(ids))
    scored = set(scores.values_list("request_id", flat=True))
    scores = CustomerScore.objects.filter(customer_id__in=among(customers))
    scored_customers = set(scores.values_list("customer_id", flat=True))
    found = {}
    for one in requests:
        there = {
            "statements": one.pk in of_requests or one.customer_id in of_customers,
            "score": one.pk in scored or one.customer_id in scored_customers,
            "references": one.pk in with_references,
            "need": needs.get(one.pk, False),
        }
        found[one.pk] = tuple(name for name, is_there in there.items() if not is_there)
    return found


_TYPED = ("request_id", "typed")


def _need(
    values: Mapping[str, Any], request: CreditRequest, on: date, policy: DecisionPolicy
) -> Need | None:
    """What they buy in a year, on the terms they ask for."""
    monthly, days = values.get("monthly_purchases"), _days_of(request.terms, on)
    if not monthly or days is None:
        return None
    yearly = _whole(monthly, exponent(request.currency)) * 12
    return Need(yearly, Decimal(days), Decimal(policy.slippage_days))


def _days_of(terms: str, on: date) -> int | None:
    """How long terms give; None where nobody can tell."""
    try:
        return (parse_terms(terms).due_on(on) - on).days if terms else None
    except DulyError:
        return None


def _insured(entity_id: int, customer_id: int | None, currency: str, on: date) -> Decimal | None:
    """What an insurer covers of a customer on a day, where that is in this currency."""
    if customer_id is None:
        return None
    policy_number, given = insured_limits(entity_id, [customer_id]).get(customer_id, ("", []))
    policy = policies_on(entity_id, on).get(policy_number) if given else None
    covered = limit_on(given, on)
    if policy is None or covered is None or policy.currency != currency or policy.to_on < on:
        return None
    return _whole(covered.minor, exponent(currency))


def _numbers(values: Mapping[str, Any]) -> list[Check]:
    return [
        Check(one.kind[:1].upper() + one.kind[1:], one.told, WARN if one.is_fit is False else GOOD)
        for one in numbers_looked_at(dict(values))
    ]


def _flags(request_id: int) -> list[Check]:
    return [
        Check(row.code.replace("_", " ").capitalize(), row.text, WARN)
        for row in flags_of(request_id)
    ]


def _references(told: References) -> list[Check]:
    states = {"received": GOOD, "refused": WARN, "unverifiable": WARN}
    return [
        Check(
            f"{row.reference.kind.capitalize()} reference: {row.reference.name}",
            row.state.replace("_", " ") + (f", reminded {row.reminders}x" if row.reminders else ""),
            states.get(row.state, WAITS),
        )
        for row in told.rows
    ]


def _insurer(found: Evidence) -> list[Check]:
    covered = found.known.insured_limit
    return [] if covered is None else [Check("Insurer", f"covers {covered:,f}", GOOD)]


def limit_policy(policy: DecisionPolicy, band: str) -> LimitPolicy:
    """How limits are made for a band; without one nothing is taken off, and it says so."""
    return LimitPolicy(
        combine=policy.combine,
        step=policy.step,
        band_percent=policy.band_percents.get(band, Decimal(100)),
        starter_amount=policy.starter_amount,
        starter_cycles=policy.starter_cycles,
        is_starter=band in policy.starter_bands,
    )


def _whole(minor: int, digits: int) -> Decimal:
    return Decimal(minor).scaleb(-digits)


def minor_of(amount: Decimal, currency: str) -> int:
    """Whole currency as minor units, to the nearest."""
    return half_up(amount.scaleb(exponent(currency)))


def told_of(evidence: Evidence, currency: str) -> dict[str, Any]:
    """What was known, in a form that a memo keeps."""
    return {
        "band": evidence.band,
        "score": score_told(evidence.score),
        "missing": list(evidence.missing),
        "has_statements": evidence.has_statements,
        "checks": [one._asdict() for one in evidence.checks],
        "figures": {name: str(value) for name, value in evidence.known.figures.items()},
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


def score_told(row: CustomerScore | None) -> dict[str, Any] | None:
    """A score with every factor: its value, its points, and of how many."""
    if row is None:
        return None
    told = score_of(row)
    return {
        "points": str(told.points),
        "band": told.band,
        "version": told.version,
        "known_weight": str(told.known_weight),
        "is_declined": told.is_declined,
        "lost_most": list(told.lost_most),
        "factors": [
            {
                "id": one.id,
                "value": None if one.value is None else str(one.value),
                "points": str(one.points),
                "of": str(one.of),
            }
            for one in told.factors
        ],
    }


def _limit_told(limit: LimitInForce | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in limit._asdict().items()
    }
