"""What is known of a subject, as a person or a file told it, held against the card."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from duly.credit.errors import ScoreFactsUnfit
from duly.credit.rules.prohibited import refuse_prohibited
from duly.credit.rules.scorecards import CHOICE, NO, YES, Card, Factor, Factors, Value
from duly.kernel.quoting import safe_text

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?", re.ASCII)
_MOST = Decimal("1e18")


def read_facts(document: object, card: Card) -> dict[str, Value]:
    """The factors of a document `{"factors": {name: value}}`; null is not known.

    Refuses: ScoreFactsUnfit (naming the place), ProhibitedBasis.
    """
    if not isinstance(document, Mapping):
        raise _unfit("", "It is an object with `factors`.", document)
    for name in document:
        if name != "factors":
            raise _unfit(safe_text(name), "There is only `factors`.", name)
    told = document.get("factors")
    if not isinstance(told, Mapping):
        raise _unfit("factors", "It is an object of names and values.", told)
    refuse_prohibited(told)
    known: dict[str, Value] = {}
    for name, value in told.items():
        if name not in card.inputs:
            raise _unfit(
                f"factors.{safe_text(name)}",
                f"The card knows no such factor; it knows {', '.join(sorted(card.inputs))}.",
                name,
            )
        if value is not None:
            known[name] = _value(card, name, value)
    return known


def known_of(card: Card, factors: Factors) -> dict[str, Value]:
    """Those of many facts that a card looks at."""
    return {name: value for name, value in factors.items() if name in card.inputs}


def _value(card: Card, name: str, value: Any) -> Value:
    place = f"factors.{safe_text(name)}"
    factor = next((factor for factor in card.factors if factor.id == name), None)
    if factor is not None:
        return (
            _choice(factor, value, place)
            if factor.kind == CHOICE
            else _number(value, place, factor.least, factor.most)
        )
    if any(zero.input == name for zero in card.zeros):
        return _number(value, place, Decimal(0), None)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str) and value in {YES, NO}:
        return value
    raise _unfit(place, "It is true or false.", value)


def _choice(factor: Factor, value: Any, place: str) -> str:
    choices = [str(step.bound) for step in factor.steps]
    if set(choices) == {YES, NO}:
        if isinstance(value, bool):
            return YES if value else NO
        choices = ["true", "false"]
    elif isinstance(value, str) and value in choices:
        return value
    raise _unfit(place, f"It is one of {', '.join(choices)}.", value)


def _number(value: Any, place: str, least: Decimal | None, most: Decimal | None) -> Decimal:
    text = "" if isinstance(value, bool) else str(value)
    if not isinstance(value, int | str | Decimal) or not _NUMBER.fullmatch(text[:64]):
        raise _unfit(place, "It is a number.", value)
    number = Decimal(text)
    low, high = -_MOST if least is None else least, _MOST if most is None else most
    if not low <= number <= high:
        raise _unfit(place, f"It is a number from {low:f} to {high:f}.", value)
    return number


def _unfit(place: str, rule: str, value: object) -> ScoreFactsUnfit:
    return ScoreFactsUnfit(
        f"{place or 'The document'} can't be {safe_text(value)!r}. {rule}",
        facts={"where": place, "value": safe_text(value)},
        remedy="Mend that place; leave out what is not known.",
    )
