"""Knobs of matching as a person writes them: named, checked, and put over what comes with Duly."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from duly.cash_application.errors import KnobUnfit
from duly.cash_application.policy import CARVE, LEAVE, STANDARD, MatchingPolicy
from duly.kernel.errors import DulyError
from duly.kernel.money import minor_from_text, text_from_minor

_AMOUNTS = ("tolerance", "tolerance_year", "charges_most")
_SHARES = {"auto_from": (Decimal("0.9"), Decimal(1)), "tolerance_percent": (Decimal(0), Decimal(5))}
_DAYS = {"discount_grace_days": 30, "duplicate_days": 90}
_CHOICES = {"short_pays": (LEAVE, CARVE)}
KNOBS = (*_AMOUNTS, *_SHARES, *_DAYS, *_CHOICES)


def read_knobs(told: Mapping[str, str], decimals: int) -> MatchingPolicy:
    """The policy that comes with Duly with some knobs turned. Refuses: KnobUnfit.

    Input: {name: text}; amounts in a currency of so many `decimals`.

    >>> read_knobs({"tolerance": "2.50", "short_pays": "carve"}, 2).tolerance_minor
    250
    """
    values = {_field(name): _read(name, text, decimals) for name, text in told.items()}
    return replace(STANDARD, **values)


def written_knobs(policy: MatchingPolicy, decimals: int) -> dict[str, str]:
    """{name: text} of every knob of a policy, as a person writes them."""
    told = {}
    for name in KNOBS:
        value = getattr(policy, _field(name))
        told[name] = text_from_minor(value, decimals) if name in _AMOUNTS else str(value)
    return told


def _field(name: str) -> str:
    return f"{name}_minor" if name in _AMOUNTS else name


def _read(name: str, text: str, decimals: int) -> Any:
    if name in _AMOUNTS:
        try:
            minor = minor_from_text(text, decimals)
        except DulyError as error:
            raise _unfit(name, text, error.message) from None
        if not 0 <= minor <= 10_000 * 10**decimals:
            raise _unfit(name, text, "It is an amount from 0 to 10000.")
        return minor
    if name in _SHARES:
        least, most = _SHARES[name]
        try:
            share = Decimal(text)
        except InvalidOperation:
            raise _unfit(name, text, "It is a number.") from None
        if not (share.is_finite() and least <= share <= most):
            raise _unfit(name, text, f"It is a number from {least} to {most}.")
        return share
    if name in _DAYS:
        if not (text.isascii() and text.isdecimal() and int(text) <= _DAYS[name]):
            raise _unfit(name, text, f"It is a number of days up to {_DAYS[name]}.")
        return int(text)
    if name in _CHOICES:
        if text not in _CHOICES[name]:
            raise _unfit(name, text, f"It is one of: {', '.join(_CHOICES[name])}.")
        return text
    raise _unfit(name, text, f"There is no such knob; there are {', '.join(KNOBS)}.")


def _unfit(name: str, text: str, why: str) -> KnobUnfit:
    return KnobUnfit(
        f"{name[:40]} can't be {text[:40]!r}. {why}",
        facts={"knob": name[:40], "value": text[:40]},
        remedy="Look at `duly matching`.",
    )
