"""Limits as scripts read them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from duly.credit.rules.limit_facts import LimitFacts, read_limit_facts
from duly.credit.rules.limits import Method, Recommendation, recommend
from duly.credit.rules.losses import ExpectedLoss, expected_loss
from duly.interfaces.exchange.json_documents import read_document
from duly.kernel.currencies import exponent
from duly.kernel.money import Money
from duly.kernel.rounding import half_up


def limit_document(path: Path) -> dict[str, Any]:
    """Every method, the binding one, the recommended limit."""
    facts = read_limit_facts(read_document(path))
    told = recommend(facts.known, facts.policy)
    return {
        "currency": facts.currency,
        **recommendation_document(told, facts.currency),
        "expected_loss": _loss(facts, told),
        "problems": [
            {
                "where": name,
                "code": "UNKNOWN_FIELD",
                "message": f"{name} means nothing here and was not used.",
            }
            for name in facts.unread
        ],
    }


def recommendation_document(told: Recommendation, currency: str) -> dict[str, Any]:
    """Methods, what binds and the limit, as texts."""
    return {
        "methods": [method_document(one, currency) for one in told.methods],
        "binding": told.binding,
        "recommended": None if told.amount is None else money_text(told.amount, currency),
        "unknown": list(told.unknown),
    }


def method_document(one: Method, currency: str) -> dict[str, Any]:
    """A method with what it was made from, and what it lacks."""
    return {
        "id": one.id,
        "amount": None if one.amount is None else money_text(one.amount, currency),
        "inputs": {name: number_text(value) for name, value in one.inputs.items()},
        "missing": list(one.missing),
    }


def loss_document(told: ExpectedLoss, currency: str) -> dict[str, Any]:
    """An expected loss with its parts."""
    return {
        "amount": money_text(told.amount, currency),
        "own_risk": money_text(told.own_risk, currency),
        "default_rate": number_text(told.default_rate),
        "loss_share": number_text(told.loss_share),
        "margin": None if told.margin is None else number_text(told.margin),
        "sales_to_repay": _optional(told.sales_to_repay, currency),
        "sales_to_repay_all": _optional(told.sales_to_repay_all, currency),
        "is_assumption": told.is_assumption,
    }


def _loss(facts: LimitFacts, told: Recommendation) -> dict[str, Any] | None:
    if facts.assumed is None or told.amount is None:
        return None
    insured = facts.known.insured_limit or Decimal(0)
    return loss_document(expected_loss(told.amount, insured, facts.assumed), facts.currency)


def _optional(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else money_text(amount, currency)


def money_text(amount: Decimal, currency: str) -> str:
    """An amount rounded to the currency. Refuses: InvalidAmount beyond what we can hold."""
    return Money(half_up(amount.scaleb(exponent(currency))), currency).text()


def number_text(number: Decimal) -> str:
    """A number in plain digits, without zeros that say nothing.

    >>> number_text(Decimal("480000.00")), number_text(Decimal("0.10"))
    ('480000', '0.1')
    """
    plain = f"{number:.10f}"
    return plain.rstrip("0").rstrip(".")
