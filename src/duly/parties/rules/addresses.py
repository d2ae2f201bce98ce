"""Postal addresses: the lines of a letter, and the parts that payments carry.

Source: Swiss Payment Standards, structured addresses (ISO 20022): street, building number, postal
code, town and country stand apart. Books keep an address as people write it, so it is taken apart
here; what can't be told apart for sure is not guessed.
"""

import re
from typing import NamedTuple

from duly.kernel.locales import LANGUAGES, country_name

_FIRST = re.compile(
    r"(?:[A-Z]{1,3}-)?"
    r"(?P<code>[0-9]{4} ?[A-Z]{2}|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{4,6})"
    r" (?P<town>[^\W\d].*)"
)
_BRITISH = r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
_AMERICAN = r"[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?|[A-Z]{2} [A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"
_LAST = re.compile(rf"(?P<town>[^\W\d][^\d]*?),? (?P<code>{_BRITISH}|{_AMERICAN})")
_CODE = re.compile(rf"{_BRITISH}|{_AMERICAN}|[0-9]{{4,6}}")
_BUILDING = re.compile(
    r"(?P<street>.*[^\W\d].*?) (?P<building>[0-9]+ ?[A-Za-z]?(?: ?[-/] ?[0-9]+ ?[A-Za-z]?)?)"
)


class Address(NamedTuple):
    """The parts of an address; street and building may be empty."""

    street: str
    building: str
    postcode: str
    town: str
    country: str


def address_lines(address: str) -> list[str]:
    """The lines of an address: as it is broken, or else at its commas."""
    parts = address.splitlines() if "\n" in address else address.split(", ")
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def structured(address: str, country: str) -> Address | None:
    """An address taken apart; None without country, or where no line has postal code and town.

    The street is the line above the town. What stands higher (a building, care of) has no place.

    >>> structured("Bahnhofstrasse 12a, 8001 Zürich", "CH")
    Address(street='Bahnhofstrasse', building='12a', postcode='8001', town='Zürich', country='CH')
    >>> structured("Postfach\\nCH-3001 Bern\\nSwitzerland", "CH")[:4]
    ('Postfach', '', '3001', 'Bern')
    >>> structured("28 High Street, London, SW1A 1AA", "GB")[:4]
    ('28 High Street', '', 'SW1A 1AA', 'London')
    >>> structured("28 High Street, Leeds", "GB"), structured("", "CH")
    (None, None)
    """
    lines = address_lines(address)
    if len(country) != 2:
        return None
    if lines and lines[-1].casefold() in _names(country):
        lines.pop()
    for at in range(len(lines) - 1, -1, -1):
        found = _FIRST.fullmatch(lines[at]) or _LAST.fullmatch(lines[at])
        if found:
            return Address(*_street(lines[:at]), found["code"], found["town"].strip(), country)
        if at and _CODE.fullmatch(lines[at]) and not any(map(str.isdecimal, lines[at - 1])):
            return Address(*_street(lines[: at - 1]), lines[at], lines[at - 1], country)
    return None


def _names(country: str) -> set[str]:
    named = {country_name(country, language).casefold() for language in (*LANGUAGES, "it")}
    return named | {country.casefold()}


def _street(above: list[str]) -> tuple[str, str]:
    line = above[-1] if above else ""
    found = _BUILDING.fullmatch(line)
    return (found["street"].rstrip(","), found["building"]) if found else (line, "")
