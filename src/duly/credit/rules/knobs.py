"""Knobs of credit as texts: read, held within their range, and told again."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal, DecimalException
from typing import Any

from duly.access.rules.roles import may
from duly.credit.errors import CreditKnobUnfit
from duly.credit.policy import DECISIONS, DecisionPolicy, OrderPolicy
from duly.credit.rules.deciding import LONGEST_TERMS, TERMS_BANDS
from duly.credit.rules.limits import COMBINATIONS

MOST = Decimal(10) ** 12
ONE, HUNDRED = Decimal(1), Decimal(100)
# What a firm may set: {knob: (least, most, whole numbers only)}. An empty text switches off.
NUMBERS: Mapping[str, tuple[Decimal, Decimal, bool]] = {
    "split_days": (ONE, Decimal(366), True),
    "committee_size": (Decimal(2), Decimal(9), True),
    "statements_above": (Decimal(0), MOST, False),
    "answer_days": (ONE, Decimal(30), True),
    "auto_up_to": (Decimal(0), MOST, False),
    "loss_share": (Decimal(0), ONE, False),
    "margin": (Decimal("0.001"), ONE, False),
    "step": (Decimal("0.01"), MOST, False),
    "slippage_days": (Decimal(0), Decimal(365), True),
    "share_of_payables": (Decimal(0), ONE, False),
    "starter_amount": (Decimal(0), MOST, False),
    "starter_cycles": (ONE, Decimal(100), True),
    "shrink_after": (ONE, Decimal(100), True),
    "dormant_months": (ONE, Decimal(120), True),
}
MAPS: Mapping[str, tuple[Decimal, Decimal, bool]] = {
    "authority": (Decimal(0), MOST, False),
    "band_percents": (Decimal(0), HUNDRED, False),
    "default_rates": (Decimal(0), ONE, False),
    "review_months": (ONE, Decimal(36), True),
    "terms_days": (Decimal(0), Decimal(LONGEST_TERMS), True),
}
ORDER_NUMBERS: Mapping[str, tuple[Decimal, Decimal, bool]] = {
    "late_days": (Decimal(0), Decimal(365), True),
    "late_floor": (Decimal(0), MOST, False),
    "broken_promise_days": (Decimal(0), Decimal(3650), True),
    "days_back": (Decimal(0), Decimal(366), True),
    "days_ahead": (Decimal(0), Decimal(366), True),
    "grace_days": (ONE, Decimal(30), True),
}
ORDER_CHOICES = ("needs_limit", "tell_sales", "tell_customer")
YES_NO = {"yes": True, "no": False}
MAY_BE_OFF = frozenset({"auto_up_to", "share_of_payables"})


def read_knob(name: str, text: str) -> str:
    """The text of a knob as it is kept. `authority.manager` is one of a map.

    Refuses: CreditKnobUnfit.
    """
    applied(DECISIONS, {name: text})
    return text


def applied(policy: DecisionPolicy, knobs: Mapping[str, str]) -> DecisionPolicy:
    """A policy with some knobs set. Refuses: CreditKnobUnfit."""
    for name, text in knobs.items():
        policy = replace(policy, **_changed(policy, name, text))
    return policy


def _changed(policy: DecisionPolicy, name: str, text: str) -> dict[str, Any]:
    whole, _, key = name.partition(".")
    if whole in MAPS and key in getattr(policy, whole):
        if whole == "authority" and not may(key, "approve_credit"):
            raise _unfit(name, text, "approves no credit")
        return {whole: {**getattr(policy, whole), key: _number(name, text, *MAPS[whole])}}
    if whole == "terms_bands" and key in policy.terms_bands:
        if text not in TERMS_BANDS:
            raise _unfit(name, text, f"is none of {', '.join(TERMS_BANDS)}")
        return {whole: {**policy.terms_bands, key: text}}
    if name == "starter_bands":
        return {name: _bands(policy, name, text)}
    if whole == "orders":
        return {whole: replace(policy.orders, **{key: _of_orders(name, key, text)})}
    if name == "combine":
        if text not in COMBINATIONS:
            raise _unfit(name, text, f"is none of {', '.join(COMBINATIONS)}")
        return {name: text}
    if name not in NUMBERS:
        maps = (*MAPS, "terms_bands", "orders")
        known = sorted({*NUMBERS, "combine", "starter_bands", *(f"{one}.…" for one in maps)})
        raise _unfit(name, text, f"is no knob; there are {', '.join(known)}")
    if not text and name in MAY_BE_OFF:
        return {name: None}
    return {name: _number(name, text, *NUMBERS[name])}


def _bands(policy: DecisionPolicy, name: str, text: str) -> tuple[str, ...]:
    """Bands as they are told: "D, E"; none in an empty text."""
    bands = tuple(one.strip().upper() for one in text.split(",") if one.strip())
    if not set(bands) <= set(policy.band_percents):
        raise _unfit(name, text, f"is no list of {', '.join(policy.band_percents)}")
    return tuple(sorted(set(bands)))


def _of_orders(name: str, key: str, text: str) -> Any:
    """When orders are held and who is told: a number, or yes and no."""
    if key in ORDER_CHOICES and text in YES_NO:
        return YES_NO[text]
    if key not in ORDER_NUMBERS:
        known = ", ".join([*sorted(ORDER_NUMBERS), *(f"{one}=yes or no" for one in ORDER_CHOICES)])
        raise _unfit(name, text, f"is no knob of orders; there are {known}")
    return _number(name, text, *ORDER_NUMBERS[key])


def _number(name: str, text: str, least: Decimal, most: Decimal, is_whole: bool) -> Decimal | int:
    try:
        number = Decimal(text)
    except DecimalException:
        raise _unfit(name, text, "is no number") from None
    if not number.is_finite() or not least <= number <= most:
        raise _unfit(name, text, f"is not from {least} to {most}")
    if is_whole and number != int(number):
        raise _unfit(name, text, "is no whole number")
    return int(number) if is_whole else number


def told(policy: DecisionPolicy) -> dict[str, str]:
    """Every knob with its value, as texts."""
    found: dict[str, str] = {}
    for one in fields(policy):
        value = getattr(policy, one.name)
        if isinstance(value, Mapping):
            found |= {f"{one.name}.{key}": str(held) for key, held in value.items()}
        elif isinstance(value, OrderPolicy):
            found |= {f"orders.{key}": str(getattr(value, key)) for key in ORDER_NUMBERS}
            found |= {
                f"orders.{key}": "yes" if getattr(value, key) else "no" for key in ORDER_CHOICES
            }
        else:
            words = ", ".join(value) if isinstance(value, tuple) else str(value)
            found[one.name] = "" if value is None else words
    return found


def _unfit(name: str, text: str, what: str) -> CreditKnobUnfit:
    return CreditKnobUnfit(
        f"{name} {text!r} {what}.",
        facts={"knob": name, "value": text},
        remedy="Look at `duly credit policy`.",
    )
