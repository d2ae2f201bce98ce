"""The time zone of a country, where it has one that anybody would take."""

from functools import cache

from babel.core import get_global

# Countries of several zones: the one meant where none is named (CLDR, primaryZones), else that of
# most people.
_PRIMARY = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


@cache
def zone_of(country: str) -> str:
    """The zone of a country by its two letters; "" where none is known.

    >>> zone_of("GB"), zone_of("ES"), zone_of("US"), zone_of("")
    ('Europe/London', 'Europe/Madrid', 'America/New_York', '')
    """
    if country in _PRIMARY:
        return _PRIMARY[country]
    zones = get_global("territory_zones").get(country, ())
    return zones[0] if len(zones) == 1 else ""


def zone_there(own: str, country: str, ours: str) -> str:
    """Where somebody is: in the zone told of them, else in their country's, else where we are.

    >>> zone_there("", "JP", "UTC"), zone_there("", "", "UTC")
    ('Asia/Tokyo', 'UTC')
    """
    return own or zone_of(country) or ours
