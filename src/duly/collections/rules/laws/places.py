"""Where a law holds: everywhere, the European Union, a country, or a part of one."""

import re
from functools import cache

from babel.core import get_global

EVERYWHERE, UNION = "*", "EU"
_NOWHERE = "ZZ"  # CLDR's zones that belong to no country
_UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_PART = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,3})")
_PARTS = {
    "GB": frozenset(["ENG", "SCT", "WLS", "NIR"]),
    "AU": frozenset(["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"]),
    "CA": frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"]),
    "US": frozenset(
        [
            "AK",
            "AL",
            "AR",
            "AZ",
            "CA",
            "CO",
            "CT",
            "DC",
            "DE",
            "FL",
            "GA",
            "HI",
            "IA",
            "ID",
            "IL",
            "IN",
            "KS",
            "KY",
            "LA",
            "MA",
            "MD",
            "ME",
            "MI",
            "MN",
            "MO",
            "MS",
            "MT",
            "NC",
            "ND",
            "NE",
            "NH",
            "NJ",
            "NM",
            "NV",
            "NY",
            "OH",
            "OK",
            "OR",
            "PA",
            "PR",
            "RI",
            "SC",
            "SD",
            "TN",
            "TX",
            "UT",
            "VA",
            "VT",
            "WA",
            "WI",
            "WV",
            "WY",
        ]
    ),
}


@cache
def is_place(text: str) -> bool:
    """Tell whether a place is known; of parts of a country those whose list we have.

    >>> is_place("EU"), is_place("US-CA"), is_place("US-XX"), is_place("ES-CT"), is_place("ZZ")
    (True, True, False, True, False)
    """
    if text in (EVERYWHERE, UNION):
        return True
    part = _PART.fullmatch(text)
    country = part.group(1) if part else text
    if len(country) != 2 or country == _NOWHERE or country not in get_global("territory_zones"):
        return False
    return part is None or part.group(2) in _PARTS.get(country, {part.group(2)})


@cache
def covers(place: str, where: str) -> bool:
    """Tell whether what holds in a place holds where somebody is.

    >>> covers("EU", "DE"), covers("US", "US-CA"), covers("US-CA", "US"), covers("*", "")
    (True, True, False, True)
    """
    if place == EVERYWHERE:
        return True
    country = where[:2]
    if place == UNION:
        return country in _UNION
    return place in (where, country)


def is_part_of(place: str, where: str) -> bool:
    """Tell whether a place is a part of the country that is all we know of somebody.

    >>> is_part_of("GB-SCT", "GB"), is_part_of("GB-SCT", "GB-ENG")
    (True, False)
    """
    return len(where) == 2 and place.startswith(f"{where}-")


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Every time zone of a country.

    >>> zones_of("DE")
    ('Europe/Berlin', 'Europe/Busingen')
    """
    return tuple(get_global("territory_zones").get(country, ()))
