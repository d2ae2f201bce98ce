"""The time zone of a country, where it has one that anybody would take."""

from functools import cache

from babel.core import get_global

# Countries of several zones of which one is meant where none is named: CLDR, primaryZones.
_PRIMARY = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@cache
def zone_of(country: str) -> str:
    """The zone of a country by its two letters; "" where it has several, or is not known.

    >>> zone_of("GB"), zone_of("ES"), zone_of("US"), zone_of("")
    ('Europe/London', 'Europe/Madrid', '', '')
    """
    if country in _PRIMARY:
        return _PRIMARY[country]
    zones = get_global("territory_zones").get(country, ())
    return zones[0] if len(zones) == 1 else ""


def zone_there(own: str, country: str, ours: str) -> str:
    """Where somebody is: in the zone told of them, else in their country's, else where we are.

    >>> zone_there("", "JP", "UTC"), zone_there("", "US", "UTC")
    ('Asia/Tokyo', 'UTC')
    """
    return own or zone_of(country) or ours
