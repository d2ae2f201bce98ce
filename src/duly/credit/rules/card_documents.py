"""Scorecards as documents: read with care, for a person or a file wrote them, and written again."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from duly.credit.errors import CardUnfit
from duly.credit.rules.prohibited import refuse_prohibited
from duly.credit.rules.scorecards import (
    CHOICE,
    KINDS,
    NO,
    UP_TO,
    YES,
    Calibration,
    Cap,
    Card,
    Factor,
    Gate,
    Step,
    Value,
    Zero,
)
from duly.kernel.quoting import CONTROLS, safe_text

MOST_FACTORS, MOST_STEPS, LONGEST_NAME, LONGEST_TITLE = 60, 200, 160, 200
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)
_CARD_FIELDS = {"id", "title", "version", "factors", "bands", "caps", "gates", "zeros"}
_FACTOR_FIELDS = {"id", "title", "kind", "steps", "group", "unit", "missing", "least", "most"}


def read_card(document: object) -> Card:
    """The card of a document. Refuses: CardUnfit, ProhibitedBasis."""
    told = _object(document, "card", _CARD_FIELDS | {"calibration"})
    factors = tuple(
        _factor(one, f"factors[{n}]")
        for n, one in enumerate(_list(told.get("factors"), "factors", MOST_FACTORS))
    )
    card = Card(
        id=_name(told.get("id"), "id"),
        title=_text(told.get("title", ""), "title"),
        version=_name(told.get("version"), "version"),
        factors=factors,
        bands=_bands(told.get("bands")),
        caps=tuple(
            Cap(_number(one.get("known_below"), place), _text(one.get("band"), place))
            for place, one in _objects(told, "caps", {"known_below", "band"})
        ),
        gates=tuple(
            Gate(
                _name(one.get("input"), place),
                tuple(_text(v, place) for v in _list(one.get("values"), place, MOST_STEPS)),
                _text(one.get("why"), place),
            )
            for place, one in _objects(told, "gates", {"input", "values", "why"})
        ),
        zeros=tuple(
            Zero(
                _name(one.get("input"), place),
                _number(one.get("above"), place),
                _name(one.get("factor"), place),
            )
            for place, one in _objects(told, "zeros", {"input", "above", "factor"})
        ),
        calibration=_calibration(told.get("calibration")),
    )
    _refuse_senseless(card)
    refuse_prohibited(sorted(card.inputs))
    refuse_prohibited(factor.title for factor in card.factors)
    return card


def write_card(card: Card) -> dict[str, Any]:
    """The document of a card: what `read_card` reads again."""
    return {
        "id": card.id,
        "title": card.title,
        "version": card.version,
        "factors": [_written_factor(factor) for factor in card.factors],
        "bands": [[band, plain(least)] for band, least in card.bands],
        "caps": [{"known_below": plain(cap.known_below), "band": cap.band} for cap in card.caps],
        "gates": [{**gate._asdict(), "values": list(gate.values)} for gate in card.gates],
        "zeros": [{**zero._asdict(), "above": plain(zero.above)} for zero in card.zeros],
        "calibration": card.calibration
        and {name: plain(value) for name, value in card.calibration._asdict().items()},
    }


def plain(value: Value) -> str:
    """A number in digits without zeros that say nothing; a choice as it is.

    >>> plain(Decimal("87.50")), plain(Decimal("1E+2")), plain("safe"), plain(Decimal("-0.0"))
    ('87.5', '100', 'safe', '0')
    """
    if isinstance(value, str):
        return value
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _written_factor(factor: Factor) -> dict[str, Any]:
    told: dict[str, Any] = {"id": factor.id, "title": factor.title, "kind": factor.kind}
    told["steps"] = [
        [None if step.bound is None else plain(step.bound), plain(step.points)]
        for step in factor.steps
    ]
    for name in ("group", "unit"):
        told |= {name: getattr(factor, name)} if getattr(factor, name) else {}
    for name in ("missing", "least", "most"):
        told |= {name: plain(value)} if (value := getattr(factor, name)) is not None else {}
    return told


def _factor(document: object, place: str) -> Factor:
    told = _object(document, place, _FACTOR_FIELDS)
    kind = told.get("kind")
    if kind not in KINDS:
        raise _unfit(f"{place}.kind", f"It is one of {', '.join(KINDS)}.", kind)
    factor = Factor(
        id=_name(told.get("id"), f"{place}.id"),
        title=_text(told.get("title") or told.get("id"), f"{place}.title"),
        kind=kind,
        steps=tuple(
            _step(one, kind, f"{place}.steps[{n}]")
            for n, one in enumerate(_list(told.get("steps"), f"{place}.steps", MOST_STEPS))
        ),
        group=_text(told.get("group", ""), f"{place}.group"),
        unit=_text(told.get("unit", ""), f"{place}.unit"),
        **{
            name: _number(told[name], f"{place}.{name}")
            for name in ("missing", "least", "most")
            if told.get(name) is not None
        },
    )
    _refuse_disorder(factor, place)
    return factor


def _step(document: object, kind: str, place: str) -> Step:
    told = _list(document, place, 2)
    if len(told) != 2:
        raise _unfit(place, "It is a bound and its points.", told)
    bound: Value | None = None
    if told[0] is not None:
        bound = _text(told[0], place) if kind == CHOICE else _number(told[0], place)
    points = _number(told[1], place)
    if not 0 <= points <= 1000:
        raise _unfit(place, "Points are from 0 to 1000.", told[1])
    return Step(bound, points)


def _refuse_disorder(factor: Factor, place: str) -> None:
    bounds = [step.bound for step in factor.steps]
    if factor.kind == CHOICE:
        if len(set(bounds)) != len(bounds) or None in bounds:
            raise _unfit(f"{place}.steps", "Each choice stands once.", len(bounds))
        return
    told = [bound for bound in bounds[:-1] if isinstance(bound, Decimal)]
    is_in_order = all(a < b if factor.kind == UP_TO else a > b for a, b in pairwise(told))
    if bounds[-1] is not None or len(told) != len(bounds) - 1 or not is_in_order:
        rule = "rise" if factor.kind == UP_TO else "fall"
        raise _unfit(f"{place}.steps", f"Bounds {rule}, and the last is null: the rest.", "")


def _bands(document: object) -> tuple[tuple[str, Decimal], ...]:
    rows = [_list(one, "bands", 2) for one in _list(document, "bands", 20)]
    if any(len(row) != 2 for row in rows):
        raise _unfit("bands", "Each is a name and from how many points on.", document)
    bands = tuple((_text(row[0], "bands"), _number(row[1], "bands")) for row in rows)
    bounds = [least for _, least in bands]
    if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0 or bounds[0] > 100:
        raise _unfit("bands", "They fall from at most 100 to 0, the best first.", document)
    if len({band for band, _ in bands}) != len(bands) or any(not 0 < len(b) <= 8 for b, _ in bands):
        raise _unfit("bands", "Each has a name of its own, of up to 8 characters.", document)
    return bands


def _calibration(document: object) -> Calibration | None:
    if document is None:
        return None
    told = _object(document, "calibration", {"at_zero", "per_point"})
    found = Calibration(*(_number(told.get(n), "calibration") for n in ("at_zero", "per_point")))
    if abs(found.at_zero) > 100 or not -10 <= found.per_point <= 0:
        raise _unfit("calibration", "More points are never more risk.", told)
    return found


def _refuse_senseless(card: Card) -> None:
    ids = [factor.id for factor in card.factors]
    if len(set(ids)) != len(ids):
        raise _unfit("factors", "Each factor stands once.", ids)
    if not any(factor.weight for factor in card.factors):
        raise _unfit("factors", "No factor gives any points.", "")
    names = {band for band, _ in card.bands}
    for cap in card.caps:
        if cap.band not in names:
            raise _unfit("caps", "It names a band of the card.", cap.band)
    for zero in card.zeros:
        if zero.factor not in ids:
            raise _unfit("zeros", "It names a factor of the card.", zero.factor)


def _objects(
    told: Mapping[str, Any], name: str, fields: set[str]
) -> list[tuple[str, Mapping[str, Any]]]:
    rows = told.get(name) or []
    if not rows:
        return []
    return [
        (f"{name}[{n}]", _object(one, f"{name}[{n}]", fields))
        for n, one in enumerate(_list(rows, name, MOST_FACTORS))
    ]


def _object(value: object, place: str, fields: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _unfit(place, "It is a JSON object.", value)
    for name in value:
        if name not in fields:
            raise _unfit(f"{place}.{safe_text(name)}", "There is no such field.", name)
    return value


def _list(value: object, place: str, most: int) -> Sequence[Any]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= most:
        raise _unfit(place, f"It is a list of 1 to {most}.", value)
    return value


def _name(value: object, place: str) -> str:
    text = _text(value, place)
    if not text or len(text) > LONGEST_NAME:
        raise _unfit(place, f"It is a name of 1 to {LONGEST_NAME} characters.", value)
    return text


def _text(value: object, place: str) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if not isinstance(value, str) or len(value) > LONGEST_TITLE or CONTROLS.search(value):
        raise _unfit(place, f"It is a text of up to {LONGEST_TITLE} characters.", value)
    return value


def _number(value: object, place: str) -> Decimal:
    text = "" if isinstance(value, bool) else str(value)
    if not isinstance(value, int | str | Decimal) or not _NUMBER.fullmatch(text[:80]):
        raise _unfit(place, "It is a number.", value)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _unfit(place, "It is a number.", value) from None


def _unfit(place: str, rule: str, value: object) -> CardUnfit:
    return CardUnfit(
        f"The card's {place} can't be {safe_text(value)!r}. {rule}",
        facts={"where": place, "value": safe_text(value)},
        remedy="Look at a card that can be meant: `duly credit card show standard`.",
    )
