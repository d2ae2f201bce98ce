"""Knobs of charging as a person writes them: read, checked, and made the terms of a month.

Rule: what a customer's own knobs say goes before its segment's, and that before the entity's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from duly.collections.errors import ChargingUnfit
from duly.collections.policy import NO_CHARGES, ChargingPolicy
from duly.collections.rules.charges.charging import Terms
from duly.collections.rules.charges.interest import DAY_COUNTS, Curves, Pricing
from duly.collections.rules.charges.laws import Law, law_named
from duly.collections.rules.charges.rates import RateTable
from duly.kernel.dates import parse_iso_date
from duly.kernel.errors import DulyError

OFF, TERMS, STATUTE = "off", "terms", "statute"
_CHOICES = {
    "basis": (OFF, TERMS, STATUTE),
    "party": ("business", "consumer"),
    "day_count": DAY_COUNTS,
}
_NUMBERS = {
    "rate": Decimal(100),
    "least": Decimal(10_000),
    "cap_percent": Decimal(100),
    "cap_share": Decimal(100),
}
KNOBS = (*_CHOICES, "law", "table", "signed_on", *_NUMBERS, "grace_days", "fixed_sums")


class Known(NamedTuple):
    """The laws and tables that there are, and the country whose law holds where none is named."""

    laws: Mapping[str, Law]
    tables: Mapping[str, RateTable]
    country: str


def read_charging(told: Mapping[str, str]) -> ChargingPolicy:
    """The policy with some knobs turned; "" leaves a knob as it comes. Refuses: ChargingUnfit.

    >>> read_charging({"basis": "statute", "law": "GB"}).law
    'GB'
    """
    values = {name: _read(name, text) for name, text in told.items() if text}
    return replace(NO_CHARGES, **values)


def written_charging(policy: ChargingPolicy) -> dict[str, str]:
    """{name: text} of every knob, as a person writes it."""
    told = {name: getattr(policy, name) for name in KNOBS}
    return {
        name: ""
        if value is None
        else str(value).lower()
        if value is True or value is False
        else str(value)
        for name, value in told.items()
    }


def terms_of(policy: ChargingPolicy, known: Known) -> Terms | None:
    """By what a customer is charged; None where nothing is: off, or a consumer by statute.

    Refuses: LawUnknown, ChargingUnfit.
    """
    cap = policy.cap_percent
    if policy.basis == STATUTE and policy.party == "business":
        law = law_named(known.laws, policy.law or known.country)
        if law.compounds:
            raise _unfit("law", law.id, "It compounds, and a run charges simple interest alone.")
        return Terms(
            f"statute {law.id}",
            Curves(law.pricing(known.tables, cap)),
            "365",
            policy.grace_days,
            0,
            policy.cap_share,
            law if policy.fixed_sums else None,
            "" if law.is_verified else f"law {law.id}",
        )
    if policy.basis != TERMS:
        return None
    if policy.signed_on is None:
        raise _unfit("basis", TERMS, "Say since when the terms are signed: signed_on=DATE.")
    if policy.table and policy.table not in known.tables:
        raise _unfit("table", policy.table, f"There are {', '.join(sorted(known.tables))}.")
    if not policy.table and policy.rate <= 0:
        raise _unfit("rate", str(policy.rate), "Signed terms name a yearly rate above zero.")
    table = known.tables[policy.table] if policy.table else None
    return Terms(
        f"terms of {policy.signed_on}",
        Curves(Pricing(policy.rate, table, Decimal(1), False, policy.day_count, cap)),
        policy.day_count,
        policy.grace_days,
        policy.signed_on.toordinal(),
        policy.cap_share,
        None,
        "",
    )


def _read(name: str, text: str) -> Any:
    if name in _CHOICES:
        if text not in _CHOICES[name]:
            raise _unfit(name, text, f"It is one of: {', '.join(_CHOICES[name])}.")
        return text
    if name in _NUMBERS:
        return _number(name, text)
    if name == "law":
        return text.upper()[:8]
    if name == "table":
        return text[:32]
    if name == "signed_on":
        return _day(name, text)
    if name == "grace_days":
        if not (text.isascii() and text.isdecimal() and int(text) <= 90):
            raise _unfit(name, text, "It is a number of days up to 90.")
        return int(text)
    if name == "fixed_sums":
        if text not in ("true", "false"):
            raise _unfit(name, text, "It is true or false.")
        return text == "true"
    raise _unfit(name, text, f"There is no such knob; there are {', '.join(KNOBS)}.")


def _number(name: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _unfit(name, text, "It is a number.") from None
    if not number.is_finite() or not 0 <= number <= _NUMBERS[name]:
        raise _unfit(name, text, f"It is a number from 0 to {_NUMBERS[name]}.")
    return number


def _day(name: str, text: str) -> date:
    try:
        return parse_iso_date(text)
    except DulyError as error:
        raise _unfit(name, text, error.message) from None


def _unfit(name: str, text: str, why: str) -> ChargingUnfit:
    return ChargingUnfit(
        f"{name[:40]} can't be {text[:40]!r}. {why}",
        facts={"knob": name[:40], "value": text[:40]},
        remedy="Look at `duly charge policy`; docs/charges.md tells what each knob does.",
    )
