"""`duly match` for every interface: asks who is insolvent, and writes what is told."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from duly.access.actions import Author
from duly.cash_application.actions import match_payments
from duly.cash_application.queries import Proposed, propose_matches
from duly.cash_application.rules.matching import Proposal
from duly.cash_application.rules.outcomes import Rates, outcome_of, rates_of
from duly.cash_application.rules.residuals import SHORT_PAY
from duly.collections.queries.messages import under_legal_stay
from duly.interfaces.exchange.holding import retest_of
from duly.interfaces.exchange.settling import Asked, carry_out
from duly.kernel.currencies import exponent
from duly.kernel.money import text_from_minor
from duly.parties import queries as parties
from duly.receivables.queries import numbers_of_items


def match(
    asked: Asked, *, auto: bool, payment_ids: Collection[int] | None = None
) -> dict[str, Any]:
    """Propose for all money not applied, with `auto` apply what is certain.

    A dry run only reads.
    """
    entity = parties.entity(asked.entity_name)
    on = asked.day(entity)
    insolvent = under_legal_stay(entity.pk, on)
    if asked.is_dry_run:
        proposed = propose_matches(
            entity=entity,
            on=on,
            insolvent=insolvent,
            payment_ids=payment_ids,
        )
        return document_of(proposed)

    def act() -> dict[str, Any]:
        proposed = match_payments(
            entity=entity,
            on=on,
            auto=auto,
            actor=asked.actor,
            at=asked.at,
            insolvent=insolvent,
            payment_ids=payment_ids,
        )
        if auto:  # whose money came may have an order that waits for it
            payers = {one.customer.id for one in proposed.proposals if one.customer}
            retest_of(entity, on, Author(asked.actor, asked.at), payers)
        return document_of(proposed)

    given = [entity.pk, on.isoformat(), auto, sorted(payment_ids or ())]
    return carry_out(act, asked.key, "match", given, asked.at, False)


def document_of(proposed: Proposed) -> dict[str, Any]:
    """What was proposed, payment by payment, with its rates."""
    proposals = proposed.proposals
    codes = parties.codes_and_names({one.customer.id for one in proposals if one.customer})
    numbers = numbers_of_items({line.item_id for one in proposals for line in one.lines})
    return {
        "payments": [
            _payment(one, proposed, codes[one.customer.id][0] if one.customer else None, numbers)
            for one in proposals
        ],
        "rates": rates_document(rates_of(proposals, _comparable(proposals))),
    }


def rates_document(rates: Rates) -> dict[str, Any]:
    """Rates as numbers; null where nothing is listed."""
    return {name: _number(value) for name, value in rates._asdict().items()}


def _comparable(proposals: Sequence[Proposal]) -> list[int]:
    """Amounts in units that compare across currencies as written: 1.00 of each counts alike."""
    most = max((exponent(one.payment.currency) for one in proposals), default=0)
    return [one.payment.minor * 10 ** (most - exponent(one.payment.currency)) for one in proposals]


def _payment(
    one: Proposal, proposed: Proposed, code: str | None, numbers: dict[int, str]
) -> dict[str, Any]:
    payment, decimals = one.payment, exponent(one.payment.currency)
    source = proposed.gathered.sources.get(payment.id)
    return {
        "payment": proposed.gathered.rows[payment.id].number,
        "bank_reference": source.bank_reference if source else "",
        "received_on": payment.received_on.isoformat(),
        "amount": text_from_minor(payment.minor, decimals),
        "currency": payment.currency,
        "customer": code,
        "outcome": outcome_of(one),
        "lines": [
            {
                "item": numbers[line.item_id],
                "amount": text_from_minor(line.minor, decimals),
                "reason": line.reason,
            }
            for line in one.lines
            if line.reason != SHORT_PAY
        ],
        "deductions": [
            {
                "item": numbers[line.item_id],
                "amount": text_from_minor(line.minor, decimals),
                "reason": line.why,
            }
            for line in one.lines
            if line.reason == SHORT_PAY
        ],
        "on_account": text_from_minor(one.on_account, decimals),
        "confidence": _number(one.confidence),
        "unique": one.unique,
        "because": list(one.because) or ["Nothing tells who paid."],
        "against": list(one.against),
    }


def _number(share: Decimal | None) -> float | None:
    """A share as a number of JSON."""
    return None if share is None else float(share)
